"""Events: one ring to start, two on the way, a thick one to end, and the sign of what they wait for or throw."""

from lxml import etree

from engine.bpmn.documents import local_name
from engine.bpmn.picture_plan import Shape
from engine.bpmn.picture_text import n

THROWING = frozenset({"endEvent", "intermediateThrowEvent"})
EVENTS = THROWING | {"startEvent", "intermediateCatchEvent", "boundaryEvent"}

_TICKS = (
    "M0-8V-6.6M4-6.9L3.3-5.7M6.9-4L5.7-3.3M8 0H6.6M6.9 4L5.7 3.3M4 6.9L3.3 5.7M0 8V6.6"
    "M-4 6.9L-3.3 5.7M-6.9 4L-5.7 3.3M-8 0H-6.6M-6.9-4L-5.7-3.3M-4-6.9L-3.3-5.7"
)
_OUTLINES = {
    "errorEventDefinition": "M-7 7L-2.8-6.5L2.2 1.5L7-8L3 7L-2-0.8z",
    "escalationEventDefinition": "M0-8.5L6 7.5L0 1L-6 7.5z",
    "signalEventDefinition": "M0-8L8 6H-8z",
    "linkEventDefinition": "M-8.5-3.5H1.5V-7.5L8.5 0L1.5 7.5V3.5H-8.5z",
    "compensateEventDefinition": "M-0.5-6V6L-8.5 0zM7.5-6V6L-0.5 0z",
    "cancelEventDefinition": "M-7.5-5L-5-7.5L0-2.5L5-7.5L7.5-5L2.5 0L7.5 5L5 7.5L0 2.5L-5 7.5L-7.5 5L-2.5 0z",
}
PENTAGON = "M0-8.5L8.1-2.6L5 6.9H-5L-8.1-2.6z"
CROSS = "M-2-8H2V-2H8V2H2V8H-2V2H-8V-2H-2z"


def event(shape: Shape) -> str:
    """Give an event's rings and sign."""
    box = shape.box
    radius = min(box.width, box.height) / 2
    classes = ["shape"]
    if shape.kind == "endEvent":
        classes.append("thick")
    if shape.node.get("cancelActivity") == "false" or shape.node.get("isInterrupting") == "false":
        classes.append("dash")
    names, at = " ".join(classes), f'cx="{n(box.cx)}" cy="{n(box.cy)}"'
    rings = f'<circle class="{names}" {at} r="{n(radius)}"/>'
    if shape.kind not in ("startEvent", "endEvent"):
        names = names.replace("shape", "ring")
        rings += f'<circle class="{names}" {at} r="{n(max(0.0, radius - 3))}"/>'
    sign = _sign(shape)
    scale = radius / 18
    turned = f"translate({n(box.cx)} {n(box.cy)})" + ("" if scale == 1 else f" scale({scale:.2f})")
    return rings + (f'<g transform="{turned}">{sign}</g>' if sign else "")


def meaning(node: etree._Element) -> str:
    """Give the one thing an event waits for or throws: the tag of its definition, `multiple`, or nothing."""
    found = [local_name(child) for child in node if local_name(child).endswith("EventDefinition")]
    if len(found) > 1:
        return "multiple"
    return found[0] if found else ""


def _sign(shape: Shape) -> str:
    kind, throws = meaning(shape.node), shape.kind in THROWING
    if kind == "messageEventDefinition":
        return envelope(throws)
    if kind == "timerEventDefinition":
        return f'<circle class="icon" r="9.5"/><path class="icon" d="{_TICKS}M0-6V0L3.5 2.5"/>'
    if kind == "terminateEventDefinition":
        return '<circle class="solid" r="10"/>'
    if kind == "conditionalEventDefinition":
        return '<path class="icon" d="M-6.5-8H6.5V8H-6.5zM-4-5H4M-4-1.7H4M-4 1.7H4M-4 5H4"/>'
    if kind == "multiple":
        together = shape.node.get("parallelMultiple") == "true"
        return _path(CROSS if together else PENTAGON, filled=throws)
    outline = _OUTLINES.get(kind)
    return _path(outline, filled=throws) if outline else ""


def _path(outline: str, *, filled: bool) -> str:
    return f'<path class="{"solid" if filled else "icon"}" d="{outline}"/>'


def envelope(filled: bool) -> str:
    """Give a letter, 16 by 11 around the origin; a filled one is being sent."""
    if filled:
        return '<path class="solid" d="M-8-5.5H8V5.5H-8z"/><path class="inverse" d="M-8-5.5L0 0.8L8-5.5"/>'
    return '<path class="icon" d="M-8-5.5H8V5.5H-8zL0 0.8L8-5.5"/>'
