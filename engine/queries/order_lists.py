"""Lists of work orders: what I have started, page by page."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, select

from engine.executor import Context
from engine.queries.lists import PAGE, Filters, newest_first
from engine.store.recusals import spares
from engine.store.tables import user_task, work_order


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One line of a list of work orders."""

    number: str
    title: str
    process: str
    status: str
    urgency: str | None
    requester: str | None
    phone: str | None
    place: str | None
    received_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    clock_runs: bool
    """The step that the limit follows is still open."""
    due_text: str | None
    due_from: datetime | None
    calendar: str | None


@dataclass(frozen=True, slots=True)
class OrderPage:
    """A page of work orders."""

    rows: list[OrderRow]
    next: str = ""


@dataclass(frozen=True, slots=True)
class Begun:
    """What I have started, newest first."""

    after: str = ""
    filters: Filters = field(default_factory=Filters)
    limit: int = PAGE

    def read(self, ctx: Context) -> OrderPage:
        """Give a page. Raises Invalid for a cursor that is none."""
        said = self.filters
        narrowed = Filters(q=said.q, process=said.process, status=said.status).conditions(ctx.now)
        query = select(*order_columns()).where(work_order.c.created_by == ctx.actor.id, spares(ctx.actor.id), *narrowed)
        found, onward = newest_first(ctx, query, (work_order.c.received_at, work_order.c.id), self.after, self.limit)
        return OrderPage([OrderRow(*row) for row in found], onward)


def order_columns() -> list[ColumnElement[Any]]:
    """Give the columns of an OrderRow."""
    names = "number title process status urgency requester phone place received_at due_at closed_at"
    follows = user_task.c.id == work_order.c.due_task
    running = exists().where(follows, user_task.c.state == "open").correlate(work_order)
    said = [
        select(user_task.c[n]).where(follows).correlate(work_order).scalar_subquery().label(n)
        for n in ("due_text", "due_from", "calendar")
    ]
    return [*(work_order.c[n] for n in names.split()), running.label("clock_runs"), *said]
