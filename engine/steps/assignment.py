"""Who holds a task from the start: a named person, or whoever the diagram's strategy picks."""

from dataclasses import dataclass, field

from engine.bpmn.arrivals import TaskOpened
from engine.steps.scene import Scene
from engine.steps.services import StepServices
from engine.store import people


@dataclass(frozen=True, slots=True)
class AssignmentQuestion:
    """What a strategy is asked."""

    element_id: str
    starter: str
    groups: tuple[str, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Assignment:
    """What it answers: a person, or nobody (then the candidates may claim)."""

    person: str | None = None


def holder_of(scene: Scene, task: TaskOpened) -> str | None:
    """Give the holder of a task that has just opened, or None where candidates must claim it.

    A task that was sent back is for whoever did it before; nobody whom the case is about holds one.
    """
    holder = _holder_of(scene, task)
    return None if holder in scene.recused else holder


def _holder_of(scene: Scene, task: TaskOpened) -> str | None:
    back = scene.returned.get((task.element.id, task.item))
    if (
        back is not None
        and back["to"] not in scene.recused
        and (known := people.active(scene.ctx.connection, [back["to"]]))
    ):
        return known[0]
    if not task.assignee:
        return None
    if scene.ctx.engine.register.is_decision(task.assignee):
        asked = {"element_id": task.element.id, "starter": scene.row.created_by, "groups": task.groups}
        picked = StepServices(scene).decide(task.assignee, asked).get("person")
        return str(picked) if picked else None
    found = people.active(scene.ctx.connection, [task.assignee])
    return found[0] if found else None
