"""People's lists: 待办, 待签收, 已办, 我发起; page by page along an index, with capped counts.

The inbox is read as a union of small index scans, one per principal: flat at a million open tasks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_, union_all

from engine.domain.actors import Actor
from engine.domain.errors import Invalid
from engine.domain.states import STANDING_STILL
from engine.executor import Context
from engine.queries.notifications import unread_of
from engine.queries.slips import WantedAnswer, wanted_of
from engine.store.barred import leaves_to
from engine.store.copies import unread_of as unread_copies_of
from engine.store.recusals import spares, spares_listed
from engine.store.tables import inbox, user_task, work_order

Processes = frozenset[str] | None
"""Some procedures; None: all."""
Name = tuple[str, Processes, tuple[str, ...]]
"""A name under which tasks stand, in which procedures, and of whom: cases about one of them (回避) are left out, and of
what is not in somebody's own hands those tasks from which a rule of assignment keeps one of them."""
PAGE = 25
CAP = 1000
SOON = timedelta(hours=24)
BITS = 62
ROW: tuple[ColumnElement[Any], ...] = (
    user_task.c.id.label("task_id"),
    user_task.c.name,
    user_task.c.assignee,
    user_task.c.due_at,
    user_task.c.warn_at,
    user_task.c.due_text,
    user_task.c.due_from,
    user_task.c.calendar,
    user_task.c.opened_at,
    user_task.c.ended_at,
    work_order.c.number,
    work_order.c.title,
    work_order.c.process,
    work_order.c.urgency,
    work_order.c.requester,
    work_order.c.status,
    user_task.c.owner,
    user_task.c.signers,
)


@dataclass(frozen=True, slots=True)
class ListRow:
    """One line of a list."""

    task_id: int
    name: str
    assignee: str | None
    due_at: datetime | None
    warn_at: datetime | None
    due_text: str | None
    due_from: datetime | None
    calendar: str | None
    opened_at: datetime
    ended_at: datetime | None
    number: str
    title: str
    process: str
    urgency: str | None
    requester: str | None
    status: str
    owner: str | None
    """Who asked its holder (委派) and gets it back."""
    signers: list[str] | None
    """Who can sign it now besides whose it is (加签)."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list; `next` opens the following one and is empty on the last."""

    rows: list[ListRow]
    next: str = ""
    wanted: Mapping[int, WantedAnswer] = field(default_factory=dict)
    """Answers to slips that its open tasks owe, by task."""
    away: Mapping[str, str] = field(default_factory=dict)
    """Names of those for whom the reader stands in (代理), by id."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; empty means everything."""

    q: str = ""
    process: str = ""
    due: str = ""
    """`late`, `soon` (within a day) or nothing."""
    status: str = ""
    """Of the order."""

    def conditions(self, now: datetime) -> list[ColumnElement[bool]]:
        """Give the conditions on inbox, user_task and work_order."""
        found: list[ColumnElement[bool]] = []
        if self.q:
            text = f"%{escaped(self.q)}%"
            found.append(work_order.c.title.like(text, escape="\\") | work_order.c.number.like(text, escape="\\"))
        if self.process:
            found.append(work_order.c.process == self.process)
        if self.status:
            found.append(work_order.c.status == self.status)
        if self.due == "late":
            found.append(user_task.c.due_at <= now)
        if self.due == "soon":
            found.append((user_task.c.due_at > now) & (user_task.c.due_at <= now + SOON))
        return found


@dataclass(frozen=True, slots=True)
class Inbox:
    """My tasks (`todo`) or those I may claim (`pool`), least time left first."""

    box: str
    after: str = ""
    filters: Filters = field(default_factory=Filters)
    limit: int = PAGE

    def read(self, ctx: Context) -> Page:
        """Give a page. Raises Invalid for a cursor that is none."""
        branches = [self._branch(name, ctx.now) for name in principals(ctx, self.box)]
        if not branches:
            return Page([])
        every = union_all(*[select(b.subquery()) for b in branches]).subquery()
        ids = select(every).distinct().order_by(every.c.due_at, every.c.user_task_id).limit(self.limit + 1).subquery()
        query = (
            select(*ROW, ids.c.due_at.label("at"))
            .join(user_task, user_task.c.id == ids.c.user_task_id)
            .join(work_order, work_order.c.instance_id == user_task.c.instance_id)
            .order_by(ids.c.due_at, ids.c.user_task_id)
        )
        found = ctx.connection.execute(query).all()
        rows = [ListRow(*r[: len(ROW)]) for r in found[: self.limit]]
        onward = cursor(found[self.limit - 1].at, rows[-1].task_id) if len(found) > self.limit else ""
        away = {one.of.id: one.of.name for one in ctx.actor.stands_in}
        return Page(rows, onward, wanted_of(ctx, [(row.task_id, row.status in STANDING_STILL) for row in rows]), away)

    def _branch(self, name: Name, now: datetime) -> Select[Any]:
        conditions = self.filters.conditions(now)
        query = _standing(name, joined=bool(conditions)).where(*conditions)
        if self.after:
            at, ident = seen(self.after)
            query = query.where(
                tuple_(inbox.c.due_at, inbox.c.user_task_id) > tuple_(literal(at, inbox.c.due_at.type), ident)
            )
        return query.order_by(inbox.c.due_at, inbox.c.user_task_id).limit(self.limit + 1)


