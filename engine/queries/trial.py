"""Trying something out on a copy of a case that is thrown away: the very code that would do it, and no effect."""

from collections.abc import Mapping
from typing import Any

from engine.bpmn.elements import Element
from engine.domain.errors import StepFailed


class NoServices:
    """A trial opens and closes tasks: nothing that the diagram calls may be called."""

    def is_job(self, topic: str) -> bool:
        """No job is queued."""
        return False

    def serve(self, element: Element, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        """Refuse."""
        raise StepFailed(f"{element.id}:预演时不能执行")
