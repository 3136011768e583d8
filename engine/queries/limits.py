"""Receipts: why a limit falls due when it does, from its beginning through every pause and extension."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select

from engine.domain.clock import in_words
from engine.domain.deadline import explain, parse
from engine.domain.errors import NotFound
from engine.domain.limit_course import BY_WORK, Extension, Pause, Step, follow, in_order
from engine.domain.receipt import amount_words, moment_words
from engine.domain.states import STANDING_STILL, STOPPED
from engine.domain.work_calendar import WorkCalendar
from engine.executor import Context
from engine.steps import limits
from engine.steps.calendar_choice import organisation
from engine.steps.limit_course import interval_of
from engine.steps.released import released
from engine.steps.scope import scope
from engine.store import extensions, pauses, people
from engine.store.tables import instance, timer, user_task, work_order


@dataclass(frozen=True, slots=True)
class Receipt:
    """The proof of a due moment: `title` says whose it is, `lines` how it came about."""

    number: str
    title: str
    due_at: datetime | None
    lines: list[str]
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class ExplainLimit:
    """The receipt of a user task's limit (为什么是这个时间), for whoever may see its order."""

    task_id: int

    def read(self, ctx: Context) -> Receipt:
        """Give the receipt; a task without a limit says so. Raises NotFound for strangers."""
        row = _row(ctx, user_task, user_task.c.id == self.task_id)
        if row.due_at is None or row.due_text is None:
            return Receipt(row.number, row.name, row.due_at, ["这件待办没有时限"])
        granted = [(Extension(e.decided_at, e.limit_text), e) for e in extensions.granted_to(ctx.connection, [row.id])]
        begun = row.due_from or row.opened_at
        return _receipt(ctx, row, row.name, row.due_text, begun, [*_stops(ctx, row), *granted])


@dataclass(frozen=True, slots=True)
class ExplainTimer:
    """The receipt of what an order waits for, for whoever may see the order."""

    timer_id: int

    def read(self, ctx: Context) -> Receipt:
        """Give the receipt. Raises NotFound for strangers and for a timer that waits no more."""
        row = _row(ctx, timer, timer.c.id == self.timer_id)
        version = released(ctx, row.definition_id)
        element = version.definition.elements.get(row.element_id)
        title = element.name if element and element.name else row.element_id
        if interval_of(row) is None or row.due_from is None:
            return Receipt(row.number, title, row.due_at, [f"到时：{moment_words(row.due_at)}"])
        if row.kind != "cycle":
            return _receipt(ctx, row, title, row.text, row.due_from, _stops(ctx, row))
        found = _receipt(ctx, row, title, row.text, row.due_from, _stops(ctx, row))
        return Receipt(
            row.number, title, row.due_at, [f"循环：{row.text}，这是下一次", *found.lines], found.provisional
        )


@dataclass(frozen=True, slots=True)
class ExplainOrder:
    """The receipt of an order's due moment: that of the task whose limit it follows."""

    number: str

    def read(self, ctx: Context) -> Receipt:
        """Give the receipt. Raises NotFound for strangers."""
        query = select(work_order.c.due_task, work_order.c.due_at, work_order.c.title)
        row = ctx.connection.execute(query.where(work_order.c.number == self.number, scope(ctx))).one_or_none()
        if row is None:
            raise NotFound(f"没有工单 {self.number},或者你不能看它")
        if row.due_task is None:
            lines = [f"总时限：{moment_words(row.due_at)}"] if row.due_at else ["这件工单还没有总时限"]
            return Receipt(self.number, row.title, row.due_at, lines)
        found = ExplainLimit(row.due_task).read(ctx)
        lines = [f"总时限跟随“{found.title}”的时限", *found.lines]
        return Receipt(self.number, row.title, row.due_at, lines, found.provisional)


def _row(ctx: Context, table: Any, which: ColumnElement[bool]) -> Row[Any]:
    columns = [*table.c, work_order.c.number, work_order.c.status.label("order_status"), instance.c.definition_id]
    query = select(*columns).join(work_order, work_order.c.instance_id == table.c.instance_id)
    query = query.join(instance, instance.c.id == work_order.c.instance_id)
    row = ctx.connection.execute(query.where(which, scope(ctx))).one_or_none()
    if row is None:
        raise NotFound("没有这个时限,或者你不能看它")
    return row


def _stops(ctx: Context, row: Row[Any]) -> list[tuple[Pause, Any]]:
    ended = pauses.ended_of(ctx.connection, [row.instance_id])
    return [(Pause(p.started_at, p.ended_at), p) for p in ended]


def _receipt(
    ctx: Context, row: Row[Any], title: str, text: str, start: datetime, told: Sequence[tuple[Any, Any]]
) -> Receipt:
    key = row.calendar or organisation(ctx)
    calendar = limits.calendar_at(ctx, key, row.calendar_version) if row.calendar_version else limits.calendar(ctx, key)
    limit = interval_of(row) if hasattr(row, "kind") else parse(text)
    assert limit is not None
    found = limit.due(start, calendar)
    steps = follow(limit, start, found.at, calendar, in_order(move for move, _ in told))
    rows = {id(move): row for move, row in told}
    by_work = limit.unit in BY_WORK
    names = {who: people.name_of(ctx.connection, who) for who in _named(told)}
    lines = explain(limit, start, calendar)
    for step in steps:
        lines += _step(step, rows[id(step.move)], names, calendar, by_work=by_work)
    if steps:
        lines.append(f"现在的到期：{moment_words(row.due_at)}")
    lines += _standing(ctx, row)
    provisional = found.provisional or any(step.provisional for step in steps)
    moved = by_work and calendar.provisional_between(start, max(start, row.due_at))
    return Receipt(row.number, title, row.due_at, lines, provisional or moved)


def _named(told: Sequence[tuple[Any, Any]]) -> set[str]:
    return {row.decided_by if isinstance(move, Extension) else row.started_by for move, row in told}


def _step(step: Step, row: Any, names: dict[str, str], calendar: WorkCalendar, *, by_work: bool) -> list[str]:
    """Tell of one move: who, why, what it took, and from where to where the due moment went."""
    went = f"到期由 {in_words(step.was)} 移到 {in_words(step.due_at)}"
    if isinstance(step.move, Extension):
        why = f"，理由：{row.reason}" if row.reason else ""
        head = f"延期：{in_words(step.move.at)} {names[row.decided_by]}批准延期{step.move.text}{why}"
        counted = [
            line for line in explain(parse(step.move.text), step.was, calendar) if line.startswith(("计入", "不计"))
        ]
        return [f"{head}；{went}", *counted]
    head = f"暂停：{in_words(step.move.start)} 至 {in_words(step.move.end)}，{names[row.started_by]}：{row.reason}"
    if step.due_at == step.was:
        passed = step.move.start >= step.was
        return [f"{head}；{'那时已经到期' if passed else '其间没有占用时限'}，到期不变"]
    took = calendar.between(step.move.start, step.move.end) if by_work else step.move.end - step.move.start
    return [f"{head}；占去{amount_words(took)}{'工作时间' if by_work else ''}，{went}"]


def _standing(ctx: Context, row: Row[Any]) -> list[str]:
    if row.order_status not in STANDING_STILL:
        return []
    pause = pauses.open_of(ctx.connection, row.instance_id)
    word = "挂起" if pause is not None and pause.kind == STOPPED else "暂停"
    return [f"{word}中：{in_words(pause.started_at)} 起时限停着，恢复后接着算（{pause.reason}）"] if pause else []
