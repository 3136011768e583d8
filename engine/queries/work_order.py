"""One work order as people see it: facts in the words of its forms, timeline, open tasks, links, papers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from engine.domain.actors import Actor
from engine.domain.errors import NotFound
from engine.domain.states import STANDING_STILL, STOPPED
from engine.executor import Context
from engine.queries.awaited import awaited
from engine.queries.cases import History, PastEvent
from engine.queries.copies import CopyView, copies_of
from engine.queries.facts import Fact, facts_of
from engine.queries.pauses import ExtensionView, PauseView, pause_of, requests_of, unaskable
from engine.queries.people import NamesOfPeople
from engine.queries.signings import SigningView, signings_of
from engine.queries.slips import SlipView, slips_of
from engine.queries.waiting_messages import MessageForm, waiting_messages
from engine.steps.recusal import about
from engine.steps.released import START_FORM, Released, released
from engine.steps.scope import scope
from engine.store import people, user_tasks, work_orders
from engine.store.instances import TaskRow
from engine.store.tables import attachment, instance, timer, user_task, work_order


@dataclass(frozen=True, slots=True)
class Paper:
    """An attachment of an order."""

    id: str
    name: str
    size: int
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class LinkedOrder:
    """An order bound to this one, in sight of whoever asks."""

    number: str
    title: str
    status: str
    kind: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A timer that an order waits for."""

    id: int
    name: str
    due_at: datetime
    text: str
    due_from: datetime | None
    calendar: str | None


@dataclass(frozen=True, slots=True)
class OrderView:
    """Everything a page about one order shows."""

    order_id: int
    instance_id: int
    number: str
    title: str
    process: str
    procedure: str
    status: str
    created_by: str
    received_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    record: Mapping[str, Any]
    facts: list[Fact]
    tasks: list[TaskRow]
    events: list[PastEvent]
    links: list[LinkedOrder]
    messages: list[MessageForm]
    papers: list[Paper]
    names: Mapping[str, str]
    units: Mapping[str, str]
    """Names of units, where several do or did the same step and somebody asks whose turn it is; else none."""
    awaited: Mapping[int, str]
    """Who may claim the open tasks that nobody holds, by task."""
    pause: PauseView | None
    """Of an order that stands still."""
    requests: Mapping[int, ExtensionView]
    """Extensions that wait for a decision, by task."""
    unaskable: Mapping[int, str]
    """Why more time cannot be asked for, by task, where that is so."""
    waits: list[Waiting]
    """Timers that follow no task's limit, the next first."""
    due_task: int | None
    slips: list[SlipView]
    """Written reminders of its steps, oldest first."""
    copies: list[CopyView]
    """Who was shown it besides, and who has read it."""
    viewer: Actor
    """Who looks at it, with their duties and those for whom they stand in at the moment."""
    signings: list[SigningView]
    """Those asked to sign its open tasks."""
    released: Released = field(repr=False)

    @property
    def suspension(self) -> PauseView | None:
        """Since when, through whom and why an admin has suspended it; None while it may be worked on."""
        stops = [e for e in self.events if e.kind == "InstanceSuspended"] if self.status == STOPPED else []
        last = stops[-1] if stops else None
        return PauseView(last.at, last.actor, str(last.payload.get("reason", "")), STOPPED, None) if last else None


