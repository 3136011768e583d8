"""Deadlines and timers: each text can be read, each limit has a consequence."""

from engine.bpmn.documents import tag
from engine.bpmn.events import DUE, WARN
from engine.bpmn.lint.bundle import Bundle, Node
from engine.bpmn.lint.known import Known
from engine.bpmn.lint.names import Names, names_of
from engine.bpmn.lint.report import Report
from engine.domain.deadline import parse, parse_cycle, parse_warning
from engine.domain.errors import InvalidDeadline

_KINDS = ("timeDate", "timeDuration", "timeCycle")
_FOLLOWS = {DUE: ("dueDate", "时限"), WARN: ("followUpDate", "预警时刻")}


def check(bundle: Bundle, known: Known, report: Report) -> None:
    """Look at every limit of every task and at every timer."""
    names = names_of(bundle, known)
    for node in bundle.nodes():
        if node.element.is_manual:
            _limits(node, names, report)
        if "timer" in node.definitions:
            _timer(node, names, report)


def _limits(node: Node, names: Names, report: Report) -> None:
    due, warn = (node.element.attributes.get(attribute, "") for attribute, _ in _FOLLOWS.values())
    if due:
        _readable(node, due, "时限", names, report)
    if warn:
        _readable(node, warn, "预警时刻", names, report)
    if warn and not due and _is_share(warn):
        message = (
            f"{node.called}的预警时刻“{warn}”是时限的百分比,可这件待办没有写时限;请补上 camunda:dueDate,或写一个时长"
        )
        report.error(node.scope.file, node.id, "deadline-invalid", message)
    texts = {b.element.timer[1] for b in node.boundary if b.element.timer}
    if due and DUE not in texts:
        message = f"{node.called}有时限,却没有写着“{DUE}”的边界定时器,是没有后果的时限;请挂一个并连到逾期后要做的事"
        report.error(node.scope.file, node.id, "deadline-without-consequence", message)
    if (warn or _is_range(due)) and WARN not in texts:
        what = "预警时刻" if warn else "范围写的时限(下限预警)"
        message = f"{node.called}有{what},却没有写着“{WARN}”的边界定时器,预警只显示不提醒;要提醒请挂一个"
        report.warning(node.scope.file, node.id, "warning-without-timer", message)


def _timer(node: Node, names: Names, report: Report) -> None:
    file, drawn = node.scope.file, node.xml.find(tag("timerEventDefinition"))
    kinds = [] if drawn is None else [kind for kind in _KINDS if drawn.find(tag(kind)) is not None]
    kind, text = node.element.timer or ("duration", "")
    if len(kinds) != 1 or not text:
        message = f"{node.called}:定时器没有写时间,或写了不止一种;请只写一种,例如“3个工作日”"
        report.error(file, node.id, "timer-text", message)
        return
    if text in _FOLLOWS:
        _following(node, kind, text, report)
        return
    repeats = kind == "cycle"
    if repeats and (node.kind != "boundaryEvent" or node.interrupts):
        message = f"{node.called}:循环定时器只能是不打断的边界事件;请改成不打断,或把循环写成“时长”加回路"
        report.error(file, node.id, "timer-cycle", message)
    if repeats:
        _cycle(node, text, report)
    else:
        _readable(node, text, "定时器", names, report)


def _following(node: Node, kind: str, text: str, report: Report) -> None:
    attribute, label = _FOLLOWS[text]
    host = node.host
    said = host.element.attributes if host is not None and host.element.is_manual else {}
    followed = said.get(attribute) or (text == WARN and _may_be_range(said.get("dueDate", "")))
    if not followed or kind == "cycle":
        range_too = ",或把 camunda:dueDate 写成范围(如“3-5个工作日”)" if text == WARN else ""
        message = (
            f"{node.called}:“{text}”只能是待办的边界定时器,待办要写 camunda:{attribute}({label}){range_too},"
            "定时器不能是循环;请补上或改写时间"
        )
        report.error(node.scope.file, node.id, "due-timer-misplaced", message)


def _cycle(node: Node, text: str, report: Report) -> None:
    if "${" in text:
        return
    try:
        anchored = parse_cycle(text).interval.anchor
    except InvalidDeadline as error:
        report.error(node.scope.file, node.id, "timer-text", f"{node.called}的定时器:{error}")
        return
    if anchored:
        message = f"{node.called}的定时器:循环从到达这里起算,不能写“从 {anchored}”;请删去"
        report.error(node.scope.file, node.id, "timer-text", message)


def _readable(node: Node, text: str, label: str, names: Names, report: Report) -> None:
    if "${" in text:
        return
    rule = "timer-text" if label == "定时器" else "deadline-invalid"
    try:
        anchor = parse_warning(text).anchor if label == "预警时刻" else parse(text).anchor
    except InvalidDeadline as error:
        report.error(node.scope.file, node.id, rule, f"{node.called}的{label}:{error}")
        return
    if label == "定时器" and _is_range(text):
        message = (
            f"{node.called}的定时器“{text}”是一个范围,不知道哪一头触发;请只写一个数(范围只能写在待办的 camunda:dueDate)"
        )
        report.error(node.scope.file, node.id, rule, message)
    if anchor and names.unknown(frozenset({anchor})):
        message = f"{node.called}的{label}:没有声明过的名字“{anchor}”;“从”后面请写一个有人填的事项数据名"
        report.error(node.scope.file, node.id, "name-undeclared", message)


def _may_be_range(text: str) -> bool:
    """Whether a dueDate is a range, or an expression that may give one."""
    return "${" in text or _is_range(text)


def _is_range(text: str) -> bool:
    try:
        return bool(text) and "${" not in text and parse(text).amber is not None
    except InvalidDeadline:
        return False


def _is_share(text: str) -> bool:
    try:
        return "${" not in text and parse_warning(text).share is not None
    except InvalidDeadline:
        return False
