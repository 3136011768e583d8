"""Joins that could wait for ever: what feeds one of their flows need not come."""

from engine.bpmn.lint.bundle import Bundle
from engine.bpmn.lint.report import Report
from engine.bpmn.soundness import Net, judge


def check(bundle: Bundle, report: Report) -> None:
    """Play every scope from each of its beginnings; conditions are not looked at, any way out of a choice may be taken."""
    for scope in bundle.scopes:
        net = Net({node.id: node.element for node in scope.nodes.values()}, scope.id)
        for beginning in net.beginnings():
            for stuck in judge(net, beginning).stuck:
                missing = "、".join(f"“{scope.nodes[source].element.name}”" for source in stuck.missing)
                message = (
                    f"{scope.nodes[stuck.join].called}要等齐每一条进来的线,可是从{missing}来的那条可能不来"
                    "(前面是几选一,或另有出口),流程会停在这里;请改用排他或包容网关汇合,或让每条线都走到这里"
                )
                report.error(scope.file, stuck.join, "join-waits-for-ever", message)
