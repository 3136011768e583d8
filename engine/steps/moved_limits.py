"""What a change of calendars does to the limits that are open: found for the preview, carried out by the command.

Limits that have run out stay where they are: what follows from them has happened.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.domain.work_calendar import WorkCalendar
from engine.executor import Context
from engine.steps.limit_course import interval_of, recompute_tasks, recompute_timers
from engine.steps.performers import hands
from engine.steps.released import released
from engine.store import history, moved_limits
from engine.store.moved_limits import Reach

CHUNK = 200
"""Cases looked at together: a change holds that many in memory, and gives each chunk the same few statements."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A limit before and after a change, UTC; `task_id` is None for a timer that follows no task."""

    instance_id: int
    number: str
    title: str
    unit: str | None
    process: str
    element_id: str
    name: str
    task_id: int | None
    was: datetime
    due_at: datetime
    warn_at: datetime | None
    was_provisional: bool
    provisional: bool
    starter: str
    holders: tuple[str, ...]
    """Performer words of whoever has it in hand or may take it."""

    @property
    def moves(self) -> bool:
        """Whether the moment itself changes, not only how sure it is."""
        return self.was != self.due_at


@dataclass(slots=True)
class _Chunk:
    """Some cases with the limits that may move, before and after."""

    orders: dict[int, Any]
    tasks: list[Any]
    timers: list[Any]
    found: list[Moved]
    warns: dict[int, datetime | None]
    due: dict[int, datetime]
    """By timer."""


Calendars = Mapping[str, tuple[WorkCalendar, WorkCalendar]]
"""Each calendar that a change touches, before and after."""


def would_move(ctx: Context, reach: Reach, calendars: Calendars) -> list[Moved]:
    """Give the limits that a change would move or confirm, case by case; nothing is written."""
    return [one for chunk in _chunks(ctx, reach, calendars, lock=False) for one in chunk.found]


def move(ctx: Context, reach: Reach, calendars: Calendars, version: int, said: Mapping[str, Any]) -> list[Moved]:
    """Move them: tasks, lists, timers, orders and one history entry for each case. Give what was moved or confirmed."""
    found: list[Moved] = []
    for chunk in _chunks(ctx, reach, calendars, lock=True):
        _write(ctx, chunk, version, said)
        found += chunk.found
    return found


def _chunks(ctx: Context, reach: Reach, calendars: Calendars, *, lock: bool) -> Iterator[_Chunk]:
    after = 0
    while ids := moved_limits.cases(ctx.connection, reach, after, CHUNK):
        orders = moved_limits.orders(ctx.connection, ids, lock=lock)
        tasks = moved_limits.tasks(ctx.connection, reach, ids)  # after the lock: what others did meanwhile counts
        chunk = _Chunk(orders, tasks, moved_limits.timers(ctx.connection, reach, ids), [], {}, {})
        _judge_tasks(ctx, chunk, calendars)
        _judge_timers(ctx, chunk, calendars)
        yield chunk
        after = ids[-1]


def _judge_tasks(ctx: Context, chunk: _Chunk, calendars: Calendars) -> None:
    before = recompute_tasks(ctx, chunk.tasks, _side(calendars, 0))
    after = recompute_tasks(ctx, chunk.tasks, _side(calendars, 1))
    for task in chunk.tasks:
        was, now = before[task.id], after[task.id]
        chunk.warns[task.id] = now.warn_at
        if (task.due_at, task.warn_at, was.provisional) == (now.due_at, now.warn_at, now.provisional):
            continue
        holders = tuple(hands(task))
        chunk.found.append(
            _moved(
                chunk,
                task,
                task.name,
                task.id,
                now.due_at,
                now.warn_at,
                was.provisional,
                now.provisional,
                holders,
            )
        )


