"""Copies (抄送): who was shown a case besides those who work on it, and who has read it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select, update

from engine.store.tables import copied, recusal
from engine.store.upsert import insert_for

MOST_COUNTED = 100
"""A count of unread copies goes no further."""


def add(connection: Connection, instance_id: int, people: Sequence[str], by: str, at: datetime, note: str) -> set[str]:
    """Give people a copy of a case, each once for ever; give those who had none before."""
    if not people:
        return set()
    rows = [{"instance_id": instance_id, "person": p, "by": by, "at": at, "note": note} for p in people]
    fresh = insert_for(connection, copied).on_conflict_do_nothing(index_elements=["instance_id", "person"])
    return set(connection.execute(fresh.returning(copied.c.person), rows).scalars())


def read(connection: Connection, instance_id: int, who: str, at: datetime) -> bool:
    """Note that somebody has read their copy; say whether they had one they had not read."""
    unread = copied.c.instance_id == instance_id, copied.c.person == who, copied.c.read_at.is_(None)
    return connection.execute(update(copied).where(*unread).values(read_at=at)).rowcount == 1


def of_case(connection: Connection, instance_id: int) -> list[Row[Any]]:
    """Give the copies of a case (person, by, at, note, read_at), oldest first."""
    query = select(copied.c.person, copied.c.by, copied.c.at, copied.c.note, copied.c.read_at)
    return list(connection.execute(query.where(copied.c.instance_id == instance_id).order_by(copied.c.id)))


def unread_of(who: str) -> ColumnElement[int]:
    """Give the count of a person's unread copies, at most MOST_COUNTED, as part of a statement."""
    hidden = select(recusal.c.instance_id).where(recusal.c.person == who)
    mine = copied.c.person == who, copied.c.read_at.is_(None), copied.c.instance_id.not_in(hidden)
    unread = select(copied.c.id).where(*mine).limit(MOST_COUNTED)
    return select(func.count()).select_from(unread.subquery()).scalar_subquery()
