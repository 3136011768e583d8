"""Pauses and extensions as people ask about them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine.domain.procedure import Procedure
from engine.executor import Context
from engine.steps.asking import why_not
from engine.store import extensions, pauses
from engine.store.instances import TaskRow
from engine.store.tables import extension


@dataclass(frozen=True, slots=True)
class PauseView:
    """An order stands still: since when, through whom, why, and when that is to be looked at again."""

    since: datetime
    by: str
    reason: str
    kind: str
    review_at: datetime | None


@dataclass(frozen=True, slots=True)
class ExtensionView:
    """More time for a task: asked for, granted, refused or withdrawn."""

    id: int
    task_id: int
    asked_at: datetime
    asked_by: str
    limit: str
    reason: str
    state: str
    decided_by: str | None
    note: str


@dataclass(frozen=True, slots=True)
class ExtensionsOf:
    """Every extension of a task, oldest first."""

    task_id: int

    def read(self, ctx: Context) -> list[ExtensionView]:
        """Give them; none for a task that does not exist."""
        query = select(extension).where(extension.c.user_task_id == self.task_id).order_by(extension.c.id)
        return [_view(row) for row in ctx.connection.execute(query)]


def pause_of(ctx: Context, instance_id: int) -> PauseView | None:
    """Give the open pause of an instance, None while it runs."""
    row = pauses.open_of(ctx.connection, instance_id)
    return row and PauseView(row.started_at, row.started_by, row.reason, row.kind, row.review_at)


def requests_of(ctx: Context, instance_id: int) -> dict[int, ExtensionView]:
    """Give the requests of a case that wait for a decision, by task."""
    return {row.user_task_id: _view(row) for row in extensions.open_of(ctx.connection, instance_id)}


def unaskable(
    ctx: Context, procedure: Procedure, tasks: Sequence[TaskRow], pause: PauseView | None, asked: Collection[int]
) -> dict[int, str]:
    """Give why nobody may ask for more time, by task, for those open tasks of a case on which that is so."""
    now = pause.since if pause else ctx.now
    counted = [task.id for task in tasks] if procedure.most_extensions is not None else []
    granted = extensions.granted_counts(ctx.connection, counted) if counted else {}
    found = {task.id: why_not(procedure, task, now, asked=task.id in asked, granted=granted) for task in tasks}
    return {task: str(refusal) for task, refusal in found.items() if refusal is not None}


def _view(row: Any) -> ExtensionView:
    names = "id user_task_id asked_at asked_by limit_text reason state decided_by note"
    return ExtensionView(*(getattr(row, name) for name in names.split()))
