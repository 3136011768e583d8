"""What the diagram says about each element: names, lanes, camunda attributes, inputs, outputs, properties."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from engine.bpmn.documents import camunda, local_name, tag
from engine.domain.co_signing import KIND
from engine.service_tasks import SEND

FLOW_NODES = frozenset(
    "startEvent endEvent intermediateCatchEvent intermediateThrowEvent boundaryEvent task userTask manualTask scriptTask"
    " serviceTask sendTask receiveTask businessRuleTask subProcess transaction adHocSubProcess callActivity"
    " exclusiveGateway parallelGateway inclusiveGateway eventBasedGateway complexGateway".split()
)
_TAGS = frozenset(tag(name) for name in FLOW_NODES)
MANUAL = frozenset({"userTask", "manualTask", "task"})


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow as drawn, seen from where it begins."""

    target: str
    name: str = ""
    condition: str = ""
    """Empty: it has none."""
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Element:
    """One flow node as drawn."""

    id: str
    name: str
    kind: str
    process: str
    """Id of the process it is drawn in."""
    scope: str
    """Id of the innermost process or sub-process around it."""
    lane: str = ""
    documentation: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[tuple[str, str], ...] = ()
    outputs: tuple[tuple[str, str], ...] = ()
    calls_in: tuple[tuple[str, str], ...] = ()
    calls_out: tuple[tuple[str, str], ...] = ()
    sees_caller: bool = False
    attached_to: str = ""
    interrupts: bool = True
    """Whether a boundary event ends the activity it is attached to."""
    script: str = ""
    item: str = ""
    """Multi-instance item variable."""
    collection: str = ""
    cardinality: str = ""
    in_turn: bool = False
    """Whether a multi-instance activity goes through its items one after another."""
    timer: tuple[str, str] | None = None
    """(date | duration | cycle, text)"""
    message: str = ""
    ends_all: bool = False
    """A terminate end event."""
    leads_to: tuple[str, ...] = ()
    """Ids of the elements its sequence flows lead to, in the order drawn."""
    flows: tuple[Flow, ...] = ()
    """The same flows with what is written on them."""
    calls: str = ""
    """Id of the process a call activity calls."""

    @property
    def is_manual(self) -> bool:
        """Whether a person completes it."""
        return self.kind in MANUAL

    @property
    def topic(self) -> str:
        """The name of the worker function behind a service task; drawn senders of messages have the engine's own."""
        return self.attributes.get("topic", "") or (SEND if self.throws_message else "")

    @property
    def fills(self) -> tuple[str, ...]:
        """The record names that a message may fill (the event's property `fills`), as the diagram lists them."""
        return tuple(key.strip() for key in self.properties.get("fills", "").split(",") if key.strip())

    @property
    def co_sign_names(self) -> tuple[str, ...]:
        """The record names that tell how a co-signed task ended and how its votes stand; none for any other element."""
        return (f"{self.id}_outcome", f"{self.id}_tally") if self.properties.get(KIND, "").strip() else ()

    @property
    def throws_message(self) -> bool:
        """Whether it is drawn as a message sent: a throwing event or a send task with a message."""
        return bool(self.message) and self.kind in ("intermediateThrowEvent", "sendTask")


def terms_of(text: str) -> list[str]:
    """Give the performer words of a text, in order."""
    return [term.strip() for term in text.split(",") if term.strip()]


def elements_of(root: etree._Element) -> dict[str, Element]:
    """Give every flow node of every process in a document, by id."""
    lanes = {
        (ref.text or "").strip(): lane.get("name", "")
        for lane in root.iter(tag("lane"))
        for ref in lane.findall(tag("flowNodeRef"))
    }
    messages = {node.get("id", ""): node.get("name", "") for node in root.iter(tag("message"))}
    onward: dict[str, list[etree._Element]] = {}
    for flow in root.iter(tag("sequenceFlow")):
        onward.setdefault(flow.get("sourceRef", ""), []).append(flow)
    found: dict[str, Element] = {}
    for process in root.iter(tag("process")):
        for node in flow_nodes(process):
            known = _element(node, process.get("id", ""), lanes, messages)
            flows = tuple(_flow(flow, node) for flow in onward.get(known.id, ()))
            found[known.id] = replace(known, flows=flows, leads_to=tuple(flow.target for flow in flows))
    return found


