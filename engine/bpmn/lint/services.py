"""Service tasks, decisions and the inputs of built-in topics."""

from engine.bpmn.lint.bundle import Bundle, Node
from engine.bpmn.lint.known import Known
from engine.bpmn.lint.report import Report
from engine.domain.deadline import parse
from engine.domain.errors import InvalidDeadline
from engine.service_tasks import BUILT_IN, COPY, ESCALATE, NOTIFY, SEND

NEEDED = {
    NOTIFY: ("notice", "to"),
    ESCALATE: ("posts", "notice"),
    COPY: ("to",),
    "extend": ("element", "limit"),
    "link": ("orders",),
    "training_sheet": ("stage", "kind", "day", "hours", "trainer", "trainee", "attended", "signed"),
}
_SENDERS = ("serviceTask", "sendTask", "intermediateThrowEvent")


def check(bundle: Bundle, known: Known, report: Report) -> None:
    """Look at every service task, send task and business rule task."""
    for node in bundle.nodes():
        if node.kind in _SENDERS and (node.kind != "intermediateThrowEvent" or node.element.throws_message):
            _topic(node, known, report)
            _inputs(bundle, node, known, report)
        if node.kind == "businessRuleTask":
            _decision(bundle, node, report)


def _topic(node: Node, known: Known, report: Report) -> None:
    file, topic = node.scope.file, node.element.topic
    if not topic:
        message = f"{node.called}:没有写 camunda:topic;请选一个服务,或改成待办"
        report.error(file, node.id, "topic-unknown", message)
    elif topic not in known.topics | BUILT_IN:
        message = f"{node.called}:没有人登记过服务“{topic}”;请检查拼写,或请开发人员在 workers/ 里写一个"
        report.error(file, node.id, "topic-unknown", message)
    elif node.element.attributes.get("type", "external") != "external":
        report.error(file, node.id, "topic-unknown", f"{node.called}:camunda:type 只能是 external;请改过来")


def _decision(bundle: Bundle, node: Node, report: Report) -> None:
    ref, file = node.element.attributes.get("decisionRef", ""), node.scope.file
    if not ref:
        message = f"{node.called}:没有写 camunda:decisionRef;请写判断表的 id"
        report.error(file, node.id, "decision-unknown", message)
    elif ref not in bundle.decisions:
        message = f"{node.called}:没有能用的判断表“{ref}”;请把它的 .dmn 放进来,或改 decisionRef"
        report.error(file, node.id, "decision-unknown", message)


def _inputs(bundle: Bundle, node: Node, known: Known, report: Report) -> None:
    topic, inputs, file = node.element.topic, dict(node.element.inputs), node.scope.file
    for name in NEEDED.get(topic, ()):
        if not inputs.get(name):
            message = f"{node.called}:服务 {topic} 需要输入 {name};请补上 inputParameter"
            report.error(file, node.id, "topic-input", message)
    notice = inputs.get("notice", "")
    if topic in (NOTIFY, ESCALATE) and notice and "${" not in notice and notice not in known.notices:
        message = f"{node.called}:没有通知模板“{notice}”;请加文件 notices/{notice}.txt,或改 notice"
        report.error(file, node.id, "notice-unknown", message)
    if topic == "extend":
        _extended(bundle, node, inputs, report)
    if topic == SEND and not node.element.message:
        message = f"{node.called}:没有选要发的消息;请在建模器里选一个有名字的消息"
        report.error(file, node.id, "message-name", message)


def _extended(bundle: Bundle, node: Node, inputs: dict[str, str], report: Report) -> None:
    ident, limit, file = inputs.get("element", ""), inputs.get("limit", ""), node.scope.file
    if ident and "${" not in ident:
        target = bundle.node(ident)
        if target is None or not target.element.is_manual or not target.element.attributes.get("dueDate"):
            message = f"{node.called}:要延长的“{ident}”不是有时限的待办;请写有 dueDate 的用户任务的 id"
            report.error(file, node.id, "topic-input", message)
    if limit and "${" not in limit:
        try:
            if parse(limit).amber:
                message = f"{node.called}的 limit“{limit}”是一个范围,不知道延长多少;请只写一个数"
                report.error(file, node.id, "deadline-invalid", message)
        except InvalidDeadline as error:
            report.error(file, node.id, "deadline-invalid", f"{node.called}的 limit:{error}")
