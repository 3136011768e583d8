"""The course of stored limits: their pauses and extensions are read, the arithmetic is engine.domain.limit_course."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine.domain.deadline import Deadline, parse, parse_cycle
from engine.domain.limit_course import Course, Extension, Move, Pause, course, follow
from engine.domain.work_calendar import WorkCalendar
from engine.executor import Context
from engine.store import extensions, pauses

CalendarOf = Callable[[str], WorkCalendar]


def recompute(ctx: Context, task: Any, calendar: WorkCalendar) -> Course:
    """Follow the limit of one `user_task` row (with its instance_id) by a calendar, pauses and extensions included.

    Raises what `limit_course.course` raises.
    """
    return recompute_tasks(ctx, [task], lambda _: calendar)[task.id]


def recompute_tasks(ctx: Context, tasks: Sequence[Any], calendar_of: CalendarOf) -> dict[int, Course]:
    """Follow the limits of many `user_task` rows, all with a limit; give the courses by task. Two statements, however many."""
    stops, granted = _pauses(ctx, tasks), _extensions(ctx, tasks)
    return {t.id: _of_task(t, calendar_of(t.calendar), [*stops[t.instance_id], *granted[t.id]]) for t in tasks}


def recompute_timers(ctx: Context, timers: Sequence[Any], calendar_of: CalendarOf) -> dict[int, datetime]:
    """Give the due moments of many `timer` rows that follow no task, by timer. One statement, however many.

    A timer whose beginning was never written down, and a cycle that waits for its fixed start, stay where they are.
    """
    stops, found = _pauses(ctx, timers), {}
    for timer in timers:
        limit = interval_of(timer)
        if timer.due_from is None or limit is None:
            found[timer.id] = timer.due_at
            continue
        calendar = calendar_of(timer.calendar)
        at = limit.due(timer.due_from, calendar).at
        steps = follow(limit, timer.due_from, at, calendar, stops[timer.instance_id])
        found[timer.id] = steps[-1].due_at if steps else at
    return found


def interval_of(timer: Any) -> Deadline | None:
    """Give what a timer row counts: its limit, or the interval of its cycle; None while a cycle waits for its fixed start."""
    if timer.kind != "cycle":
        return parse(timer.text)
    cycle = parse_cycle(timer.text)
    return None if cycle.start is not None and cycle.start == timer.due_at else cycle.interval


def pauses_of(ctx: Context, instance_id: int) -> list[Pause]:
    """Give the pauses of a case that are over."""
    return [Pause(row.started_at, row.ended_at) for row in pauses.ended_of(ctx.connection, [instance_id])]


def _of_task(task: Any, calendar: WorkCalendar, moves: Sequence[Move]) -> Course:
    found = course(task.due_text, task.due_from, calendar, moves, task.warn_text, task.warn_from)
    return found if task.warn_text else replace(found, warn_at=task.warn_at)


def _pauses(ctx: Context, rows: Sequence[Any]) -> dict[int, list[Move]]:
    found: dict[int, list[Move]] = defaultdict(list)
    for row in pauses.ended_of(ctx.connection, sorted({row.instance_id for row in rows})):
        found[row.instance_id].append(Pause(row.started_at, row.ended_at))
    return found


def _extensions(ctx: Context, tasks: Sequence[Any]) -> dict[int, list[Move]]:
    found: dict[int, list[Move]] = defaultdict(list)
    for row in extensions.granted_to(ctx.connection, [task.id for task in tasks]):
        found[row.user_task_id].append(Extension(row.decided_at, row.limit_text))
    return found
