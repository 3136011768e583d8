"""Let a case that stood still go on: task limits, timers, lists, the order's due moment and answers to slips move together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.domain.deadline import parse
from engine.domain.limit_course import after_pause, own_deadline, share_at
from engine.steps import limits, slips
from engine.steps.limit_course import interval_of, pauses_of
from engine.steps.scene import Scene
from engine.store import slips as written
from engine.store import timers, user_tasks
from engine.store.instances import TaskRow

ROLES = {"due": "due_at", "warn": "warn_at"}


@dataclass(frozen=True, slots=True)
class Moves:
    """Where the limits of a case come to stand when a pause ends."""

    tasks: list[TaskRow]
    limits: list[dict[str, Any]]
    """Of those tasks, in the same order: `due_at` and `warn_at`."""
    timers: list[Any]
    moments: dict[int, datetime]
    """Of those timers, by id."""
    slips: list[slips.Later]

    @property
    def said(self) -> list[dict[str, Any]]:
        """What moves: `{"task", "element" or "slip", "name", "was", "due_at"}`, moments as ISO text."""
        told = {task.host for task in self.tasks if task.due_at}
        moved = [*_moved_tasks(self.tasks, self.limits), *_moved_timers(self.timers, self.moments, told)]
        return [*moved, *(later.said for later in self.slips)]


def moves(scene: Scene, since: datetime) -> Moves:
    """Work out where every limit goes when a pause that began at `since` ends now; nothing is written."""
    connection, instance_id, now = scene.ctx.connection, scene.row.instance_id, scene.ctx.now
    every = user_tasks.open_of(connection, instance_id)
    tasks = [t for t in every if t.due_at is not None or t.warn_at is not None]
    limits_now = [_task_limits(scene, t, since, now) for t in tasks]
    by_host = {t.host: moved for t, moved in zip(tasks, limits_now, strict=True)}
    rows = timers.resting(connection, instance_id)
    moments = {row.id: _timer_moment(scene, row, by_host, since, now) for row in rows}
    return Moves(tasks, limits_now, rows, moments, slips.later(scene, every, since))


def move_on(scene: Scene, since: datetime) -> list[dict[str, Any]]:
    """Move every limit of a case by a pause that began at `since` and ends now, and wake its timers; give what moved."""
    connection, found = scene.ctx.connection, moves(scene, since)
    pairs = list(zip(found.tasks, found.limits, strict=True))
    user_tasks.move_limits(connection, [{"task": task.id, **moved} for task, moved in pairs])
    moments = {row.id: found.moments[row.id] for row in found.timers if found.moments[row.id] != row.due_at}
    timers.wake(connection, scene.row.instance_id, moments)
    for task, moved in pairs:
        if task.id == scene.row.due_task and moved["due_at"] != scene.row.due_at:
            scene.order["due_at"] = moved["due_at"]
    written.move(connection, {later.slip: later.answer_by for later in found.slips})
    return found.said


def _task_limits(scene: Scene, task: TaskRow, since: datetime, now: datetime) -> dict[str, datetime | None]:
    element = scene.released.definition.elements[task.element_id]
    calendar = limits.calendar(scene.ctx, task.calendar or scene.calendar_of(element.properties))
    begun = task.due_from or task.opened_at
    limit, due_at = parse(task.due_text) if task.due_text else None, task.due_at
    if limit is not None and due_at is not None:
        due_at = after_pause(limit, due_at, calendar, max(since, begun), now)
    if task.warn_at is None:
        return {"due_at": due_at, "warn_at": None}
    warning, warned_from = own_deadline(task.warn_text) if task.warn_text else limit, task.warn_from or begun
    if warning is not None:
        return {"due_at": due_at, "warn_at": after_pause(warning, task.warn_at, calendar, max(since, warned_from), now)}
    assert limit is not None and due_at is not None  # a share is one of a limit
    stops = pauses_of(scene.ctx, scene.row.instance_id)
    return {"due_at": due_at, "warn_at": share_at(task.warn_text or "", limit, begun, due_at, calendar, stops)}


def _timer_moment(
    scene: Scene, row: Any, by_host: dict[str, dict[str, Any]], since: datetime, now: datetime
) -> datetime:
    if row.role in ROLES and row.host in by_host:
        follows: datetime | None = by_host[row.host][ROLES[row.role]]
        return follows or row.due_at
    limit, at = interval_of(row), row.due_at
    assert isinstance(at, datetime)
    if limit is None:
        return at
    calendar = limits.calendar(scene.ctx, row.calendar or scene.calendar_of({}))
    return after_pause(limit, at, calendar, max(since, row.due_from or since), now)


def _moved_tasks(tasks: Sequence[TaskRow], moved: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"task": t.id, "name": t.name, "was": t.due_at.isoformat(), "due_at": m["due_at"].isoformat()}
        for t, m in zip(tasks, moved, strict=True)
        if t.due_at is not None and m["due_at"] != t.due_at
    ]


def _moved_timers(rows: Sequence[Any], moments: dict[int, datetime], told: set[str]) -> list[dict[str, Any]]:
    """Of the timers that follow a task, those whose task has no limit to be told of."""
    return [
        {"element": r.element_id, "was": r.due_at.isoformat(), "due_at": moments[r.id].isoformat()}
        for r in rows
        if (not r.role or r.host not in told) and moments[r.id] != r.due_at
    ]
