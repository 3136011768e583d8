"""Seal a day's histories under one hash, and check what was sealed against what stands there now.

A root is the hash of the root before it, the day and its leaves: per case that had events, the last event and its hash.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from engine.store.instances import GENESIS
from engine.store.tables import audit_leaf, audit_root, history, work_order
from engine.store.upsert import insert_new


@dataclass(frozen=True, slots=True)
class Unsealed:
    """What does not stand as it was sealed: a day whose root does not fit, or a case's event behind it."""

    day: str
    number: str = ""
    instance_id: int | None = None
    seq: int | None = None


def newest(connection: Connection) -> Row[Any] | None:
    """Give the last root (day, until, hash), or None before the first."""
    return connection.execute(select(audit_root).order_by(audit_root.c.day.desc()).limit(1)).one_or_none()


def seal(connection: Connection, day: str, until: datetime, at: datetime) -> str | None:
    """Seal everything since the last root up to a moment, UTC; give the root, or None when somebody else just sealed the day."""
    last = newest(connection)
    grown = _grown(connection, last.until if last is not None else None, until)
    root = _root(last.hash if last is not None else GENESIS, day, grown)
    if not insert_new(connection, audit_root, {"day": day, "until": until, "hash": root, "at": at}):
        return None
    if grown:
        leaves = [{"day": day, "instance_id": i, "seq": seq, "hash": mark} for i, seq, mark in grown]
        connection.execute(insert(audit_leaf), leaves)
    return root


def _grown(connection: Connection, since: datetime | None, until: datetime) -> list[tuple[int, int, str]]:
    within = history.c.at < until if since is None else (history.c.at >= since) & (history.c.at < until)
    ends = select(history.c.instance_id, func.max(history.c.seq).label("seq")).where(within)
    last = ends.group_by(history.c.instance_id).subquery()
    query = select(history.c.instance_id, history.c.seq, history.c.hash).join(
        last, (last.c.instance_id == history.c.instance_id) & (last.c.seq == history.c.seq)
    )
    return [(int(i), int(seq), str(mark)) for i, seq, mark in connection.execute(query.order_by(history.c.instance_id))]


def _root(previous: str, day: str, leaves: Iterable[tuple[int, int, str]]) -> str:
    digest = hashlib.sha256(f"{previous}|{day}".encode())
    for instance_id, seq, mark in leaves:
        digest.update(f"\n{instance_id}:{seq}:{mark}".encode())
    return digest.hexdigest()


def roots(connection: Connection) -> dict[str, str]:
    """Give every day's root, oldest first."""
    query = select(audit_root.c.day, audit_root.c.hash).order_by(audit_root.c.day)
    return {str(day): str(mark) for day, mark in connection.execute(query)}


def unsealed(connection: Connection) -> Iterator[Unsealed]:
    """Give the days whose root is not that of their leaves, then the events that are not what was sealed."""
    previous = GENESIS
    for day, mark in roots(connection).items():
        query = select(audit_leaf.c.instance_id, audit_leaf.c.seq, audit_leaf.c.hash).where(audit_leaf.c.day == day)
        leaves = connection.execute(query.order_by(audit_leaf.c.instance_id))
        if _root(previous, day, [tuple(leaf) for leaf in leaves]) != mark:
            yield Unsealed(day)
        previous = mark
    here = (history.c.instance_id == audit_leaf.c.instance_id) & (history.c.seq == audit_leaf.c.seq)
    joined = audit_leaf.outerjoin(history, here).outerjoin(
        work_order, work_order.c.instance_id == audit_leaf.c.instance_id
    )
    changed = select(audit_leaf.c.day, work_order.c.number, audit_leaf.c.instance_id, audit_leaf.c.seq)
    differs = history.c.hash.is_(None) | (history.c.hash != audit_leaf.c.hash)
    query = changed.select_from(joined).where(differs).order_by(audit_leaf.c.day, audit_leaf.c.instance_id)
    for row in connection.execute(query):
        known: Any = row.number
        yield Unsealed(row.day, known or "", row.instance_id, row.seq)
