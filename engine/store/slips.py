"""Slips: written reminders of a task, their answers, and those nobody answered in time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, func, insert, select, update

from engine.store.database import each
from engine.store.tables import pause, slip, user_task

URGE, SUPERVISE = "urge", "supervise"
_STILL = exists().where(pause.c.instance_id == slip.c.instance_id, pause.c.ended_at.is_(None)).correlate(slip)
_AWAITED = (slip.c.answered_at.is_(None), slip.c.told_at.is_(None), ~_STILL)
_MOVE = update(slip).where(slip.c.id == bindparam("b_id")).values(answer_by=bindparam("answer_by"))


def add(connection: Connection, values: Mapping[str, Any]) -> int:
    """Insert a slip; give its id."""
    return int(connection.execute(insert(slip).returning(slip.c.id), dict(values)).scalar_one())


def get(connection: Connection, slip_id: int) -> Row[Any] | None:
    """Give a slip, or None."""
    return connection.execute(select(slip).where(slip.c.id == slip_id)).one_or_none()


def count(connection: Connection, instance_id: int, kind: str) -> int:
    """Say how many slips of a kind a case has had."""
    ours = slip.c.instance_id == instance_id, slip.c.kind == kind
    return int(connection.execute(select(func.count()).where(*ours)).scalar_one())


def last_issued(connection: Connection, user_task_id: int, kind: str, by: str) -> datetime | None:
    """Say when somebody last issued a slip of a kind for a task."""
    ours = slip.c.user_task_id == user_task_id, slip.c.kind == kind, slip.c.issued_by == by
    return connection.execute(select(func.max(slip.c.issued_at)).where(*ours)).scalar()


def of_case(connection: Connection, instance_id: int) -> list[Row[Any]]:
    """Give the slips of a case with the name of their task, whether it is open, and who ended it when, oldest first."""
    of_task = (user_task.c[name] for name in ("name", "state", "ended_by", "ended_at"))
    query = select(slip, *of_task).join(user_task, user_task.c.id == slip.c.user_task_id)
    return list(connection.execute(query.where(slip.c.instance_id == instance_id).order_by(slip.c.id)))


def awaited(connection: Connection, tasks: Sequence[int]) -> list[Row[Any]]:
    """Give the task, the kind and the moment of every unanswered slip of some tasks, the most pressing of each task first."""
    ours = slip.c.user_task_id.in_(list(tasks)), slip.c.answered_at.is_(None)
    query = select(slip.c.user_task_id, slip.c.kind, slip.c.answer_by).where(*ours)
    return list(connection.execute(query.order_by(slip.c.kind == URGE, slip.c.answer_by)))


def answer(connection: Connection, slip_id: int, by: str, at: datetime, text: str) -> bool:
    """Write the answer of a slip; say whether it still had none."""
    ours = slip.c.id == slip_id, slip.c.answered_at.is_(None)
    values = {"answered_by": by, "answered_at": at, "answer": text}
    return connection.execute(update(slip).where(*ours).values(**values)).rowcount == 1


def unanswered(connection: Connection, user_task_id: int, kind: str) -> list[Row[Any]]:
    """Give the slips of a kind of a task that nobody has answered, oldest first."""
    ours = slip.c.user_task_id == user_task_id, slip.c.kind == kind, slip.c.answered_at.is_(None)
    return list(connection.execute(select(slip).where(*ours).order_by(slip.c.id)))


def move(connection: Connection, moments: Mapping[int, datetime]) -> None:
    """Let the answers of slips be wanted by other moments."""
    if moments:
        connection.execute(_MOVE, each({"b_id": ident, "answer_by": at} for ident, at in moments.items()))


def overdue(connection: Connection, now: datetime, limit: int) -> list[int]:
    """Give slips whose answer should have come and whose issuer was not told yet, oldest first; none of a paused case."""
    query = select(slip.c.id).where(*_AWAITED, slip.c.answer_by <= now).order_by(slip.c.answer_by).limit(limit)
    return [int(i) for i in connection.execute(query).scalars()]


def next_overdue(connection: Connection) -> datetime | None:
    """Give the earliest moment at which an answer is wanted; those of paused cases wait."""
    query = select(slip.c.answer_by).where(*_AWAITED).order_by(slip.c.answer_by).limit(1)
    return connection.execute(query).scalar()


def told(connection: Connection, slip_id: int, at: datetime) -> None:
    """Remember that its issuer was told."""
    connection.execute(update(slip).where(slip.c.id == slip_id).values(told_at=at))
