"""Rules about stand-ins (代理): few rows; those not ended early are read whole and kept by their version."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from engine.domain.substitution import Substitution
from engine.store import settings
from engine.store.tables import substitute

VERSION = "substitute_version"
"""The setting that names the state of these rules: a process rereads them when it has changed."""
_NAMES = ("id", "principal", "person", "from_at", "until_at", "processes", "reason")


def every(connection: Connection) -> tuple[Substitution, ...]:
    """Give all rules that nobody has ended early, in order of their beginning."""
    query = select(*(substitute.c[n] for n in _NAMES)).where(substitute.c.ended_at.is_(None))
    return tuple(_rule(row) for row in connection.execute(query.order_by(substitute.c.from_at, substitute.c.id)))


def _rule(row: Any) -> Substitution:
    processes = None if row.processes is None else frozenset(row.processes)
    return Substitution(row.id, row.principal, row.person, row.from_at, row.until_at, processes, row.reason)


def lock(connection: Connection, principal: str) -> list[Substitution]:
    """Give somebody's rules; nobody else writes one until the transaction ends."""
    settings.moved_on(connection, VERSION)
    return [rule for rule in every(connection) if rule.principal == principal]


def add(connection: Connection, rule: Mapping[str, Any]) -> int:
    """Insert a rule; give its id."""
    ident = connection.execute(insert(substitute).values(**rule).returning(substitute.c.id)).scalar_one()
    settings.moved_on(connection, VERSION)
    return int(ident)


def end(connection: Connection, ident: int, at: datetime, by: str) -> bool:
    """End a rule early; say whether it was one that had not been ended."""
    ours = (substitute.c.id == ident, substitute.c.ended_at.is_(None))
    done = connection.execute(update(substitute).where(*ours).values(ended_at=at, ended_by=by)).rowcount == 1
    settings.moved_on(connection, VERSION)
    return done
