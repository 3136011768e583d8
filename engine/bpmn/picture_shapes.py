"""Everything that is no event: pools, lanes, activities with their small signs, gateways, data, notes."""

from collections.abc import Callable

from engine.bpmn.documents import tag
from engine.bpmn.picture_events import CROSS, PENTAGON, envelope
from engine.bpmn.picture_plan import Box, Shape
from engine.bpmn.picture_text import block, inside, n, sideways, wrap

SUB_PROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"})
_GEAR = (
    "M6.8 3.2V1.1H9.2V3.2L10.6 3.7L12 2.3L13.7 4L12.3 5.4L12.8 6.8H14.9V9.2H12.8L12.3 10.6L13.7 12L12 13.7L10.6 12.3"
    "L9.2 12.8V14.9H6.8V12.8L5.4 12.3L4 13.7L2.3 12L3.7 10.6L3.2 9.2H1.1V6.8H3.2L3.7 5.4L2.3 4L4 2.3L5.4 3.7z"
    "M8 5.6A2.4 2.4 0 1 0 8 10.4A2.4 2.4 0 1 0 8 5.6z"
)
ICONS = {
    "userTask": "M8 8.4A3.3 3.3 0 1 0 8 1.8A3.3 3.3 0 1 0 8 8.4zM1.8 15V13.4C1.8 10.8 3.6 9.6 5.6 9.4L8 11.6L10.4 9.4"
    "C12.4 9.6 14.2 10.8 14.2 13.4V15z",
    "serviceTask": _GEAR,
    "scriptTask": "M4.5 1.5H13.5C10.8 3.8 14.6 5.9 13.4 8.2S11.2 12.4 12 14.5H2.5C5.2 12.2 1.4 10.1 2.6 7.8S5.3 3.6 4.5 1.5z"
    "M5.6 4.8H10.8M5 8H10.8M5.2 11.2H10.4",
    "manualTask": "M1.2 7.4L4.6 3.4H9.4A1.1 1.1 0 0 1 9.4 5.6H7.4M9.4 5.6H13.6A1 1 0 0 1 13.6 7.6H8.6"
    "M13.6 7.6A1 1 0 0 1 13.4 9.6H8.6M13 9.6A1 1 0 0 1 12.6 11.5H8.4M12 11.5A0.9 0.9 0 0 1 11.6 13.4H5L1.2 11.4",
    "businessRuleTask": "M1.5 2.5H14.5V13.5H1.5zM1.5 6H14.5M1.5 9.8H14.5M5.5 6V13.5",
}
_PAGE = "M{x} {y}h{w}l10 10v{h}h-{full}zm{w} 0v10h10"


def pool(shape: Shape) -> str:
    """Give a pool; one without a process is a black box with its name in the middle."""
    box = shape.box
    if not shape.node.get("processRef"):
        return _rect(box, "pool") + inside(shape.name, box)
    if shape.is_horizontal:
        return _rect(box, "pool") + _line(box.x + 30, box.y, 0, box.height) + sideways(shape.name, box)
    band = Box(box.x, box.y, box.width, 30)
    return _rect(box, "pool") + _line(box.x, box.y + 30, box.width, 0) + inside(shape.name, band)


def lane(shape: Shape) -> str:
    """Give a lane."""
    box = shape.box
    name = sideways(shape.name, box) if shape.is_horizontal else inside(shape.name, Box(box.x, box.y, box.width, 30))
    return _rect(box, "lane") + name


def activity(shape: Shape) -> str:
    """Give a task, a call or a sub-process."""
    box, kind = shape.box, shape.kind
    classes = "shape"
    if kind == "callActivity":
        classes += " thick"
    if shape.node.get("triggeredByEvent") == "true":
        classes += " dash"
    drawn = _rect(box, classes, 10)
    if kind == "transaction":
        drawn += _rect(box.inner(3), "ring", 8)
    if kind in SUB_PROCESSES and shape.is_expanded:
        return drawn + inside(shape.name, box, at_top=True) + _markers(shape)
    markers = _markers(shape)
    return drawn + _icon(shape) + inside(shape.name, box, below=14 if markers else 0) + markers


def _icon(shape: Shape) -> str:
    x, y = shape.box.x + 6, shape.box.y + 6
    if shape.kind in ("sendTask", "receiveTask"):
        sign = envelope(shape.kind == "sendTask")
        return f'<g transform="translate({n(x + 8)} {n(y + 7)})">{sign}</g>'
    outline = ICONS.get(shape.kind)
    return f'<path class="icon" transform="translate({n(x)} {n(y)})" d="{outline}"/>' if outline else ""


