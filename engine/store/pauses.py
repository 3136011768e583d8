"""Pauses of cases: at most one open at a time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from engine.store.tables import pause

_OPEN = select(pause).where(pause.c.instance_id == bindparam("instance"), pause.c.ended_at.is_(None))
_WAITS = (pause.c.ended_at.is_(None), pause.c.reviewed_at.is_(None))


def add(connection: Connection, values: Mapping[str, Any]) -> None:
    """Insert an open pause."""
    connection.execute(insert(pause), dict(values))


def open_of(connection: Connection, instance_id: int) -> Row[Any] | None:
    """Give the open pause of an instance, or None."""
    return connection.execute(_OPEN, {"instance": instance_id}).one_or_none()


def end(connection: Connection, instance_id: int, at: datetime, by: str, note: str = "") -> None:
    """End the open pause of an instance, if there is one."""
    ours = pause.c.instance_id == instance_id, pause.c.ended_at.is_(None)
    connection.execute(update(pause).where(*ours).values(ended_at=at, ended_by=by, note=note))


def ended_of(connection: Connection, instances: Sequence[int]) -> list[Row[Any]]:
    """Give the pauses of some instances that are over, oldest first."""
    query = select(pause).where(pause.c.instance_id.in_(list(instances)), pause.c.ended_at.is_not(None))
    return list(connection.execute(query.order_by(pause.c.ended_at)))


def to_review(connection: Connection, now: datetime, limit: int) -> list[int]:
    """Give open pauses whose review date has come and was not told yet, oldest first."""
    query = select(pause.c.id).where(*_WAITS, pause.c.review_at <= now).order_by(pause.c.review_at).limit(limit)
    return [int(i) for i in connection.execute(query).scalars()]


def next_review(connection: Connection) -> datetime | None:
    """Give the earliest review date still to come or to be told."""
    return connection.execute(select(func.min(pause.c.review_at)).where(*_WAITS)).scalar()


def get(connection: Connection, pause_id: int) -> Row[Any] | None:
    """Give a pause, or None."""
    return connection.execute(select(pause).where(pause.c.id == pause_id)).one_or_none()


def reviewed(connection: Connection, pause_id: int, at: datetime) -> None:
    """Remember that its review date was told."""
    connection.execute(update(pause).where(pause.c.id == pause_id).values(reviewed_at=at))
