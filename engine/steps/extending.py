"""Move the limit of an open task: its timers, its row and the order's due moment together, and a row that says so.

This is UPDATE alone, unless a `到期` or `预警` timer has fired already: then a fresh one is left waiting for the new moment.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.bpmn.arrivals import Limit, Services
from engine.bpmn.events import ROLES
from engine.domain.deadline import Unit, parse
from engine.domain.errors import Invalid, NotFound
from engine.domain.limit_course import own_deadline, share_at
from engine.steps import limits
from engine.steps.limit_course import pauses_of
from engine.steps.limits import Due
from engine.steps.scene import Scene, load
from engine.store import extensions, timers, user_tasks
from engine.store.instances import TaskRow

AS_DRAWN = "流程规定"
"""Why the diagram itself extends."""
_NO_SPANS = frozenset({Unit.MOMENT, Unit.SAME_DAY, Unit.AFTER_OPENING})


def extend_element(scene: Scene, element_id: str, by: str, services: Services) -> datetime:
    """Extend every open task of an element; give the (last) new due moment; raise NotFound when none is open."""
    tasks = user_tasks.open_of(scene.ctx.connection, scene.row.instance_id, element_id)
    if not tasks:
        raise NotFound(f"{element_id} 没有打开着的待办,不能延期")
    return max(grant(scene, task, by, services, AS_DRAWN) for task in tasks)


def grant(scene: Scene, task: TaskRow, by: str, services: Services, reason: str) -> datetime:
    """Extend a task that nobody had to ask for, and keep a row of it; give the new due moment."""
    due_at = extend(scene, task, by, services)
    ctx = scene.ctx
    row = extensions.granted(task.id, scene.row.instance_id, ctx.actor.id, ctx.now, by, reason)
    extensions.add(ctx.connection, {**row, "was": task.due_at, "due_at": due_at})
    return due_at


@dataclass(frozen=True, slots=True)
class Longer:
    """When a task would fall due, and be warned of, once it is extended."""

    due: Due
    warn: Due | None


def longer(scene: Scene, task: TaskRow, by: str) -> Longer:
    """Work out an extension without doing it. Raises Invalid without a limit, InvalidDeadline."""
    if task.due_at is None:
        raise Invalid("这件待办没有时限,不用延期")
    key = task.calendar or scene.calendar_of(scene.released.definition.elements[task.element_id].properties)
    due = limits.due(scene.ctx, Limit(by), key, task.due_at)
    return Longer(due, _warning(scene, task, by, key, due) if task.warn_at else None)


def leads_order(scene: Scene, task: TaskRow) -> bool:
    """Whether the order falls due when a task does."""
    return task.element_id in scene.released.procedure.deadline


def extend(scene: Scene, task: TaskRow, by: str, services: Services) -> datetime:
    """Let a task fall due `by` later than it would have, and be warned of as much later. Raises Invalid without a limit."""
    found = longer(scene, task, by)
    due, warn, was = found.due, found.warn, task.due_at
    assert was is not None
    warn_at = warn.at if warn else None
    user_tasks.set_limits(scene.ctx.connection, task.id, due.at, warn_at, due.calendar_version)
    _follow(scene, task, "due", due, services)
    if warn is not None:
        _follow(scene, task, "warn", warn, services)
    if leads_order(scene, task):
        scene.order.update(due_at=due.at, due_task=task.id)
    said = {"was": was.isoformat(), "due_at": due.at.isoformat()}
    scene.note("UserTaskExtended", task.element_id, task=task.id, by=by, **said)
    return due.at


def _warning(scene: Scene, task: TaskRow, by: str, key: str, due: Due) -> Due:
    """A warning moves as its limit does; one that is a share of the limit is a share of the longer one."""
    assert task.warn_at is not None
    if task.warn_text is None or own_deadline(task.warn_text) is not None:
        return limits.due(scene.ctx, Limit(by), key, task.warn_at)
    limit, stops = parse(task.due_text or ""), pauses_of(scene.ctx, scene.row.instance_id)
    calendar, start = limits.calendar(scene.ctx, key), task.due_from or task.opened_at
    return replace(due, at=share_at(task.warn_text, limit, start, due.at, calendar, stops))


def require_span(by: str) -> None:
    """Raise Invalid (or InvalidDeadline) unless a text says by how much a limit is to be moved."""
    limit = parse(by)
    if limit.unit in _NO_SPANS or limit.anchor or limit.amber:
        raise Invalid("延期请写延长多久，例如“3个工作日”“2小时(工作时间)”“24小时”")


def _follow(scene: Scene, task: TaskRow, role: str, due: Due, services: Services) -> None:
    """Let the timers of a role watch the new moment; a case already running knows best which have fired."""
    still_waits = timers.move(scene.ctx.connection, scene.row.instance_id, task.host, role, due.at)
    if role == "warn" and due.at <= scene.ctx.now:
        return  # nobody is warned of what lies behind
    if scene.case is not None or not still_waits:
        _listen_again(scene, task, role, due, services)


def _listen_again(scene: Scene, task: TaskRow, role: str, due: Due, services: Services) -> None:
    elements = scene.released.definition.elements.values()
    if not any(e.attached_to == task.element_id and e.timer and ROLES.get(e.timer[1]) == role for e in elements):
        return
    case = scene.case or load(scene, services)
    rows: list[dict[str, Any]] = [
        {
            "instance_id": scene.row.instance_id,
            "token_id": token_id,
            "element_id": element.id,
            "host": task.host,
            "role": role,
            "kind": "once",
            "text": (task.due_text if role == "due" else task.warn_text) or "",
            "due_at": due.at,
            "due_from": task.due_from if role == "due" else task.warn_from,
            "calendar": due.calendar,
            "calendar_version": due.calendar_version,
            "state": "paused" if scene.is_paused else "waiting",
        }
        for token_id, element in case.listen_again(task.token_id, role)
    ]
    if rows:
        timers.add(scene.ctx.connection, rows)
