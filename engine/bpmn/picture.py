"""A diagram drawn on the server from its BPMN DI: works without JavaScript, and nothing that was uploaded is shown as it came.

The SVG carries classes only, no style attributes: `web/static/diagram.css` colours it, so it lives under a strict CSP.
"""

from collections.abc import Iterator, Mapping

from engine.bpmn.documents import read
from engine.bpmn.picture_edges import edge, label_place
from engine.bpmn.picture_events import EVENTS, event, meaning
from engine.bpmn.picture_plan import Box, Edge, Plan, Shape, read_plan
from engine.bpmn.picture_shapes import DRAWN, GATEWAYS, SUB_PROCESSES, activity
from engine.bpmn.picture_text import escaped, n, outside

MARGIN = 24.0
STATES = {"done": "已办", "current": "正在办", "overdue": "已逾期", "waiting": "等待中"}
"""What a mark means, in the element's title."""
_BADGES = {
    "done": "M-4 0.3L-1.2 3.2L4.2-3.2",
    "current": "M-2.4-4L4 0L-2.4 4z",
    "overdue": "M0-4.5V1M0 3.6V4",
    "waiting": "M0-4V0.4L2.8 2",
}
_KINDS = {
    "userTask": "人工任务",
    "manualTask": "人工任务",
    "task": "人工任务",
    "serviceTask": "服务任务",
    "sendTask": "发送任务",
    "receiveTask": "接收任务",
    "scriptTask": "脚本任务",
    "businessRuleTask": "判断表",
    "callActivity": "调用的流程",
    "subProcess": "子流程",
    "transaction": "事务",
    "adHocSubProcess": "临时子流程",
    "startEvent": "开始",
    "endEvent": "结束",
    "intermediateCatchEvent": "等待的事件",
    "intermediateThrowEvent": "抛出的事件",
    "boundaryEvent": "边界事件",
    "exclusiveGateway": "排他网关",
    "parallelGateway": "并行网关",
    "inclusiveGateway": "包容网关",
    "eventBasedGateway": "事件网关",
    "complexGateway": "复杂网关",
    "sequenceFlow": "顺序流",
    "messageFlow": "消息流",
    "participant": "流程",
    "lane": "泳道",
    "textAnnotation": "注释",
}
_MEANINGS = {
    "timerEventDefinition": "定时",
    "messageEventDefinition": "消息",
    "errorEventDefinition": "错误",
    "terminateEventDefinition": "终止",
    "signalEventDefinition": "信号",
    "escalationEventDefinition": "升级",
    "conditionalEventDefinition": "条件",
}
_BELOW = ("participant", "lane", "group")
_OUTSIDE = EVENTS | GATEWAYS | {"dataObjectReference", "dataStoreReference", "dataInput", "dataOutput", "group"}
"""Kinds whose name stands beside them."""


def draw(
    xml: bytes, marks: Mapping[str, str], *, style: str = "", window: tuple[float, float] | None = None, near: str = ""
) -> str:
    """Give a diagram as SVG; `marks` colours elements by id as done, current, overdue or waiting.

    `style` is a style sheet of our own to put inside, for a picture that is shown without a page around it; `window` shows
    only so much (width, height), around the element `near` or else from where the procedure begins.
    Raises InvalidDiagram for XML that cannot be trusted or read, and where nothing is drawn.
    """
    plan = read_plan(read(xml))
    cut = _part(plan, *window, near) if window is not None else None
    if cut is not None:
        plan = plan.within(cut)
    rooms: list[Box] = [s.box for s in plan.shapes]
    parts = list(_parts(plan, marks, rooms))
    rooms += [Box(x, y, 0, 0) for e in plan.edges for x, y in e.points]
    frame = cut or _frame(rooms)
    sheet = f"<style>{style}</style>" if style else ""
    name = escaped(plan.name or "流程图")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="diagram" role="img" aria-label="{name}"'
        f' viewBox="{n(frame.x)} {n(frame.y)} {n(frame.width)} {n(frame.height)}"'
        f' width="{n(frame.width)}" height="{n(frame.height)}"><title>{name}</title>{sheet}{"".join(parts)}</svg>'
    )


