"""Timer rows: the only truth about due moments."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from engine.store.database import each
from engine.store.tables import timer

_INSERT = insert(timer)
_REMOVE = delete(timer).where(timer.c.instance_id == bindparam("b_instance"), timer.c.token_id == bindparam("b_token"))
_MOVE = update(timer).where(timer.c.id == bindparam("b_id")).values(due_at=bindparam("due_at"))
_WAITING = select(timer).where(timer.c.id == bindparam("id"), timer.c.state == "waiting")
_DUE = (
    select(timer.c.id, timer.c.instance_id)
    .where(timer.c.state == "waiting", timer.c.due_at <= bindparam("now"))
    .order_by(timer.c.due_at, timer.c.id)
    .limit(bindparam("most"))
)


def add(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert waiting timers."""
    connection.execute(_INSERT, each(rows))


def remove(connection: Connection, instance_id: int, tokens: Iterable[str]) -> None:
    """Delete the timers of tokens that wait no more."""
    connection.execute(_REMOVE, each({"b_instance": instance_id, "b_token": t} for t in tokens))


def get(connection: Connection, timer_id: int) -> Row[Any] | None:
    """Give a waiting timer, or None when it is gone."""
    return connection.execute(_WAITING, {"id": timer_id}).one_or_none()


def due(connection: Connection, now: datetime, limit: int) -> list[int]:
    """Give waiting timers whose moment has come, oldest first; of each case only the first.

    What that one brings about may fall due before the case's next: a cycle's missed turns come in order.
    """
    first: dict[int, int] = {}
    for ident, instance_id in connection.execute(_DUE, {"now": now, "most": limit}):
        first.setdefault(instance_id, ident)
    return list(first.values())


def next_due(connection: Connection) -> datetime | None:
    """Give the earliest due moment of all waiting timers."""
    return connection.execute(select(func.min(timer.c.due_at)).where(timer.c.state == "waiting")).scalar()


def move(connection: Connection, instance_id: int, host: str, role: str, due_at: datetime) -> int:
    """Move the timers that follow a task's limit; give how many there are."""
    ours = (timer.c.instance_id == instance_id, timer.c.host == host, timer.c.role == role)
    return connection.execute(update(timer).where(*ours).values(due_at=due_at)).rowcount


def rest(connection: Connection, instance_id: int) -> None:
    """Let the timers of a case rest until it goes on."""
    ours = timer.c.instance_id == instance_id, timer.c.state == "waiting"
    connection.execute(update(timer).where(*ours).values(state="paused"))


def resting(connection: Connection, instance_id: int) -> list[Row[Any]]:
    """Give the timers of a case that rest."""
    return _in_state(connection, instance_id, "paused")


def waiting_of(connection: Connection, instance_id: int) -> list[Row[Any]]:
    """Give the timers of a case that wait for their moment."""
    return _in_state(connection, instance_id, "waiting")


def _in_state(connection: Connection, instance_id: int, state: str) -> list[Row[Any]]:
    ours = timer.c.instance_id == instance_id, timer.c.state == state
    return list(connection.execute(select(timer).where(*ours).order_by(timer.c.id)))


def wake(connection: Connection, instance_id: int, moved: Mapping[int, datetime]) -> None:
    """Let the timers of a case wait again, some of them for another moment (by timer)."""
    if moved:
        connection.execute(_MOVE, each({"b_id": ident, "due_at": at} for ident, at in moved.items()))
    ours = timer.c.instance_id == instance_id, timer.c.state == "paused"
    connection.execute(update(timer).where(*ours).values(state="waiting"))


def next_turn(
    connection: Connection, timer_id: int, token_id: str, due_at: datetime, due_from: datetime, remaining: int | None
) -> None:
    """Let a cycle wait for its next moment, counted from `due_from`, under a fresh token."""
    values = {"token_id": token_id, "due_at": due_at, "due_from": due_from, "remaining": remaining}
    connection.execute(update(timer).where(timer.c.id == timer_id).values(**values))


def set_aside(connection: Connection, timer_id: int) -> None:
    """Keep a timer that failed from being fired again; an incident tells an admin."""
    connection.execute(update(timer).where(timer.c.id == timer_id).values(state="failed"))


def retry(connection: Connection, timer_id: int, *, paused: bool = False) -> bool:
    """Let a timer that was set aside fire again, in a paused case once that goes on; say whether it still was."""
    aside, state = (timer.c.id == timer_id, timer.c.state == "failed"), "paused" if paused else "waiting"
    return connection.execute(update(timer).where(*aside).values(state=state)).rowcount == 1