@dataclass(frozen=True, slots=True)
class Done:
    """What I have completed, newest first."""

    after: str = ""
    filters: Filters = field(default_factory=Filters)
    limit: int = PAGE

    def read(self, ctx: Context) -> Page:
        """Give a page. Raises Invalid for a cursor that is none."""
        query = (
            select(*ROW)
            .join(work_order, work_order.c.instance_id == user_task.c.instance_id)
            .where(
                user_task.c.ended_by == ctx.actor.id,
                user_task.c.state == "completed",
                spares(ctx.actor.id),
                *self.filters.conditions(ctx.now),
            )
        )
        found, onward = newest_first(ctx, query, (user_task.c.ended_at, user_task.c.id), self.after, self.limit)
        return Page([ListRow(*r) for r in found], onward)


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """How many tasks I hold and may claim, how many notices and copies I have not read, each counted up to a cap."""

    def read(self, ctx: Context) -> tuple[int, int, int, int]:
        """Give (todo, pool, unread, copies) in one statement; CAP tasks, MOST_COUNTED others mean that many or more."""
        counts = [_counted(principals(ctx, box)) for box in ("todo", "pool")]
        counts += [unread_of(ctx.actor.id), unread_copies_of(ctx.actor.id)]
        todo, pool, unread, copies = map(int, ctx.connection.execute(select(*counts)).one())
        return todo, pool, unread, copies


def principals(ctx: Context, box: str) -> list[Name]:
    """Give the names under which the actor's tasks of a box stand, in which procedures where not in all, and of whom.

    Those of whom they stand in for (代理) are theirs to see; what is free to themselves is asked for once.
    """
    me = ctx.actor.id
    found: list[Name] = [(name, None, (me,)) for name in _names(ctx.actor, box)]
    own = {name for name, *_ in found}
    return found + [
        (name, one.processes, (me, one.of.id))
        for one in ctx.actor.stands_in
        for name in _names(one.of, box)
        if name not in own
    ]


def _names(actor: Actor, box: str) -> list[str]:
    me = f"person:{actor.id}"
    return [me] if box == "todo" else sorted(actor.principals - {me})


def _standing(name: Name, *, joined: bool) -> Select[Any]:
    """Give the query for what stands under a name, with its order where that is asked about."""
    principal, only, people = name
    query = select(inbox.c.due_at, inbox.c.user_task_id).where(inbox.c.principal == principal, spares_listed(*people))
    if principal != f"person:{people[0]}":
        query = query.where(leaves_to(*people))
    if joined or only is not None:
        query = query.join(user_task, user_task.c.id == inbox.c.user_task_id).join(
            work_order, work_order.c.instance_id == user_task.c.instance_id
        )
    return query if only is None else query.where(work_order.c.process.in_(sorted(only)))


def _counted(names: Sequence[Name]) -> ColumnElement[int]:
    scans = [
        _standing(name, joined=False).with_only_columns(inbox.c.user_task_id).limit(CAP).subquery() for name in names
    ]
    if not scans:
        return literal(0)
    every = union_all(*[select(s) for s in scans]).subquery()
    some = select(every.c.user_task_id).distinct().limit(CAP).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def newest_first(
    ctx: Context, query: Select[Any], place: tuple[ColumnElement[Any], ColumnElement[Any]], after: str, limit: int
) -> tuple[list[Sequence[Any]], str]:
    """Give a page of what a query finds, by moment and id (`place`) downwards, and the cursor of the next one, empty on
    the last. Raises Invalid for a cursor that is none.
    """
    at, ident = place
    if after:
        moment, number = seen(after)
        query = query.where(tuple_(at, ident) < tuple_(literal(moment, at.type), number))
    ordered = query.add_columns(at.label("place_at"), ident.label("place_id")).order_by(at.desc(), ident.desc())
    found = ctx.connection.execute(ordered.limit(limit + 1)).all()
    rows = [tuple(row) for row in found[:limit]]
    return [row[:-2] for row in rows], cursor(*rows[-1][-2:]) if len(found) > limit else ""


def cursor(at: datetime | None, ident: int) -> str:
    """Give the place of a row in a list, to be handed back for what follows it."""
    return f"{at.isoformat()}~{ident}" if at else ""


def seen(cursor: str) -> tuple[datetime, int]:
    """Read a cursor; raise Invalid for a text that is none."""
    at, _, ident = cursor.partition("~")
    try:
        moment = datetime.fromisoformat(at)
        number = int(ident)
    except ValueError as error:
        raise Invalid("这不是列表里的一页,请从第一页看起") from error
    if moment.tzinfo is None or number.bit_length() > BITS:
        raise Invalid("这不是列表里的一页,请从第一页看起")
    return moment, number


def escaped(text: str) -> str:
    """Give a text that LIKE takes literally (escape character: backslash)."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")[:100]
