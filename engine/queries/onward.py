"""Who gets a case next, as far as the drawing tells."""

from dataclasses import dataclass

from engine.bpmn.onward import next_steps
from engine.steps.released import Released

MOST = 3


@dataclass(frozen=True, slots=True)
class Onward:
    """A step that may follow: its name, the lane it is drawn in, and its limit where that is a fixed text."""

    name: str
    lane: str
    limit: str
    ends: bool


def onward(version: Released, element_id: str) -> list[Onward]:
    """Give the steps that may follow, nearest first; none where the drawing leaves it open to more than MOST."""
    elements = version.definition.elements
    found = next_steps(elements, element_id) if element_id in elements else []
    if len(found) > MOST:
        return []
    return [
        Onward(e.name, e.lane if e.is_manual else "", _fixed(e.attributes.get("dueDate", "")), e.kind == "endEvent")
        for e in found
    ]


def _fixed(limit: str) -> str:
    return "" if "${" in limit else limit
