"""The shift leader's board: what is not handed over yet, and who carries how much."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, literal, select, true

from engine.domain.errors import NotAllowed
from engine.domain.states import STANDING_STILL
from engine.executor import Context
from engine.queries.lists import ROW, ListRow
from engine.steps.released import released
from engine.steps.scope import supervised
from engine.store import definitions
from engine.store.recusals import spares
from engine.store.tables import pause, person, unit, user_task, work_order
from engine.store.work_orders import STILL_TO_DO

MOST = 100
_STANDS_STILL = work_order.c.status.in_(sorted(STANDING_STILL))
_BY_TIME_LEFT = (_STANDS_STILL, user_task.c.due_at.is_(None), user_task.c.due_at, user_task.c.id)


@dataclass(frozen=True, slots=True)
class UnitLoad:
    """One unit's orders still to be done."""

    unit: str
    name: str
    open: int
    """All of them, those that stand still too."""
    late: int
    """Past their limit; in an order that stands still, past it when the pause began."""
    paused: int


@dataclass(frozen=True, slots=True)
class PersonLoad:
    """One person's open tasks."""

    person: str
    name: str
    open: int
    next_due_at: datetime | None
    """Of those whose clock runs."""
    next_task: int
    """Whose limit that is."""


@dataclass(frozen=True, slots=True)
class BoardView:
    """The board of one procedure."""

    process: str
    title: str
    steps: list[str]
    """The names of the steps by which an order is handed over."""
    undispatched: list[ListRow]
    units: list[UnitLoad]
    people: list[PersonLoad]
    held: list[ListRow]
    """What the chosen person holds."""
    others: list[tuple[str, str]]
    """Key and title of every procedure whose board the actor may see."""


@dataclass(frozen=True, slots=True)
class Board:
    """The board of a procedure that is handed over to units and that the actor urges or supervises; else the first such one."""

    process: str = ""
    person: str = ""
    """Whose tasks are wanted, to give them to others."""

    def read(self, ctx: Context) -> BoardView:
        """Give the board. Raises NotAllowed for everybody else."""
        found = [released(ctx, ident) for ident in definitions.active_ids(ctx.connection)]
        known = {version.procedure.id: version for version in found if version.procedure.dispatch}
        allowed = [process for process in supervised(ctx) if process in known]
        process = self.process or (allowed[0] if allowed else "")
        if process not in allowed:
            raise NotAllowed("看板只给班长和督办岗位看")
        procedure, elements = known[process].procedure, known[process].definition.elements
        return BoardView(
            process,
            procedure.title,
            [elements[ident].name for ident in procedure.dispatch],
            _open(ctx, process, user_task.c.element_id.in_(procedure.dispatch)),
            _units(ctx, process, procedure.deadline),
            _people(ctx, process),
            _held(ctx, process, self.person) if self.person else [],
            [(key, known[key].procedure.title) for key in allowed],
        )


def _open(ctx: Context, process: str, which: ColumnElement[bool]) -> list[ListRow]:
    """By way of the orders still to be done, which are few beside all tasks ever done; those that stand still come last."""
    query = (
        select(*ROW)
        .join(work_order, work_order.c.instance_id == user_task.c.instance_id)
        .where(STILL_TO_DO, work_order.c.process == process, user_task.c.state == "open", which, spares(ctx.actor.id))
        .order_by(*_BY_TIME_LEFT)
        .limit(MOST)
    )
    return [ListRow(*row) for row in ctx.connection.execute(query)]


def _held(ctx: Context, process: str, person: str) -> list[ListRow]:
    """What a person holds, orders that stand still too: their work may be given to others meanwhile."""
    query = (
        select(*ROW)
        .join(work_order, work_order.c.instance_id == user_task.c.instance_id)
        .where(user_task.c.assignee == person, user_task.c.state == "open", work_order.c.process == process)
        .where(spares(ctx.actor.id))
        .order_by(*_BY_TIME_LEFT)
        .limit(MOST)
    )
    return [ListRow(*row) for row in ctx.connection.execute(query)]


def _units(ctx: Context, process: str, deadline: frozenset[str]) -> list[UnitLoad]:
    """What a unit has still to do: orders whose step with the procedure's limit is open; all of them where none is named."""
    handling = user_task.c.element_id.in_(deadline) if deadline else true()
    orders = func.count(work_order.c.id.distinct())
    stopped = func.coalesce(pause.c.started_at, literal(ctx.now, pause.c.started_at.type))
    late = orders.filter(user_task.c.due_at <= stopped)
    query = (
        select(work_order.c.unit, unit.c.name, orders, late, orders.filter(_STANDS_STILL))
        .join(unit, unit.c.id == work_order.c.unit)
        .join(user_task, user_task.c.instance_id == work_order.c.instance_id)
        .outerjoin(pause, (pause.c.instance_id == work_order.c.instance_id) & pause.c.ended_at.is_(None))
        .where(STILL_TO_DO, work_order.c.process == process, user_task.c.state == "open", handling)
        .group_by(work_order.c.unit, unit.c.name)
        .order_by(late.desc(), orders.desc(), unit.c.name)
    )
    return [UnitLoad(*row) for row in ctx.connection.execute(query)]


def _people(ctx: Context, process: str) -> list[PersonLoad]:
    """How many tasks everybody holds, and which of them falls due first among those whose clock runs."""
    own, due = user_task.c.assignee, case((_STANDS_STILL, None), else_=user_task.c.due_at)
    first = func.row_number().over(order_by=(due.is_(None), due, user_task.c.id), partition_by=own)
    columns = (own, func.count().over(partition_by=own).label("open"), due.label("due_at"), user_task.c.id)
    held = (
        select(*columns, first.label("place"))
        .join(work_order, work_order.c.instance_id == user_task.c.instance_id)
        .where(work_order.c.process == process, user_task.c.state == "open", user_task.c.assignee.is_not(None))
        .subquery()
    )
    query = (
        select(held.c.assignee, person.c.name, held.c.open, held.c.due_at, held.c.id)
        .join(person, person.c.id == held.c.assignee)
        .where(held.c.place == 1)
        .order_by(held.c.open.desc(), held.c.assignee)
        .limit(MOST)
    )
    return [PersonLoad(*row) for row in ctx.connection.execute(query)]
