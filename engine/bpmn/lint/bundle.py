"""The files of a procedure as the rules see them: processes, scopes, nodes and flows, however broken they are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from engine.bpmn.dmn import DecisionTable, parse_decision
from engine.bpmn.documents import BPMN, local_name, read, tag
from engine.bpmn.elements import FLOW_NODES, Element, elements_of
from engine.bpmn.lint.report import Report
from engine.domain.errors import InvalidDiagram

SCOPES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"})
EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
ACTIVITIES = FLOW_NODES - GATEWAYS - EVENTS


@dataclass(eq=False)
class Flow:
    """One sequence flow."""

    xml: etree._Element
    id: str
    source: str
    target: str

    @property
    def condition(self) -> str | None:
        """The condition's text; None where none is drawn."""
        node = self.xml.find(tag("conditionExpression"))
        return None if node is None else (node.text or "").strip()


@dataclass(eq=False)
class Node:
    """One flow node with its place in the graph."""

    xml: etree._Element
    element: Element
    scope: "Scope"
    out: list[Flow] = field(default_factory=list)
    into: list[Flow] = field(default_factory=list)
    boundary: list["Node"] = field(default_factory=list)
    inside: "Scope | None" = None

    @property
    def id(self) -> str:
        """The element's id."""
        return self.element.id

    @property
    def kind(self) -> str:
        """The BPMN element's local name."""
        return self.element.kind

    @property
    def called(self) -> str:
        """Its name and id for a sentence."""
        return f"“{self.element.name}”({self.id})" if self.element.name != self.id else f"“{self.id}”"

    @cached_property
    def definitions(self) -> list[str]:
        """Event definitions drawn inside, without the ending: message, timer, …"""
        return [
            name.removesuffix("EventDefinition")
            for child in self.xml
            if (name := local_name(child)).endswith("EventDefinition")
        ]

    @property
    def interrupts(self) -> bool:
        """Whether a boundary event ends its activity."""
        return self.xml.get("cancelActivity", "true").lower() != "false"

    @property
    def host(self) -> "Node | None":
        """The activity a boundary event sits on."""
        return self.scope.nodes.get(self.element.attached_to)

    @property
    def multi(self) -> etree._Element | None:
        """The multi-instance marker."""
        return self.xml.find(tag("multiInstanceLoopCharacteristics"))

    @property
    def loop(self) -> etree._Element | None:
        """The standard loop marker."""
        return self.xml.find(tag("standardLoopCharacteristics"))


@dataclass(eq=False)
class Scope:
    """A process or the inside of a sub-process."""

    id: str
    file: str
    xml: etree._Element
    holder: Node | None = None
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)

    def after(self, node: Node) -> list[Node]:
        """Give the nodes that directly follow one by flow."""
        return [self.nodes[f.target] for f in node.out]

    def starts(self) -> list[Node]:
        """Give the start events."""
        return [n for n in self.nodes.values() if n.kind == "startEvent"]


@dataclass(eq=False)
class Bundle:
    """Everything readable in the files of a procedure."""

    roots: dict[str, etree._Element] = field(default_factory=dict)
    scopes: list[Scope] = field(default_factory=list)
    processes: dict[str, Scope] = field(default_factory=dict)
    decisions: dict[str, DecisionTable] = field(default_factory=dict)
    decision_files: dict[str, str] = field(default_factory=dict)
    broken_decisions: list[str] = field(default_factory=list)

    def nodes(self) -> Iterator[Node]:
        """Give every flow node."""
        for scope in self.scopes:
            yield from scope.nodes.values()

    def node(self, ident: str) -> Node | None:
        """Give a flow node by id."""
        return next((s.nodes[ident] for s in self.scopes if ident in s.nodes), None)

    def around(self, scope: Scope) -> list[Node]:
        """Give the activities that a scope is the inside of: its sub-process, or all that call the process."""
        return [scope.holder] if scope.holder is not None else self.callers.get(scope.id, [])

    @cached_property
    def callers(self) -> dict[str, list[Node]]:
        """Process id → call activities that call it."""
        found: dict[str, list[Node]] = {}
        for node in self.nodes():
            if node.kind == "callActivity":
                found.setdefault(node.xml.get("calledElement", ""), []).append(node)
        return found


def open_bundle(files: Mapping[str, bytes], report: Report) -> Bundle:
    """Read what can be read; a diagram that cannot becomes a finding, a decision table has its own check."""
    bundle = Bundle()
    for file in sorted(n for n in files if n.endswith(".bpmn")):
        _diagram(bundle, file, files[file], report)
    for file in sorted(n for n in files if n.endswith(".dmn")):
        _decision(bundle, file, files[file], report)
    return bundle


def _diagram(bundle: Bundle, file: str, content: bytes, report: Report) -> None:
    try:
        root = read(content, file)
    except InvalidDiagram as error:
        report.error(file, "", "file-unreadable", f"{error};请用建模器重新保存这个文件")
        return
    if root.tag != tag("definitions"):
        report.error(file, "", "file-unreadable", f"{file}:不是 BPMN 2.0 文件,请用建模器另存为 .bpmn")
        return
    bundle.roots[file] = root
    elements = elements_of(root)
    for process in root.iter(tag("process")):
        scope = _scope(bundle, Scope(process.get("id", ""), file, process), elements)
        bundle.processes.setdefault(scope.id, scope)


def _decision(bundle: Bundle, file: str, content: bytes, report: Report) -> None:
    try:
        decision = parse_decision(content, file)
    except InvalidDiagram:
        bundle.broken_decisions.append(file)
        return
    if decision.id in bundle.decisions:
        report.error(file, decision.id, "duplicate-id", f"判断“{decision.id}”在两个文件里都有,请删去一个或改 id")
    bundle.decisions[decision.id] = decision
    bundle.decision_files[decision.id] = file


def _scope(bundle: Bundle, scope: Scope, elements: Mapping[str, Element]) -> Scope:
    bundle.scopes.append(scope)
    for child in scope.xml:
        name, ident = local_name(child), child.get("id", "")
        if name in FLOW_NODES and etree.QName(child).namespace == BPMN and ident in elements:
            node = scope.nodes.setdefault(ident, Node(child, elements[ident], scope))
            if name in SCOPES and node.inside is None:
                node.inside = _scope(bundle, Scope(ident, scope.file, child, node), elements)
        elif name == "sequenceFlow":
            scope.flows.append(Flow(child, ident, child.get("sourceRef", ""), child.get("targetRef", "")))
    _connect(scope)
    return scope


def _connect(scope: Scope) -> None:
    for flow in scope.flows:
        source, target = scope.nodes.get(flow.source), scope.nodes.get(flow.target)
        if source is not None and target is not None:
            source.out.append(flow)
            target.into.append(flow)
    for node in scope.nodes.values():
        if node.kind == "boundaryEvent" and node.host is not None:
            node.host.boundary.append(node)
