"""Pauses and extensions as people ask about them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine.executor import Context
from engine.store import extensions, pauses
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


def _view(row: Any) -> ExtensionView:
    names = "id user_task_id asked_at asked_by limit_text reason state decided_by note"
    return ExtensionView(*(getattr(row, name) for name in names.split()))
