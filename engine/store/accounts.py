"""Passwords' hashes, failed tries, and the sessions people are logged in with."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, exists, insert, select, update

from engine.domain.accounts import LOCKED_FOR, TRIES
from engine.domain.actors import Actor
from engine.store.tables import account, app_session, membership, person
from engine.store.upsert import upsert

_VISIT = (
    select(
        person.c.id,
        person.c.name,
        account.c.must_change,
        app_session.c.seen_at,
        membership.c.unit,
        membership.c.role,
    )
    .join_from(app_session, person, app_session.c.person == person.c.id)
    .join(account, account.c.person == person.c.id)
    .outerjoin(membership, membership.c.person == person.c.id)
    .where(
        app_session.c.id == bindparam("id"),
        app_session.c.expires_at > bindparam("now"),
        app_session.c.seen_at > bindparam("idle_since"),
        person.c.active.is_(True),
    )
)


@dataclass(frozen=True, slots=True)
class Credential:
    """What is known of an account's password."""

    person: str
    name: str
    active: bool
    password_hash: str
    must_change: bool
    failed: int
    locked_until: datetime | None

    def may_enter(self, now: datetime) -> bool:
        """Whether the door is open to the right password."""
        return self.active and not self.is_locked(now)

    def is_locked(self, now: datetime) -> bool:
        """Whether too many wrong tries have shut it."""
        return self.locked_until is not None and self.locked_until > now


@dataclass(frozen=True, slots=True)
class Visit:
    """A session in use: who it is, and what they must do first."""

    actor: Actor
    must_change: bool
    seen_at: datetime


def credential(connection: Connection, ident: str, *, lock: bool = False) -> Credential | None:
    """Give an account's credential, or None where the person has no password."""
    columns = [account.c[n] for n in ("password_hash", "must_change", "failed", "locked_until")]
    query = (
        select(person.c.id, person.c.name, person.c.active, *columns)
        .join_from(account, person, account.c.person == person.c.id)
        .where(person.c.id == ident)
    )
    row = connection.execute(query.with_for_update(of=account) if lock else query).one_or_none()
    return Credential(*row) if row is not None else None


def put_password(connection: Connection, ident: str, password_hash: str, must_change: bool, at: datetime) -> None:
    """Keep a password's hash; earlier failures are forgotten."""
    row = {
        "person": ident,
        "password_hash": password_hash,
        "must_change": must_change,
        "failed": 0,
        "locked_until": None,
        "changed_at": at,
    }
    upsert(connection, account, [row])


def count_failure(connection: Connection, ident: str, now: datetime) -> bool:
    """Count a wrong try; say whether it was the one that shuts the door. While it is shut nothing is counted."""
    ours = account.c.person == ident
    shut = account.c.locked_until.is_not(None) & (account.c.locked_until > now)
    counted = update(account).where(ours, ~shut).values(failed=account.c.failed + 1).returning(account.c.failed)
    failed = connection.execute(counted).scalar()
    if failed is None or failed < TRIES:
        return False
    connection.execute(update(account).where(ours).values(failed=0, locked_until=now + LOCKED_FOR))
    return True


def forget_failures(connection: Connection, ident: str) -> None:
    """Start counting anew."""
    connection.execute(update(account).where(account.c.person == ident).values(failed=0, locked_until=None))


def open_session(connection: Connection, ident: str, who: str, now: datetime, lifetime: timedelta) -> None:
    """Insert a session."""
    values = {"id": ident, "person": who, "created_at": now, "seen_at": now, "expires_at": now + lifetime}
    connection.execute(insert(app_session), values)


def visit(connection: Connection, ident: str, now: datetime, idle: timedelta) -> Visit | None:
    """Give the visit of a live session of an active person, or None."""
    rows = connection.execute(_VISIT, {"id": ident, "now": now, "idle_since": now - idle}).all()
    if not rows:
        return None
    memberships = frozenset((r.unit, r.role) for r in rows if r.unit is not None)
    return Visit(Actor(rows[0].id, rows[0].name, memberships), rows[0].must_change, rows[0].seen_at)


def touch_session(connection: Connection, ident: str, now: datetime) -> None:
    """Note that a session is in use."""
    connection.execute(update(app_session).where(app_session.c.id == ident).values(seen_at=now))


def close_session(connection: Connection, ident: str) -> None:
    """End one session."""
    connection.execute(delete(app_session).where(app_session.c.id == ident))


def close_sessions_of(connection: Connection, who: str) -> int:
    """End every session of a person; give how many there were."""
    return connection.execute(delete(app_session).where(app_session.c.person == who)).rowcount


def drop_dead_sessions(connection: Connection, who: str, now: datetime, idle: timedelta) -> None:
    """Remove a person's sessions that have run out."""
    dead = (app_session.c.expires_at <= now) | (app_session.c.seen_at <= now - idle)
    connection.execute(delete(app_session).where(app_session.c.person == who, dead))


def without_password(connection: Connection, limit: int) -> list[str]:
    """Give active people who cannot log in because nobody has given them a password."""
    missing = ~exists().where(account.c.person == person.c.id)
    query = select(person.c.id).where(person.c.active.is_(True), missing).order_by(person.c.id).limit(limit)
    return list(connection.execute(query).scalars())
