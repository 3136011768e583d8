"""Sequence flows: where they lead, which carry conditions, what can be reached."""

from engine.bpmn.lint.bundle import Bundle, Flow, Node, Scope
from engine.bpmn.lint.graph import ends_reached_from, reached
from engine.bpmn.lint.report import Report

CHOICES = ("exclusiveGateway", "inclusiveGateway")
MANY_OUT = (*CHOICES, "parallelGateway", "eventBasedGateway", "complexGateway")


def check(bundle: Bundle, report: Report) -> None:
    """Look at the flows of every scope."""
    for scope in bundle.scopes:
        for flow in scope.flows:
            _ends(scope, flow, report)
        for node in scope.nodes.values():
            if node.kind in CHOICES:
                _choice(node, report)
            else:
                _plain(node, report)
        _reach(scope, report)


def _ends(scope: Scope, flow: Flow, report: Report) -> None:
    source, target = scope.nodes.get(flow.source), scope.nodes.get(flow.target)
    fault = ""
    if source is None or target is None:
        fault = "起点或终点不在同一层里"
    elif source.kind == "endEvent":
        fault = "不能从结束事件出发"
    elif target.kind in ("startEvent", "boundaryEvent"):
        fault = "不能连进开始事件或边界事件"
    if fault:
        report.error(scope.file, flow.id, "flow-dangling", f"顺序流“{flow.id}”{fault};请重新连线")


def _plain(node: Node, report: Report) -> None:
    if len(node.out) > 1 and node.kind not in MANY_OUT:
        message = f"{node.called}有 {len(node.out)} 条出线,只能有一条;请在后面加一个排他或并行网关"
        report.error(node.scope.file, node.id, "several-flows-out", message)
    for flow in node.out:
        if flow.condition is not None:
            message = f"{node.called}的出线“{flow.id}”上的条件不起作用,总会走过去;请把条件画在排他或包容网关的出线上"
            report.error(node.scope.file, flow.id, "condition-ignored", message)


def _choice(node: Node, report: Report) -> None:
    file, default = node.scope.file, node.xml.get("default", "")
    if default and default not in [f.id for f in node.out]:
        message = f"{node.called}的默认流“{default}”不是它的出线;请重新指定"
        report.error(file, node.id, "gateway-default", message)
    if len(node.out) == 1 and node.out[0].condition is None:
        return
    if not default:
        message = f"{node.called}没有默认流,条件都不成立时会停下;请把“其他情况”的那条设为默认流"
        report.error(file, node.id, "gateway-default", message)
    for flow in node.out:
        if flow.id == default and flow.condition is not None:
            message = f"{node.called}的默认流“{flow.id}”上的条件不起作用;请删去条件,或换一条作默认流"
            report.error(file, flow.id, "condition-ignored", message)
        if flow.id != default and not flow.condition:
            message = f"{node.called}的出线“{flow.id}”没有条件;请写上条件,或设为默认流"
            report.error(file, flow.id, "gateway-default", message)


def _reach(scope: Scope, report: Report) -> None:
    starts = scope.starts()
    if starts:
        alive = reached(scope, starts)
        for node in scope.nodes.values():
            if node.id not in alive:
                message = f"{node.called}从开始事件走不到,不会执行;请连上或删去"
                report.error(scope.file, node.id, "unreachable", message)
    ending = ends_reached_from(scope)
    if any(n.kind == "endEvent" for n in scope.nodes.values()):
        for node in scope.nodes.values():
            if node.id not in ending and not (node.kind == "boundaryEvent" and not node.out):
                message = f"从{node.called}走不到任何结束事件;请连到结束事件"
                report.error(scope.file, node.id, "no-way-to-end", message)
