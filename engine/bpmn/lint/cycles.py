"""Circles in which nobody waits: one step would never come to rest."""

from engine.bpmn.elements import MANUAL
from engine.bpmn.lint.bundle import Bundle, Node
from engine.bpmn.lint.graph import circles, steps, walk
from engine.bpmn.lint.known import Known
from engine.bpmn.lint.report import Report
from engine.service_tasks import BUILT_IN, SEND

_WAITING_KINDS = MANUAL | {"receiveTask", "intermediateCatchEvent", "eventBasedGateway"}
_AT_ONCE = frozenset({"error", "escalation", "conditional"})
"""Boundary events that may fire in the very step in which their activity is entered."""


def check(bundle: Bundle, known: Known, report: Report) -> None:
    """Every circle has a step that waits for a person, a worker, a message or a moment."""
    waits = _Waits(bundle, known)
    for scope in bundle.scopes:
        idle = [n for n in scope.nodes.values() if not waits.at(n)]
        for group in circles(idle, lambda n: [m for m in waits.at_once(n) if not waits.at(m)]):
            names = "→".join(n.element.name for n in group[:6])
            message = f"{names} 是一个没有等待的圈,会一直转下去;请在圈里加待办、定时器、消息或外部作业"
            report.error(scope.file, group[0].id, "cycle-without-waiting", message)
    for node in bundle.nodes():
        if node.loop is not None and node.loop.get("loopMaximum") is None and not waits.at(node):
            message = f"{node.called}:循环没有次数上限,里面又没有等待的一步;请写次数上限"
            report.error(node.scope.file, node.id, "cycle-without-waiting", message)
        if node.kind == "boundaryEvent" and "conditional" in node.definitions and node.host is not None:
            _conditional(node, node.host, waits, report)


def _conditional(node: Node, host: Node, waits: "_Waits", report: Report) -> None:
    """A conditional event that leads straight back to what it watches fires again at once."""
    met = walk(node.scope.after(node), steps, lambda n: n is not host and waits.at(n))
    if host.id in met:
        message = f"{node.called}的路径又回到{host.called},中间没有等待的一步,会转个不停;请在中间加待办或定时器"
        report.error(node.scope.file, node.id, "conditional-boundary-loop", message)


class _Waits:
    """Which nodes surely make a step rest."""

    def __init__(self, bundle: Bundle, known: Known) -> None:
        self._bundle = bundle
        self._jobs = (known.topics - known.decisions_of_workers - BUILT_IN) | {SEND}
        self._known: dict[Node, bool] = {}

    def at(self, node: Node) -> bool:
        """Whether a token that enters a node surely rests there or inside."""
        if node not in self._known:
            self._known[node] = True
            self._known[node] = self._look(node)
        return self._known[node]

    def at_once(self, node: Node) -> list[Node]:
        """Give what may follow a node within one step."""
        return [*node.scope.after(node), *(b for b in node.boundary if _AT_ONCE.intersection(b.definitions))]

    def _look(self, node: Node) -> bool:
        if node.kind == "boundaryEvent":
            return not _AT_ONCE.intersection(node.definitions)
        if node.kind in ("serviceTask", "sendTask") or node.element.throws_message:
            return node.element.topic in self._jobs
        inside = node.inside
        if node.kind == "callActivity":
            inside = self._bundle.processes.get(node.xml.get("calledElement", ""))
        if inside is not None:
            passed = walk(inside.starts(), self.at_once, self.at)
            return not any(n.kind == "endEvent" for n in passed.values())
        return node.kind in _WAITING_KINDS
