"""Ladders of posts: where they hang, what they name, and that their cycle rings as often as there are posts."""

from engine.bpmn.elements import terms_of
from engine.bpmn.lint.bundle import Bundle, Node
from engine.bpmn.lint.known import Known
from engine.bpmn.lint.people import check_word
from engine.bpmn.lint.report import Report
from engine.domain.deadline import parse, parse_cycle
from engine.domain.errors import InvalidDeadline
from engine.service_tasks import ESCALATE

MODES = ("", "parallel", "takeover")
SLIPS = ("", "urge", "supervise")
_NO_POSTS = ("person:", "phone:", "holder:", "starter")


def check(bundle: Bundle, known: Known, report: Report) -> None:
    """Look at every service task with the topic `escalate`."""
    for node in bundle.nodes():
        if node.element.topic == ESCALATE:
            _place(node, report)
            _posts(node, known, report)
            _choices(node, report)


def _place(node: Node, report: Report) -> None:
    before = [node.scope.nodes[flow.source] for flow in node.into]
    if not before or not all(_rings(event) for event in before):
        message = f"{node.called}:升级阶梯要直接接在待办边上不打断的循环定时器后面,例如“R3/2小时(工作时间)”;请这样画,不要另外连线"
        report.error(node.scope.file, node.id, "ladder-place", message)
        return
    posts = terms_of(dict(node.element.inputs).get("posts", ""))
    for event in before:
        turns = _turns(event)
        if posts and turns is not None and turns != len(posts):
            message = f"{node.called}:有 {len(posts)} 级岗位,定时器“{event.id}”却响 {turns} 次;请改成 R{len(posts)}/…"
            report.warning(node.scope.file, node.id, "ladder-count", message)


def _rings(event: Node) -> bool:
    host = event.host
    timer = event.element.timer
    drawn = event.kind == "boundaryEvent" and not event.interrupts and timer is not None and timer[0] == "cycle"
    return drawn and host is not None and host.element.is_manual


def _turns(event: Node) -> int | None:
    """How often a cycle rings; None where it does so for ever, or where another rule says that it cannot be read."""
    assert event.element.timer is not None
    try:
        return parse_cycle(event.element.timer[1]).count
    except InvalidDeadline:
        return None


def _posts(node: Node, known: Known, report: Report) -> None:
    said = dict(node.element.inputs).get("posts", "")
    if said.strip().startswith("${") and "," not in said:
        message = f"{node.called}:posts 要把岗位从低到高写出来,逗号分隔;不能整个是一个表达式"
        report.error(node.scope.file, node.id, "ladder-posts", message)
        return
    for term in terms_of(said):
        if term.startswith(_NO_POSTS):
            message = f"{node.called}:“{term}”不是岗位;升级到岗位,不到某个人:写岗位、岗位@${{单位}}、unit:、duty:"
            report.error(node.scope.file, node.id, "ladder-posts", message)
        else:
            check_word(node, term, known, report)


def _choices(node: Node, report: Report) -> None:
    inputs = dict(node.element.inputs)
    for name, choices in (("mode", MODES), ("slip", SLIPS)):
        if inputs.get(name, "") not in choices:
            message = f"{node.called}:{name} 不能是“{inputs[name]}”;只能是 {'、'.join(c for c in choices if c)}"
            report.error(node.scope.file, node.id, f"ladder-{name}", message)
    if within := inputs.get("answer_within", ""):
        try:
            parse(within)
        except InvalidDeadline as error:
            report.error(node.scope.file, node.id, "deadline-invalid", f"{node.called}的 answer_within:{error}")
