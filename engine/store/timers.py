"""Timer rows: the only truth about due moments."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from engine.store.tables import timer


def add(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert waiting timers."""
    connection.execute(insert(timer), [dict(r) for r in rows])


def remove(connection: Connection, instance_id: int, tokens: Iterable[str]) -> None:
    """Delete the timers of tokens that wait no more."""
    connection.execute(delete(timer).where(timer.c.instance_id == instance_id, timer.c.token_id.in_(list(tokens))))


def get(connection: Connection, timer_id: int) -> Row[Any] | None:
    """Give a waiting timer, or None when it is gone."""
    return connection.execute(select(timer).where(timer.c.id == timer_id, timer.c.state == "waiting")).one_or_none()


def due(connection: Connection, now: datetime, limit: int) -> list[tuple[int, datetime]]:
    """Give (id, due moment) of waiting timers whose moment has come, oldest first."""
    query = select(timer.c.id, timer.c.due_at).where(timer.c.state == "waiting", timer.c.due_at <= now)
    return [(r[0], r[1]) for r in connection.execute(query.order_by(timer.c.due_at, timer.c.id).limit(limit))]


def next_due(connection: Connection) -> datetime | None:
    """Give the earliest due moment of all waiting timers."""
    return connection.execute(select(func.min(timer.c.due_at)).where(timer.c.state == "waiting")).scalar()


def move(connection: Connection, instance_id: int, host: str, role: str, due_at: datetime) -> None:
    """Move the timers that follow a task's limit."""
    ours = (timer.c.instance_id == instance_id, timer.c.host == host, timer.c.role == role)
    connection.execute(update(timer).where(*ours).values(due_at=due_at))


def next_turn(connection: Connection, timer_id: int, token_id: str, due_at: datetime, remaining: int | None) -> None:
    """Let a cycle wait for its next moment under a fresh token."""
    values = {"token_id": token_id, "due_at": due_at, "remaining": remaining}
    connection.execute(update(timer).where(timer.c.id == timer_id).values(**values))


def set_aside(connection: Connection, timer_id: int) -> None:
    """Keep a timer that failed from being fired again; an incident tells an admin."""
    connection.execute(update(timer).where(timer.c.id == timer_id).values(state="failed"))