def flow_nodes(scope: etree._Element) -> Iterator[etree._Element]:
    """Give the flow nodes inside a process or sub-process, nested ones too, in document order."""
    for node in scope.iter():
        if node.tag in _TAGS and node is not scope:
            yield node


def _flow(flow: etree._Element, source: etree._Element) -> Flow:
    condition = (flow.findtext(tag("conditionExpression")) or "").strip()
    return Flow(flow.get("targetRef", ""), flow.get("name", ""), condition, source.get("default") == flow.get("id"))


def _element(node: etree._Element, process: str, lanes: Mapping[str, str], messages: Mapping[str, str]) -> Element:
    extension = node.find(tag("extensionElements"))
    loop = node.find(tag("multiInstanceLoopCharacteristics"))
    ident = node.get("id", "")
    around = node.getparent()
    lane = lanes.get(ident, "")
    while not lane and around is not None and local_name(around) in FLOW_NODES:
        lane, around = lanes.get(around.get("id", ""), ""), around.getparent()
    parent = node.getparent()
    return Element(
        id=ident,
        name=node.get("name") or ident,
        kind=local_name(node),
        process=process,
        scope=parent.get("id", "") if parent is not None else process,
        lane=lane,
        documentation=(node.findtext(tag("documentation")) or "").strip(),
        attributes={etree.QName(k).localname: str(v) for k, v in node.attrib.items() if str(k).startswith(camunda(""))},
        properties=dict(_pairs(extension, "properties/{0}property", "value")),
        inputs=tuple(_texts(extension, "inputParameter")),
        outputs=tuple(_texts(extension, "outputParameter")),
        calls_in=tuple(_mappings(extension, "in")),
        calls_out=tuple(_mappings(extension, "out")),
        sees_caller=any(m.get("variables") == "all" for m in _children(extension, "in")),
        attached_to=node.get("attachedToRef", ""),
        interrupts=node.get("cancelActivity") != "false",
        script=node.findtext(tag("script")) or "",
        item=loop.get(camunda("elementVariable"), "") if loop is not None else "",
        collection=loop.get(camunda("collection"), "") if loop is not None else "",
        cardinality=(loop.findtext(tag("loopCardinality")) or "").strip() if loop is not None else "",
        in_turn=loop is not None and loop.get("isSequential") == "true",
        timer=_timer(node),
        message=_message(node, messages),
        ends_all=node.find(tag("terminateEventDefinition")) is not None,
        calls=node.get("calledElement", ""),
    )


def _children(extension: etree._Element | None, name: str) -> list[etree._Element]:
    return [] if extension is None else extension.findall(camunda(name))


def _pairs(extension: etree._Element | None, path: str, value: str) -> Iterator[tuple[str, str]]:
    if extension is not None:
        prefix = camunda("")
        for node in extension.findall(f"{prefix}{path.format(prefix)}"):
            yield node.get("name", ""), node.get(value, "")


def _texts(extension: etree._Element | None, name: str) -> Iterator[tuple[str, str]]:
    for block in _children(extension, "inputOutput"):
        for node in block.findall(camunda(name)):
            yield node.get("name", ""), (node.text or "").strip()


def _mappings(extension: etree._Element | None, name: str) -> Iterator[tuple[str, str]]:
    for node in _children(extension, name):
        if node.get("target"):
            yield node.get("source") or node.get("sourceExpression") or "", node.get("target") or ""


def _timer(node: etree._Element) -> tuple[str, str] | None:
    definition = node.find(tag("timerEventDefinition"))
    if definition is None:
        return None
    for kind, name in (("date", "timeDate"), ("duration", "timeDuration"), ("cycle", "timeCycle")):
        text = definition.findtext(tag(name))
        if text is not None:
            return kind, text.strip()
    return "duration", ""


def _message(node: etree._Element, messages: Mapping[str, str]) -> str:
    definition = node.find(tag("messageEventDefinition"))
    ref = node.get("messageRef") if definition is None else definition.get("messageRef")
    return messages.get(ref or "", "") if definition is not None or ref else ""
