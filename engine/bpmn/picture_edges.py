"""Connections: rounded corners, arrowheads as shapes of their own (no ids that could collide on a page), names beside them."""

import math

from lxml import etree

from engine.bpmn.documents import local_name, tag
from engine.bpmn.picture_plan import Box, Edge
from engine.bpmn.picture_shapes import GATEWAYS
from engine.bpmn.picture_text import n

Point = tuple[float, float]
CORNER = 5.0


def edge(drawn: Edge, nodes: dict[str, etree._Element]) -> str:
    """Give a connection's line and what stands at its ends."""
    if drawn.kind == "sequenceFlow":
        return _line(drawn, "flow") + _head(drawn.points) + _tail(drawn, nodes)
    if drawn.kind == "messageFlow":
        x, y = drawn.points[0]
        start = f'<circle class="open" cx="{n(x)}" cy="{n(y)}" r="3.5"/>'
        return _line(drawn, "message-flow") + start + _head(drawn.points, "open")
    line = _line(drawn, "association")
    points_somewhere = "data" in drawn.kind.lower() or drawn.node.get("associationDirection") in ("One", "Both")
    return line + (_head(drawn.points, "bare") if points_somewhere else "")


def middle(points: tuple[Point, ...]) -> Point:
    """Give the point halfway along a line."""
    lengths = [math.dist(a, b) for a, b in zip(points, points[1:], strict=False)]
    left = sum(lengths) / 2
    for (a, b), length in zip(zip(points, points[1:], strict=False), lengths, strict=True):
        if left <= length:
            share = left / length if length else 0.0
            return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share
        left -= length
    return points[-1]


def label_place(drawn: Edge) -> Box:
    """Give where a connection's name goes: its own place, else just above its middle."""
    if drawn.label is not None:
        return drawn.label
    x, y = middle(drawn.points)
    return Box(x - 45, y - 18, 90, 14)


def _line(drawn: Edge, classes: str) -> str:
    points = drawn.points
    path = f"M{n(points[0][0])} {n(points[0][1])}"
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        one, two = _towards(here, before), _towards(here, after)
        path += f"L{n(one[0])} {n(one[1])}Q{n(here[0])} {n(here[1])} {n(two[0])} {n(two[1])}"
    return f'<path class="{classes}" d="{path}L{n(points[-1][0])} {n(points[-1][1])}"/>'


def _towards(corner: Point, other: Point) -> Point:
    """Give the point where a rounded corner begins."""
    length = math.dist(corner, other)
    share = min(CORNER, length / 2) / length if length else 0.0
    return corner[0] + (other[0] - corner[0]) * share, corner[1] + (other[1] - corner[1]) * share


def _direction(start: Point, end: Point) -> float:
    return math.degrees(math.atan2(end[1] - start[1], end[0] - start[0]))


def _head(points: tuple[Point, ...], classes: str = "head") -> str:
    (x, y), before = points[-1], _different(points)
    shape = "M-8-4L0 0L-8 4" + ("" if classes == "bare" else "z")
    return f'<path class="{classes}" transform="translate({n(x)} {n(y)}) rotate({n(_direction(before, (x, y)))})" d="{shape}"/>'


def _different(points: tuple[Point, ...]) -> Point:
    """Give the last point that is not the end itself: editors leave doubled way points."""
    return next((p for p in reversed(points[:-1]) if math.dist(p, points[-1]) > 0.5), points[0])


def _tail(drawn: Edge, nodes: dict[str, etree._Element]) -> str:
    """The slash of a default flow, or the rhombus of a condition that leaves an activity."""
    source = nodes.get(str(drawn.node.get("sourceRef")))
    if source is None:
        return ""
    (x, y), second = drawn.points[0], drawn.points[1]
    turned = f'transform="translate({n(x)} {n(y)}) rotate({n(_direction((x, y), second))})"'
    if source.get("default") == drawn.id:
        return f'<path class="icon" {turned} d="M6 5L11-5"/>'
    conditional = drawn.node.find(tag("conditionExpression")) is not None
    if conditional and local_name(source) not in GATEWAYS:
        return f'<path class="open" {turned} d="M0 0L7-4L14 0L7 4z"/>'
    return ""
