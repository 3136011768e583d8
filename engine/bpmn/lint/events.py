"""Events: which kinds the engine runs rightly where."""

from engine.bpmn.documents import tag
from engine.bpmn.lint.bundle import ACTIVITIES, EVENTS, Bundle, Node
from engine.bpmn.lint.report import Report

ALLOWED = {
    "startEvent": frozenset({"message"}),
    "endEvent": frozenset({"terminate", "error", "escalation"}),
    "intermediateThrowEvent": frozenset({"escalation", "signal", "message"}),
    "intermediateCatchEvent": frozenset({"timer", "message", "signal", "conditional"}),
    "boundaryEvent": frozenset({"timer", "message", "signal", "conditional", "error", "escalation"}),
}
_OWN_RULE = {"link": "link-event", "compensate": "compensation", "signal": "signal-event", "message": "message-throw"}
_ADVICE = {
    "link": "链接事件不支持;请直接用顺序流连过去,或拆成调用活动",
    "compensate": "补偿不支持;请把撤销的步骤画成普通路径",
    "signal": "信号只能在同一个流程实例里用作中间抛出、捕获或边界事件;请改用中间信号事件后接结束事件",
    "message": "结束事件不能发消息;请在它前面画一个发消息的中间事件",
}
_GATEWAY_TARGETS = ("message", "timer")


def check(bundle: Bundle, report: Report) -> None:
    """Look at every event, receive task and event gateway."""
    for node in bundle.nodes():
        if node.kind in EVENTS:
            _kinds(node, report)
        if node.kind == "boundaryEvent":
            _boundary(node, report)
        if node.kind == "receiveTask" or ("message" in node.definitions and "message" in ALLOWED.get(node.kind, ())):
            _message(bundle, node, report)
        if "signal" in node.definitions and "signal" in ALLOWED.get(node.kind, ()):
            _signal(bundle, node, report)
        if node.kind == "eventBasedGateway":
            _gateway(node, report)


def _kinds(node: Node, report: Report) -> None:
    file, drawn = node.scope.file, node.definitions
    if len(drawn) > 1 or node.xml.get("parallelMultiple") == "true":
        message = f"{node.called}:一个事件只能有一种触发;请拆成几个事件"
        report.error(file, node.id, "event-several", message)
    if not drawn and node.kind == "intermediateCatchEvent":
        message = f"{node.called}:没有写等什么;请选定时器、消息、信号或条件"
        report.error(file, node.id, "event-missing", message)
    for kind in drawn:
        if kind in ALLOWED[node.kind]:
            continue
        if node.kind == "startEvent" and kind not in ("link", "compensate"):
            message = f"{node.called}:流程由人或消息发起,开始事件不能带别的触发;请用无类型或消息开始事件"
            report.error(file, node.id, "start-by-person", message)
            if kind != "signal":
                continue
        rule = _OWN_RULE.get(kind, "event-unsupported")
        advice = _ADVICE.get(kind, f"这里不支持 {kind} 事件;请换成支持的事件,或用服务任务")
        report.error(file, node.id, rule, f"{node.called}:{advice}")


def _boundary(node: Node, report: Report) -> None:
    file = node.scope.file
    if node.host is None or node.host.kind not in ACTIVITIES:
        message = f"{node.called}:边界事件没有附着在同一层的任务或子流程上;请拖到要看住的那一步边上"
        report.error(file, node.id, "boundary-detached", message)
    if not node.definitions:
        message = f"{node.called}:边界事件没有写等什么;请选定时器、消息、错误等"
        report.error(file, node.id, "boundary-without-event", message)
    if not node.out:
        message = f"{node.called}:边界事件没有出线,触发了也没有后果;请连到要做的步骤"
        report.error(file, node.id, "boundary-without-flow", message)


def _message(bundle: Bundle, node: Node, report: Report) -> None:
    if not node.element.message:
        message = f"{node.called}:没有选消息,或消息没有名字;请在建模器里选一个有名字的消息"
        report.error(node.scope.file, node.id, "message-name", message)


def _signal(bundle: Bundle, node: Node, report: Report) -> None:
    drawn = node.xml.find(tag("signalEventDefinition"))
    ref = drawn.get("signalRef") if drawn is not None else None
    root = bundle.roots[node.scope.file]
    if not any(s.get("id") == ref and s.get("name") for s in root.iter(tag("signal"))):
        message = f"{node.called}:没有选信号,或信号没有名字;请在建模器里选一个有名字的信号"
        report.error(node.scope.file, node.id, "signal-event", message)


def _gateway(node: Node, report: Report) -> None:
    file, targets = node.scope.file, node.scope.after(node)
    timers = [t for t in targets if "timer" in t.definitions]
    if len(timers) > 1:
        message = f"{node.called}:事件网关后面至多一个定时器;请只留最早的一个"
        report.error(file, node.id, "event-gateway", message)
    if len(targets) < 2:
        message = f"{node.called}:事件网关后面至少要有两个事件;只等一个时请去掉网关"
        report.error(file, node.id, "event-gateway", message)
    for target in targets:
        catches = target.kind == "intermediateCatchEvent" and target.definitions[:1] in ([k] for k in _GATEWAY_TARGETS)
        if not catches and target.kind != "receiveTask":
            message = f"{target.called}:事件网关后面只能直接接消息、定时器捕获事件或接收任务"
            report.error(file, target.id, "event-gateway", message)
        if len(target.into) > 1:
            message = f"{target.called}:事件网关后面的事件不能再有别的入线;请另画一个"
            report.error(file, target.id, "event-gateway", message)
