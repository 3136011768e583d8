"""Move the limit of an open task: its timers, its row and the order's due moment together.

This is UPDATE alone, unless the `到期` timer has fired already: then a fresh one is left waiting for the new moment.
"""

from datetime import datetime

from engine.bpmn.arrivals import Limit, Services
from engine.bpmn.events import ROLES
from engine.domain.errors import Invalid, NotFound
from engine.steps import limits
from engine.steps.limits import Due
from engine.steps.scene import Scene, load
from engine.store import timers, user_tasks
from engine.store.instances import TaskRow


def extend_element(scene: Scene, element_id: str, by: str, services: Services) -> datetime:
    """Extend every open task of an element; give the (last) new due moment; raise NotFound when none is open."""
    tasks = user_tasks.open_of(scene.ctx.connection, scene.row.instance_id, element_id)
    if not tasks:
        raise NotFound(f"{element_id} 没有打开着的待办,不能延期")
    return max(extend(scene, task, by, services) for task in tasks)


def extend(scene: Scene, task: TaskRow, by: str, services: Services) -> datetime:
    """Let a task fall due `by` later than it would have; a warning still to come moves with it. Raises Invalid without a limit."""
    if task.due_at is None:
        raise Invalid("这件待办没有时限,不用延期")
    element = scene.released.definition.elements[task.element_id]
    key = task.calendar or scene.calendar_of(element.properties)
    due = limits.due(scene.ctx, Limit(by), key, task.due_at)
    due_at = due.at
    warn_at = limits.due(scene.ctx, Limit(by), key, task.warn_at).at if task.warn_at else None
    connection, instance_id = scene.ctx.connection, scene.row.instance_id
    user_tasks.set_limits(connection, task.id, due_at, warn_at)
    still_waits = timers.move(connection, instance_id, task.host, "due", due_at)
    if warn_at is not None:
        timers.move(connection, instance_id, task.host, "warn", warn_at)
    if scene.case is not None or not still_waits:
        _listen_again(scene, task, due, services)
    if task.element_id in scene.released.procedure.deadline:
        scene.order["due_at"] = due_at
    scene.note(
        "UserTaskExtended", task.element_id, task=task.id, by=by, was=task.due_at.isoformat(), due_at=due_at.isoformat()
    )
    return due_at


def _listen_again(scene: Scene, task: TaskRow, due: Due, services: Services) -> None:
    """Let a `到期` timer that has fired watch the new moment; a case already running knows best which have."""
    elements = scene.released.definition.elements.values()
    if not any(e.attached_to == task.element_id and e.timer and ROLES.get(e.timer[1]) == "due" for e in elements):
        return
    case = scene.case or load(scene, services)
    rows = [
        {
            "instance_id": scene.row.instance_id,
            "token_id": token_id,
            "element_id": element.id,
            "host": task.host,
            "role": "due",
            "kind": "once",
            "text": task.due_text or "",
            "due_at": due.at,
            "due_from": task.due_from,
            "calendar": due.calendar,
            "calendar_version": due.calendar_version,
        }
        for token_id, element in case.listen_again(task.token_id, "due")
    ]
    if rows:
        timers.add(scene.ctx.connection, rows)
