"""Hand in the answers of a task, and let its case go on."""

from collections.abc import Mapping
from typing import Any

from engine.steps import saving
from engine.steps.scene import Scene, load
from engine.steps.services import StepServices
from engine.steps.starting import reword
from engine.store.instances import TaskRow


def hand_in(scene: Scene, task: TaskRow, answers: Mapping[str, Any], words: str) -> None:
    """Complete a task with its cleaned answers and save all that comes of it; `words` digests what was typed. Raises StepFailed."""
    reword(scene, task, answers)
    case = load(scene, StepServices(scene))
    if task.returned and "then" in task.returned:
        scene.returned[task.returned["then"], ""] = _straight_back(scene, task, task.returned)
    case.complete(task.token_id, answers)
    said = {"task": task.id, "name": task.name, "item": task.item, "words": words}
    if task.on_behalf:
        said["on_behalf"] = task.on_behalf
    saving.stepped(scene, case, "UserTaskCompleted", task.element_id, **said)
    saving.save(scene, case, completed=task)


def _straight_back(scene: Scene, task: TaskRow, was: Mapping[str, Any]) -> dict[str, Any]:
    """Give why the step that had sent a task back is open again, and for whom: whoever sent it back."""
    said = {"by": scene.doer, "at": scene.ctx.now.isoformat(), "reason": "", "from": task.name}
    return {**said, "to": was["by"], "redone": True}