@dataclass(frozen=True, slots=True)
class ShowOrder:
    """Look at an order that the actor may see."""

    number: str

    def read(self, ctx: Context) -> OrderView:
        """Give the view; raise NotFound for strangers, as for orders that do not exist."""
        row = _row(ctx, self.number)
        version, names_of_people = released(ctx, row.definition_id), NamesOfPeople().read(ctx)
        tasks, events = user_tasks.open_of(ctx.connection, row.instance_id), History(row.instance_id).read(ctx)
        pause = pause_of(ctx, row.instance_id) if row.status in STANDING_STILL else None
        requests = requests_of(ctx, row.instance_id) if tasks else {}
        return OrderView(
            row.id,
            row.instance_id,
            self.number,
            row.title,
            row.process,
            version.procedure.title,
            row.status,
            row.created_by,
            row.received_at,
            row.due_at,
            row.closed_at,
            row.record,
            facts_of(version, START_FORM, row.record, names_of_people),
            tasks,
            events,
            [LinkedOrder(*r) for r in work_orders.linked_seen(ctx.connection, row.id, scope(ctx))],
            waiting_messages(ctx, {row.instance_id: row.created_by}).get(row.instance_id, []),
            _papers(ctx, row.id),
            names_of_people,
            people.unit_names(ctx.connection) if any(event.payload.get("item") for event in events) else {},
            awaited(ctx, tasks),
            pause,
            requests,
            unaskable(ctx, version.procedure, tasks, pause, requests),
            _waits(ctx, row.instance_id, version) if row.closed_at is None else [],
            row.due_task,
            slips_of(ctx, row.instance_id, row.process, tasks, pause.since if pause else ctx.now),
            copies_of(ctx, row.instance_id),
            ctx.actor.impartial(about(version.procedure, row.record)),
            signings_of(ctx, tasks),
            version,
        )


def _row(ctx: Context, number: str) -> Row[Any]:
    names = "id instance_id title process status created_by received_at due_at closed_at record due_task"
    columns = *(work_order.c[n] for n in names.split()), instance.c.definition_id
    query = select(*columns).join(instance, instance.c.id == work_order.c.instance_id)
    row = ctx.connection.execute(query.where(work_order.c.number == number, scope(ctx))).one_or_none()
    if row is None:
        raise NotFound(f"没有工单 {number},或者你不能看它")
    return row


def _waits(ctx: Context, instance_id: int, version: Released) -> list[Waiting]:
    elements = version.definition.elements
    columns = [timer.c[n] for n in "id element_id due_at text due_from calendar".split()]
    query = select(*columns).where(timer.c.instance_id == instance_id, timer.c.role == "", timer.c.state != "failed")
    return [
        Waiting(r.id, elements[r.element_id].name or r.element_id, *r[2:])
        for r in ctx.connection.execute(query.order_by(timer.c.due_at, timer.c.id))
        if r.element_id in elements
    ]


def _papers(ctx: Context, order_id: int) -> list[Paper]:
    query = select(attachment.c.id, attachment.c.name, attachment.c.size, attachment.c.uploaded_at)
    return [
        Paper(*r)
        for r in ctx.connection.execute(
            query.where(attachment.c.order_id == order_id).order_by(attachment.c.uploaded_at)
        )
    ]


@dataclass(frozen=True, slots=True)
class OfTask:
    """The number of the order a task belongs to, for whoever may see that order."""

    task_id: int

    def read(self, ctx: Context) -> str:
        """Give the number; raise NotFound for strangers."""
        query = select(work_order.c.number).join(user_task, user_task.c.instance_id == work_order.c.instance_id)
        found = ctx.connection.execute(query.where(user_task.c.id == self.task_id, scope(ctx))).scalar()
        if found is None:
            raise NotFound("没有这件待办,或者你不能看它")
        return str(found)


@dataclass(frozen=True, slots=True)
class FindTask:
    """A user task, open or ended, with the number of its order, for whoever may see that order."""

    task_id: int

    def read(self, ctx: Context) -> tuple[str, TaskRow]:
        """Give both; raise NotFound for strangers."""
        columns = [c for c in user_task.c if c.name != "instance_id"]
        query = select(work_order.c.number, *columns).join(
            user_task, user_task.c.instance_id == work_order.c.instance_id
        )
        row = ctx.connection.execute(query.where(user_task.c.id == self.task_id, scope(ctx))).one_or_none()
        if row is None:
            raise NotFound("没有这件待办,或者你不能看它")
        return str(row[0]), TaskRow(*row[1:])
