"""Slips: written reminders of a task, their answers, and those nobody answered in time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from engine.store.tables import slip, user_task

URGE, SUPERVISE = "urge", "supervise"
_AWAITED = (slip.c.answered_at.is_(None), slip.c.told_at.is_(None))


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
    """Give the slips of a case with the name of their task and whether it is open, oldest first."""
    query = select(slip, user_task.c.name, user_task.c.state).join(user_task, user_task.c.id == slip.c.user_task_id)
    return list(connection.execute(query.where(slip.c.instance_id == instance_id).order_by(slip.c.id)))


def awaited(connection: Connection, tasks: Sequence[int]) -> dict[int, datetime]:
    """Give until when the first unanswered slip of each task wants its answer, by task; those without are left out."""
    ours = slip.c.user_task_id.in_(list(tasks)), slip.c.answered_at.is_(None)
    query = select(slip.c.user_task_id, func.min(slip.c.answer_by)).where(*ours).group_by(slip.c.user_task_id)
    return {int(task): at for task, at in connection.execute(query)}


def answer(connection: Connection, slip_id: int, by: str, at: datetime, text: str) -> bool:
    """Write the answer of a slip; say whether it still had none."""
    ours = slip.c.id == slip_id, slip.c.answered_at.is_(None)
    values = {"answered_by": by, "answered_at": at, "answer": text}
    return connection.execute(update(slip).where(*ours).values(**values)).rowcount == 1


def overdue(connection: Connection, now: datetime, limit: int) -> list[int]:
    """Give slips whose answer should have come and whose issuer was not told yet, oldest first."""
    query = select(slip.c.id).where(*_AWAITED, slip.c.answer_by <= now).order_by(slip.c.answer_by).limit(limit)
    return [int(i) for i in connection.execute(query).scalars()]


def next_overdue(connection: Connection) -> datetime | None:
    """Give the earliest moment at which an answer is wanted."""
    return connection.execute(select(func.min(slip.c.answer_by)).where(*_AWAITED)).scalar()


def told(connection: Connection, slip_id: int, at: datetime) -> None:
    """Remember that its issuer was told."""
    connection.execute(update(slip).where(slip.c.id == slip_id).values(told_at=at))
