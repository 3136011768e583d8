"""Extensions of user tasks: asked for, granted, refused, withdrawn."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from engine.store.tables import extension, user_task

ASKED, GRANTED, REFUSED, WITHDRAWN = "asked", "granted", "refused", "withdrawn"


def add(connection: Connection, values: Mapping[str, Any]) -> int:
    """Insert an extension; give its id."""
    return int(connection.execute(insert(extension).returning(extension.c.id), dict(values)).scalar_one())


def get(connection: Connection, extension_id: int) -> Row[Any] | None:
    """Give an extension, or None."""
    return connection.execute(select(extension).where(extension.c.id == extension_id)).one_or_none()


def asked_for(connection: Connection, task_id: int) -> Row[Any] | None:
    """Give the request of a task that nobody has decided yet, or None."""
    ours = extension.c.user_task_id == task_id, extension.c.state == ASKED
    return connection.execute(select(extension).where(*ours)).one_or_none()


def granted_counts(connection: Connection, tasks: Sequence[int]) -> dict[int, int]:
    """Say how often the limits of some tasks were extended, by task; those that never were are left out."""
    ours = extension.c.user_task_id.in_(list(tasks)), extension.c.state == GRANTED
    query = select(extension.c.user_task_id, func.count()).where(*ours).group_by(extension.c.user_task_id)
    return {int(task): int(n) for task, n in connection.execute(query)}


def decide(connection: Connection, extension_id: int, state: str, values: Mapping[str, Any]) -> bool:
    """Let a request that is still open become granted, refused or withdrawn; say whether it still was."""
    ours = extension.c.id == extension_id, extension.c.state == ASKED
    return connection.execute(update(extension).where(*ours).values(state=state, **values)).rowcount == 1


def granted_to(connection: Connection, tasks: Sequence[int]) -> list[Row[Any]]:
    """Give the extensions granted to some tasks, in the order they were granted."""
    ours = extension.c.user_task_id.in_(list(tasks)), extension.c.state == GRANTED
    return list(connection.execute(select(extension).where(*ours).order_by(extension.c.decided_at, extension.c.id)))


def open_of(connection: Connection, instance_id: int) -> list[Row[Any]]:
    """Give the requests of a case that wait for a decision: those of its open tasks."""
    query = select(extension).join(user_task, user_task.c.id == extension.c.user_task_id)
    ours = extension.c.instance_id == instance_id, extension.c.state == ASKED, user_task.c.state == "open"
    return list(connection.execute(query.where(*ours).order_by(extension.c.id)))


def granted(task_id: int, instance_id: int, by: str, at: datetime, limit: str, reason: str) -> dict[str, Any]:
    """Give the row of an extension that nobody had to ask for."""
    return {
        "instance_id": instance_id,
        "user_task_id": task_id,
        "asked_at": at,
        "asked_by": by,
        "limit_text": limit,
        "reason": reason,
        "state": GRANTED,
        "decided_at": at,
        "decided_by": by,
        "note": "",
    }
