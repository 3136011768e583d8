"""Move the limit of an open task: its timers, its row and the order's due moment together, by UPDATE alone."""

from datetime import datetime

from engine.bpmn.arrivals import Limit
from engine.domain.errors import Invalid, NotFound
from engine.steps import limits
from engine.steps.scene import Scene
from engine.store import timers, user_tasks
from engine.store.instances import TaskRow


def extend_element(scene: Scene, element_id: str, by: str) -> datetime:
    """Extend every open task of an element; give the (last) new due moment; raise NotFound when none is open."""
    tasks = user_tasks.open_of(scene.ctx.connection, scene.row.instance_id, element_id)
    if not tasks:
        raise NotFound(f"{element_id} 没有打开着的待办,不能延期")
    return max(extend(scene, task, by) for task in tasks)


def extend(scene: Scene, task: TaskRow, by: str) -> datetime:
    """Let a task fall due `by` later than it would have; the warning moves with it. Raises Invalid without a limit."""
    if task.due_at is None:
        raise Invalid("这件待办没有时限,不用延期")
    element = scene.released.definition.elements[task.element_id]
    key = task.calendar or scene.calendar_of(element.properties)
    due_at = limits.due(scene.ctx, Limit(by), key, task.due_at).at
    warn_at = limits.due(scene.ctx, Limit(by), key, task.warn_at).at if task.warn_at else None
    connection, instance_id = scene.ctx.connection, scene.row.instance_id
    user_tasks.set_limits(connection, task.id, due_at, warn_at)
    timers.move(connection, instance_id, task.host, "due", due_at)
    if warn_at is not None:
        timers.move(connection, instance_id, task.host, "warn", warn_at)
    if task.element_id in scene.released.procedure.deadline:
        scene.order["due_at"] = due_at
    scene.note(
        "UserTaskExtended", task.element_id, task=task.id, by=by, was=task.due_at.isoformat(), due_at=due_at.isoformat()
    )
    return due_at
