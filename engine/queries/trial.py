"""Trying something out on a copy of a case that is thrown away: the very code that would do it, and no effect.

What the diagram does wrong meanwhile is told as the command would tell it: the executor turns it into StepFailed.
"""

from collections.abc import Mapping
from typing import Any

from engine.bpmn.elements import Element
from engine.bpmn.runtime import Case
from engine.domain.errors import StepFailed
from engine.steps.scene import Scene, load


class NoServices:
    """A trial opens and closes tasks: nothing that the diagram calls may be called."""

    def is_job(self, topic: str) -> bool:
        """No job is queued."""
        return False

    def serve(self, element: Element, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        """Refuse."""
        raise StepFailed(f"{element.id}:预演时不能执行")


def at_rest(scene: Scene, services: Any = None) -> Case:
    """Load a case to try something out on. Nothing has happened yet: a choice that is refused now is nobody's failure."""
    case = load(scene, NoServices() if services is None else services)
    scene.ctx.acting = False
    return case
