"""What is drawn where: shapes and edges of a diagram's first plane, read from its BPMN DI."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from engine.bpmn.documents import local_name, tag
from engine.domain.errors import InvalidDiagram

BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DI = "{http://www.omg.org/spec/DD/20100524/DI}"
LABEL = 50.0
"""How far a name may reach beyond what it belongs to."""
FARTHEST = 100_000.0
"""Coordinates beyond this are no drawing but an attempt to make a page burst."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the drawing."""

    x: float
    y: float
    width: float
    height: float

    @property
    def cx(self) -> float:
        """The middle, from left."""
        return self.x + self.width / 2

    @property
    def cy(self) -> float:
        """The middle, from top."""
        return self.y + self.height / 2

    def inner(self, by: float) -> "Box":
        """Give the box that lies `by` inside this one."""
        return Box(self.x + by, self.y + by, max(0.0, self.width - 2 * by), max(0.0, self.height - 2 * by))

    def meets(self, other: "Box") -> bool:
        """Whether two boxes have a point in common."""
        beside = other.x > self.x + self.width or self.x > other.x + other.width
        return not (beside or other.y > self.y + self.height or self.y > other.y + other.height)


@dataclass(frozen=True, slots=True)
class Shape:
    """An element with a place."""

    id: str
    kind: str
    node: etree._Element
    box: Box
    label: Box | None
    is_horizontal: bool
    is_expanded: bool
    is_marked: bool
    """Whether an exclusive gateway shows its X."""

    @property
    def name(self) -> str:
        """What is written on it."""
        return self.node.get("name") or ""


@dataclass(frozen=True, slots=True)
class Edge:
    """A connection with its way points."""

    id: str
    kind: str
    node: etree._Element
    points: tuple[tuple[float, float], ...]
    label: Box | None

    @property
    def name(self) -> str:
        """What is written on it."""
        return self.node.get("name") or ""

    @property
    def room(self) -> Box:
        """The box around its way points."""
        xs, ys = [x for x, _ in self.points], [y for _, y in self.points]
        return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


@dataclass(frozen=True, slots=True)
class Plan:
    """One plane: what is drawn, in the document's order, and everything the diagram names by id."""

    name: str
    shapes: tuple[Shape, ...]
    edges: tuple[Edge, ...]
    nodes: dict[str, etree._Element]

    def within(self, window: Box) -> "Plan":
        """Give only what shows in a window, labels' room included."""
        seen = window.inner(-LABEL)
        shapes = tuple(s for s in self.shapes if seen.meets(s.box))
        return replace(self, shapes=shapes, edges=tuple(e for e in self.edges if seen.meets(e.room)))


def read_plan(root: etree._Element) -> Plan:
    """Give the first plane of a document; raise InvalidDiagram where nothing is drawn or a place is no number."""
    plane = next(root.iter(f"{BPMNDI}BPMNPlane"), None)
    if plane is None:
        raise InvalidDiagram("这张图没有画出来:文件里只有流程,没有图形坐标(BPMN DI)。请在 Modeler 里打开并保存一次")
    nodes = {str(n.get("id")): n for n in root.iter() if isinstance(n.tag, str) and n.get("id")}
    drawn = {str(s.get("bpmnElement")) for s in plane.iter(f"{BPMNDI}BPMNShape")}
    shapes = tuple(_shapes(plane, nodes, drawn))
    if not shapes:
        raise InvalidDiagram("这张图没有画出来:一个图形的坐标也没有(BPMN DI)。请在 Modeler 里打开并保存一次")
    process = next(root.iter(tag("process")), None)
    name = process.get("name") or process.get("id") or "" if process is not None else ""
    return Plan(name, shapes, tuple(_edges(plane, nodes)), nodes)


def _shapes(plane: etree._Element, nodes: dict[str, etree._Element], drawn: set[str]) -> Iterator[Shape]:
    for shape in plane.iter(f"{BPMNDI}BPMNShape"):
        ident = str(shape.get("bpmnElement"))
        node, bounds = nodes.get(ident), shape.find(f"{DC}Bounds")
        if node is None or bounds is None:
            continue
        expanded = shape.get("isExpanded")
        holds_drawn = any(str(child.get("id")) in drawn for child in node if isinstance(child.tag, str))
        yield Shape(
            id=ident,
            kind=local_name(node),
            node=node,
            box=_box(bounds),
            label=_label(shape),
            is_horizontal=shape.get("isHorizontal") != "false",
            is_expanded=expanded == "true" or (expanded is None and holds_drawn),
            is_marked=shape.get("isMarkerVisible") != "false",
        )


def _edges(plane: etree._Element, nodes: dict[str, etree._Element]) -> Iterator[Edge]:
    for edge in plane.iter(f"{BPMNDI}BPMNEdge"):
        node = nodes.get(str(edge.get("bpmnElement")))
        points = tuple((_number(p, "x"), _number(p, "y")) for p in edge.iterfind(f"{DI}waypoint"))
        if node is not None and len(points) > 1:
            yield Edge(str(edge.get("bpmnElement")), local_name(node), node, points, _label(edge))


def _label(holder: etree._Element) -> Box | None:
    bounds = holder.find(f"{BPMNDI}BPMNLabel/{DC}Bounds")
    return None if bounds is None else _box(bounds)


def _box(bounds: etree._Element) -> Box:
    return Box(_number(bounds, "x"), _number(bounds, "y"), _number(bounds, "width"), _number(bounds, "height"))


def _number(node: etree._Element, name: str) -> float:
    try:
        value = float(node.get(name, ""))
    except ValueError as error:
        raise InvalidDiagram(f"图形坐标 {name} 不是数字") from error
    if not math.isfinite(value) or abs(value) > FARTHEST:
        raise InvalidDiagram(f"图形坐标 {name} 太大")
    return value
