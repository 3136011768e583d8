"""One case as it stands: its order, open tasks, history and notices."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine.domain.errors import NotFound
from engine.executor import Context
from engine.steps.performers import people_behind
from engine.store import history, recusals, user_tasks, work_orders
from engine.store.instances import TaskRow
from engine.store.tables import instance, outbox, user_task, work_order


@dataclass(frozen=True, slots=True)
class CaseView:
    """An order with everything around it."""

    order_id: int
    instance_id: int
    number: str
    title: str
    status: str
    instance_status: str
    due_at: datetime | None
    record: dict[str, Any]
    open_tasks: list[TaskRow]
    links: list[tuple[str, str]]
    process: str


@dataclass(frozen=True, slots=True)
class ShowCase:
    """Look at one order by number."""

    number: str

    def read(self, ctx: Context) -> CaseView:
        """Give the view; raise NotFound."""
        columns = (
            work_order.c.id,
            instance.c.id,
            work_order.c.title,
            work_order.c.status,
            instance.c.status,
            work_order.c.due_at,
            work_order.c.record,
            work_order.c.process,
        )
        query = select(*columns).join(instance, instance.c.id == work_order.c.instance_id)
        row = ctx.connection.execute(query.where(work_order.c.number == self.number)).one_or_none()
        if row is None:
            raise NotFound(f"没有工单 {self.number}")
        tasks = user_tasks.open_of(ctx.connection, row[1])
        links = work_orders.linked(ctx.connection, row[0])
        return CaseView(row[0], row[1], self.number, row[2], row[3], row[4], row[5], row[6], tasks, links, row[7])


@dataclass(frozen=True, slots=True)
class PastEvent:
    """One line of a case's history."""

    seq: int
    at: datetime
    actor: str
    kind: str
    element_id: str
    payload: dict[str, Any]

    @property
    def content(self) -> dict[str, Any]:
        """What was written down with it, as `steps.past` reads it."""
        return self.payload


@dataclass(frozen=True, slots=True)
class History:
    """What happened in an instance, oldest first."""

    instance_id: int

    def read(self, ctx: Context) -> list[PastEvent]:
        """Give the events; an erased payload is empty."""
        events = history.events_of(ctx.connection, self.instance_id)
        return [PastEvent(e.seq, e.at, e.actor, e.kind, e.element_id, e.content or {}) for e in events]


@dataclass(frozen=True, slots=True)
class Notice:
    """A message of a case, sent or waiting."""

    id: int
    at: datetime
    recipient: str
    notice: str
    channel: str
    state: str
    subject: str


@dataclass(frozen=True, slots=True)
class Notices:
    """The messages of an instance, oldest first."""

    instance_id: int
    after: int = 0

    def read(self, ctx: Context) -> list[Notice]:
        """Give the messages with an id above `after`."""
        columns = [outbox.c[n] for n in "id created_at recipient notice channel state subject".split()]
        query = (
            select(*columns)
            .where(outbox.c.instance_id == self.instance_id, outbox.c.id > self.after)
            .order_by(outbox.c.id)
        )
        return [Notice(*row) for row in ctx.connection.execute(query)]


@dataclass(frozen=True, slots=True)
class TasksOfCase:
    """Every user task of an instance, open or ended, oldest first."""

    instance_id: int

    def read(self, ctx: Context) -> list[TaskRow]:
        """Give the tasks."""
        columns = [c for c in user_task.c if c.name != "instance_id"]
        query = select(*columns).where(user_task.c.instance_id == self.instance_id).order_by(user_task.c.id)
        return [TaskRow(*row) for row in ctx.connection.execute(query)]


@dataclass(frozen=True, slots=True)
class WhoMay:
    """The active people who may take a free task, without those whom its case is about (回避) or a rule keeps from it."""

    task_id: int

    def read(self, ctx: Context) -> list[str]:
        """Give their ids; raise NotFound."""
        columns = user_task.c.groups, user_task.c.barred, user_task.c.instance_id, work_order.c.created_by
        query = select(*columns).join(work_order, work_order.c.instance_id == user_task.c.instance_id)
        row = ctx.connection.execute(query.where(user_task.c.id == self.task_id)).one_or_none()
        if row is None:
            raise NotFound("没有这件待办")
        barred = recusals.of_case(ctx.connection, row.instance_id).union(row.barred or ())
        return [who for who in people_behind(ctx, row.groups, row.instance_id, row.created_by) if who not in barred]