def _judge_timers(ctx: Context, chunk: _Chunk, calendars: Calendars) -> None:
    chunk.due = recompute_timers(ctx, chunk.timers, _side(calendars, 1))
    for timer in chunk.timers:
        before, after = calendars[timer.calendar]
        was, now = _unsure(timer, timer.due_at, before), _unsure(timer, chunk.due[timer.id], after)
        if timer.due_at != chunk.due[timer.id] or was != now:
            due_at = chunk.due[timer.id]
            chunk.found.append(_moved(chunk, timer, _called(ctx, chunk, timer), None, due_at, None, was, now, ()))


def _called(ctx: Context, chunk: _Chunk, timer: Any) -> str:
    """Give what people call a timer: its own name, else that of the step it is attached to."""
    elements = released(ctx, chunk.orders[timer.instance_id].definition_id).definition.elements
    own = elements.get(timer.element_id)
    host = elements.get(own.attached_to) if own else None
    nameless = own is None or own.name == timer.element_id
    return host.name if nameless and host else own.name if own else str(timer.element_id)


def _unsure(timer: Any, due_at: datetime, calendar: WorkCalendar) -> bool:
    limit = interval_of(timer)
    return limit is not None and limit.due(timer.due_from, calendar).provisional and due_at > timer.due_from


def _side(calendars: Calendars, side: int) -> Callable[[str], WorkCalendar]:
    return lambda key: calendars[key][side]


def _moved(chunk: _Chunk, row: Any, name: str, task_id: int | None, due_at: datetime, *rest: Any) -> Moved:
    order = chunk.orders[row.instance_id]
    warn_at, was_provisional, provisional, holders = rest
    return Moved(
        row.instance_id,
        order.number,
        order.title,
        order.unit,
        order.process,
        row.element_id,
        name,
        task_id,
        row.due_at,
        due_at,
        warn_at,
        was_provisional,
        provisional,
        order.created_by,
        holders,
    )


@dataclass(slots=True)
class _End:
    """An instance with the end of its history."""

    instance_id: int
    history_seq: int
    history_hash: str


def _write(ctx: Context, chunk: _Chunk, version: int, said: Mapping[str, Any]) -> None:
    connection = ctx.connection
    hosts = {task.id: task.host for task in chunk.tasks}
    tasks = [
        {
            "id": m.task_id,
            "instance_id": m.instance_id,
            "host": hosts[m.task_id],
            "due_at": m.due_at,
            "warn_at": m.warn_at,
        }
        for m in chunk.found
        if m.task_id is not None
    ]
    moved_limits.move_tasks(connection, tasks, version)
    timers = [{"id": t.id, "due_at": chunk.due[t.id]} for t in chunk.timers if chunk.due[t.id] != t.due_at]
    moved_limits.move_timers(connection, timers)
    moved_limits.stamp(connection, [t.id for t in chunk.tasks], [t.id for t in chunk.timers], version)
    by_case: dict[int, list[Moved]] = defaultdict(list)
    for one in chunk.found:
        by_case[one.instance_id].append(one)
    ends = {i: _End(i, chunk.orders[i].history_seq, chunk.orders[i].history_hash) for i in by_case}
    events = [(ends[i], [_event(ctx, moves, version, said)]) for i, moves in by_case.items()]
    history.append_all(connection, events, ctx.now)
    moved_limits.save(
        connection,
        [
            {
                "id": i,
                "version": chunk.orders[i].version,
                "history_seq": end.history_seq,
                "history_hash": end.history_hash,
            }
            for i, end in ends.items()
        ],
    )


def _event(ctx: Context, moves: list[Moved], version: int, said: Mapping[str, Any]) -> history.Event:
    told = [
        {
            "task": m.task_id,
            "element": m.element_id,
            "name": m.name,
            "was": m.was.isoformat(),
            "due_at": m.due_at.isoformat(),
            "provisional": m.provisional,
        }
        for m in moves
    ]
    return history.Event("CalendarChanged", ctx.actor.id, "", {**said, "version": version, "moves": told})