def _parts(plan: Plan, marks: Mapping[str, str], rooms: list[Box]) -> Iterator[str]:
    """Containers lie below connections, boundary events above everything."""
    layers: tuple[list[Shape], ...] = ([], [], [], [])
    for shape in plan.shapes:
        layers[_layer(shape)].append(shape)
    containers = sorted(layers[1], key=lambda s: -s.box.width * s.box.height)
    yield from (_shape(s, marks, rooms) for s in (*layers[0], *containers))
    yield from (_edge(e, plan, marks, rooms) for e in plan.edges)
    yield from (_shape(s, marks, rooms) for s in (*layers[2], *layers[3]))


def _layer(shape: Shape) -> int:
    if shape.kind in _BELOW:
        return 0
    if shape.kind in SUB_PROCESSES and shape.is_expanded:
        return 1
    return 3 if shape.kind == "boundaryEvent" else 2


def _shape(shape: Shape, marks: Mapping[str, str], rooms: list[Box]) -> str:
    drawing = event(shape) if shape.kind in EVENTS else DRAWN.get(shape.kind, activity)(shape)
    if shape.kind in _OUTSIDE and shape.name:
        below = Box(shape.box.cx - 45, shape.box.y + shape.box.height + 5, 90, 14)
        text, room = outside(shape.name, shape.label or below)
        rooms.append(room)
        drawing += text
    state = marks.get(shape.id, "")
    return _element(shape.id, _title(shape), state, drawing + _badge(shape, state))


def _edge(drawn: Edge, plan: Plan, marks: Mapping[str, str], rooms: list[Box]) -> str:
    drawing = edge(drawn, plan.nodes)
    if drawn.name:
        text, room = outside(drawn.name, label_place(drawn))
        rooms.append(room)
        drawing += text
    title = f"{drawn.name}({_KINDS[drawn.kind]})" if drawn.name and drawn.kind in _KINDS else drawn.name
    return _element(drawn.id, title or _KINDS.get(drawn.kind, drawn.kind), marks.get(drawn.id, ""), drawing)


def _element(ident: str, title: str, state: str, drawing: str) -> str:
    known = state if state in STATES else ""
    classes = f"el {known}".strip()
    said = f"{title}:{STATES[known]}" if known else title
    return f'<g class="{classes}" data-element-id="{escaped(ident)}"><title>{escaped(said)}</title>{drawing}</g>'


def _title(shape: Shape) -> str:
    kind = _KINDS.get(shape.kind, shape.kind)
    if shape.kind in EVENTS:
        kind = _MEANINGS.get(meaning(shape.node), "") + kind
    return f"{shape.name}({kind})" if shape.name else kind


def _badge(shape: Shape, state: str) -> str:
    """A small sign at the corner, so that a state is never told by colour alone."""
    if state not in _BADGES:
        return ""
    box = shape.box
    inset = 0.0 if shape.kind not in EVENTS | GATEWAYS else min(box.width, box.height) * 0.15
    x, y = box.x + box.width - inset, box.y + inset
    return f'<g class="badge" transform="translate({n(x)} {n(y)})"><circle r="9"/><path d="{_BADGES[state]}"/></g>'


def _part(plan: Plan, width: float, height: float, near: str) -> Box:
    """Give the window with an element in its middle; else with the first start event at the left, at mid-height."""
    wanted = next((s.box for s in plan.shapes if s.id == near), None)
    if wanted is not None:
        return Box(wanted.cx - width / 2, wanted.cy - height / 2, width, height)
    first = next((s for s in plan.shapes if s.kind == "startEvent"), plan.shapes[-1])
    return Box(first.box.x - MARGIN, first.box.cy - height / 2, width, height)


def _frame(rooms: list[Box]) -> Box:
    left, top = min(r.x for r in rooms) - MARGIN, min(r.y for r in rooms) - MARGIN
    right, bottom = max(r.x + r.width for r in rooms) + MARGIN, max(r.y + r.height for r in rooms) + MARGIN
    return Box(left, top, right - left, bottom - top)