def _markers(shape: Shape) -> str:
    """Signs at the foot: collapsed, repeated, ad hoc, compensation."""
    signs = []
    repeated = shape.node.find(tag("multiInstanceLoopCharacteristics"))
    if repeated is not None:
        in_turn = repeated.get("isSequential") == "true"
        signs.append("M-5-5H5M-5 0H5M-5 5H5" if in_turn else "M-5-6V6M0-6V6M5-6V6")
    if shape.node.find(tag("standardLoopCharacteristics")) is not None:
        signs.append("M-2.5 5A5.5 5.5 0 1 1 2.5 5M-2.5 5L-6 5.4M-2.5 5L-2.4 1.6")
    if shape.kind == "adHocSubProcess":
        signs.append("M-7 1.5C-4-4-1.5-2 0 0S4 4 7-1.5")
    if shape.node.get("isForCompensation") == "true":
        signs.append("M-0.5-5V5L-7 0zM6-5V5L-0.5 0z")
    if shape.kind in SUB_PROCESSES and not shape.is_expanded:
        signs.append("M-7-7H7V7H-7zM0-4.5V4.5M-4.5 0H4.5")
    y, left = shape.box.y + shape.box.height - 10, shape.box.cx - (len(signs) - 1) * 9
    return "".join(
        f'<path class="icon" transform="translate({n(left + i * 18)} {n(y)})" d="{sign}"/>'
        for i, sign in enumerate(signs)
    )


def gateway(shape: Shape) -> str:
    """Give a rhombus with its sign."""
    box = shape.box
    points = f"{n(box.cx)},{n(box.y)} {n(box.x + box.width)},{n(box.cy)} {n(box.cx)},{n(box.y + box.height)} {n(box.x)},{n(box.cy)}"
    sign = _gateway_sign(shape)
    turned = f'<g transform="translate({n(box.cx)} {n(box.cy)})">{sign}</g>' if sign else ""
    return f'<polygon class="shape" points="{points}"/>{turned}'


def _gateway_sign(shape: Shape) -> str:
    if shape.kind == "exclusiveGateway":
        return '<path class="bold" d="M-6-7L6 7M6-7L-6 7"/>' if shape.is_marked else ""
    if shape.kind == "parallelGateway":
        return '<path class="bold" d="M0-10V10M-10 0H10"/>'
    if shape.kind == "inclusiveGateway":
        return '<circle class="bold" r="10.5"/>'
    if shape.kind == "complexGateway":
        return '<path class="bold" d="M0-10V10M-10 0H10M-7-7L7 7M7-7L-7 7"/>'
    inner = CROSS if shape.node.get("eventGatewayType") == "Parallel" else PENTAGON
    second = "" if shape.node.get("instantiate") == "true" else '<circle class="icon" r="11"/>'
    return f'<circle class="icon" r="13.5"/>{second}<path class="icon" transform="scale(.8)" d="{inner}"/>'


def data_object(shape: Shape) -> str:
    """Give a sheet with a folded corner."""
    box = shape.box
    w = box.width - 10
    page = _PAGE.format(x=n(box.x), y=n(box.y), w=n(w), h=n(box.height - 10), full=n(box.width))
    return f'<path class="shape" d="{page}"/>'


def data_store(shape: Shape) -> str:
    """Give a drum."""
    b = shape.box
    x, y, w, h, r = n(b.x), n(b.y + b.height * 0.15), n(b.width), n(b.height * 0.7), n(b.height * 0.15)
    half = n(b.width / 2)
    return (
        f'<path class="shape" d="M{x} {y}a{half} {r} 0 0 1 {w} 0v{h}a{half} {r} 0 0 1 -{w} 0z'
        f'M{x} {y}a{half} {r} 0 0 0 {w} 0"/>'
    )


def note(shape: Shape) -> str:
    """Give a text annotation: a bracket and its text."""
    b = shape.box
    text = (shape.node.findtext(tag("text")) or "").strip()
    lines = wrap(text, b.width - 12, most=max(1, int(b.height // 14.5)))
    bracket = f'<path class="icon" d="M{n(b.x + 10)} {n(b.y)}H{n(b.x)}V{n(b.y + b.height)}H{n(b.x + 10)}"/>'
    return bracket + block(lines, b.x + 7, b.y + 5, start=True)


def group(shape: Shape) -> str:
    """Give the dashed frame of a group."""
    return _rect(shape.box, "group", 10)


DRAWN: dict[str, Callable[[Shape], str]] = {
    "participant": pool,
    "lane": lane,
    "dataObjectReference": data_object,
    "dataInput": data_object,
    "dataOutput": data_object,
    "dataStoreReference": data_store,
    "textAnnotation": note,
    "group": group,
    **dict.fromkeys(GATEWAYS, gateway),
}
"""How each kind is drawn; events have a room of their own, everything else is an activity."""


def _rect(box: Box, classes: str, radius: float = 0) -> str:
    rounded = f' rx="{n(radius)}"' if radius else ""
    return f'<rect class="{classes}" x="{n(box.x)}" y="{n(box.y)}" width="{n(box.width)}" height="{n(box.height)}"{rounded}/>'


def _line(x: float, y: float, dx: float, dy: float) -> str:
    return f'<path class="pool" d="M{n(x)} {n(y)}l{n(dx)} {n(dy)}"/>'
