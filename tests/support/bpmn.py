"""Small diagrams for tests: BPMN XML from a few words per node, flows as strings.

bpmn("p", start("s"), user("a", due="3个工作日"), xor("g", default="e"), end("e"), "s a g", "g a if again", "g e")
"""

from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:spiff="http://spiffworkflow.org/bpmn/schema/1.0/core" id="definitions_1" targetNamespace="http://banjie/test">'
)
SHORT = {"groups": "candidateGroups", "due": "dueDate", "warn": "followUpDate", "decision": "decisionRef"}
CAMUNDA = {
    *("candidateGroups", "candidateUsers", "assignee", "dueDate", "followUpDate", "priority", "decisionRef"),
    *("topic", "type", "resultVariable", "formKey", "class", "expression", "delegateExpression"),
}


@dataclass(frozen=True)
class Part:
    """One element's XML, and what must stand beside the process for it (messages, errors, signals)."""

    xml: str
    roots: frozenset[str] = frozenset()


def element(kind: str, ident: str, *inside: Part | str, name: str | None = None, **said: str) -> Part:
    """Give any flow node; short words and camunda attributes get their prefix, `class_` loses its line."""
    attributes = {"id": ident, "name": f"办{ident}" if name is None else name}
    for key, value in said.items():
        key = SHORT.get(key.rstrip("_"), key.rstrip("_"))
        attributes[f"camunda:{key}" if key in CAMUNDA else key] = value
    text = " ".join(f"{key}={quoteattr(value)}" for key, value in attributes.items() if value or key != "name")
    return _joined(f"<bpmn:{kind} {text}>", inside, f"</bpmn:{kind}>")


def _joined(opening: str, parts: tuple[Part | str, ...], closing: str) -> Part:
    xml = "".join(p.xml if isinstance(p, Part) else p for p in parts)
    roots = frozenset().union(*(p.roots for p in parts if isinstance(p, Part)))
    return Part(opening + xml + closing, roots)


def start(ident: str, *inside: Part) -> Part:
    """Give a start event."""
    return element("startEvent", ident, *inside)


def end(ident: str, *inside: Part) -> Part:
    """Give an end event; terminate, error(…) and the like go inside."""
    return element("endEvent", ident, *inside)


def user(ident: str, *inside: Part | str, groups: str = "clerk", **said: str) -> Part:
    """Give a user task."""
    return element("userTask", ident, *inside, groups=groups, **said)


def script(ident: str, text: str, *inside: Part, **said: str) -> Part:
    """Give a script task."""
    return element("scriptTask", ident, *inside, f"<bpmn:script>{escape(text)}</bpmn:script>", **said)


def service(ident: str, topic: str, *inside: Part, **said: str) -> Part:
    """Give a service task."""
    return element("serviceTask", ident, *inside, topic=topic, type="external", **said)


def parameters(inputs: dict[str, str] | None = None, outputs: dict[str, str] | None = None) -> Part:
    """Give a service task's inputs and outputs."""
    lines = [("inputParameter", *pair) for pair in (inputs or {}).items()]
    lines += [("outputParameter", *pair) for pair in (outputs or {}).items()]
    text = "".join(f'<camunda:{tag} name="{name}">{escape(value)}</camunda:{tag}>' for tag, name, value in lines)
    return extension(f"<camunda:inputOutput>{text}</camunda:inputOutput>")


def properties(**values: str) -> Part:
    """Give camunda properties, such as the correlation of a message."""
    text = "".join(f'<camunda:property name="{name}" value={quoteattr(value)}/>' for name, value in values.items())
    return extension(f"<camunda:properties>{text}</camunda:properties>")


def extension(xml: str) -> Part:
    """Give extension elements."""
    return Part(f"<bpmn:extensionElements>{xml}</bpmn:extensionElements>")


def xor(ident: str, default: str = "", **said: str) -> Part:
    """Give an exclusive gateway; `default` names the target of its default flow."""
    return _gateway("exclusiveGateway", ident, default, said)


def either(ident: str, default: str = "", **said: str) -> Part:
    """Give an inclusive gateway."""
    return _gateway("inclusiveGateway", ident, default, said)


def both(ident: str) -> Part:
    """Give a parallel gateway."""
    return element("parallelGateway", ident)


def _gateway(kind: str, ident: str, default: str, said: dict[str, str]) -> Part:
    return element(kind, ident, **said, **({"default": f"flow_{ident}__{default}"} if default else {}))


def sub(ident: str, *parts: Part | str, **said: str) -> Part:
    """Give a sub-process from its parts and flows."""
    return element("subProcess", ident, *_drawn(parts), **said)


def call(
    ident: str, target: str, ins: dict[str, str] | None = None, outs: dict[str, str] | None = None, **said: str
) -> Part:
    """Give a call activity; `ins` maps target to source, `outs` the other way the same."""
    pairs = [("in", *pair) for pair in (ins or {}).items()] + [("out", *pair) for pair in (outs or {}).items()]
    text = "".join(
        f"<camunda:{tag} source={quoteattr(source)} target={quoteattr(target_)}/>" for tag, target_, source in pairs
    )
    return element("callActivity", ident, *([extension(text)] if text else []), calledElement=target, **said)


def boundary(ident: str, host: str, *inside: Part, interrupts: bool = True) -> Part:
    """Give a boundary event."""
    return element("boundaryEvent", ident, *inside, attachedToRef=host, cancelActivity=str(interrupts).lower())


def catch(ident: str, *inside: Part) -> Part:
    """Give an intermediate catch event."""
    return element("intermediateCatchEvent", ident, *inside)


def throw(ident: str, *inside: Part) -> Part:
    """Give an intermediate throw event."""
    return element("intermediateThrowEvent", ident, *inside)


def timer(text: str, kind: str = "timeDuration") -> Part:
    """Give a timer definition; kind is timeDuration, timeDate or timeCycle."""
    return Part(f"<bpmn:timerEventDefinition><bpmn:{kind}>{escape(text)}</bpmn:{kind}></bpmn:timerEventDefinition>")


def message(name: str) -> Part:
    """Give a message definition with its message."""
    return _referring("message", name, f'name="{name}"')


def signal(name: str) -> Part:
    """Give a signal definition with its signal."""
    return _referring("signal", name, f'name="{name}"')


def error(code: str) -> Part:
    """Give an error definition with its error."""
    return _referring("error", code, f'name="{code}" errorCode="{code}"')


def escalation(code: str) -> Part:
    """Give an escalation definition with its escalation."""
    return _referring("escalation", code, f'name="{code}" escalationCode="{code}"')


def _referring(kind: str, name: str, said: str) -> Part:
    root = f'<bpmn:{kind} id="{kind}_{name}" {said}/>'
    return Part(f'<bpmn:{kind}EventDefinition {kind}Ref="{kind}_{name}"/>', frozenset({root}))


def receive(ident: str, name: str) -> Part:
    """Give a receive task for a message."""
    said = message(name)
    return Part(element("receiveTask", ident, messageRef=f"message_{name}").xml, said.roots)


def conditional(text: str) -> Part:
    """Give a conditional definition."""
    return Part(
        "<bpmn:conditionalEventDefinition><bpmn:condition xsi:type='bpmn:tFormalExpression'>"
        f"{escape(text)}</bpmn:condition></bpmn:conditionalEventDefinition>"
    )


def plain(kind: str) -> Part:
    """Give an event definition without content, such as terminate, link or compensate."""
    return Part(f"<bpmn:{kind}EventDefinition/>")


def multi(collection: str = "", item: str = "", count: str = "", until: str = "", sequential: bool = False) -> Part:
    """Give a multi-instance marker."""
    said = {"camunda:collection": collection, "camunda:elementVariable": item}
    said["isSequential"] = "true" if sequential else ""
    text = " ".join(f"{key}={quoteattr(value)}" for key, value in said.items() if value)
    inside = f"<bpmn:loopCardinality>{escape(count)}</bpmn:loopCardinality>" if count else ""
    inside += f"<bpmn:completionCondition>{escape(until)}</bpmn:completionCondition>" if until else ""
    return Part(f"<bpmn:multiInstanceLoopCharacteristics {text}>{inside}</bpmn:multiInstanceLoopCharacteristics>")


def loop(condition: str = "", maximum: str = "", before: bool = False) -> Part:
    """Give a standard loop marker."""
    said = (f' loopMaximum="{maximum}"' if maximum else "") + (' testBefore="true"' if before else "")
    inside = f"<bpmn:loopCondition>{escape(condition)}</bpmn:loopCondition>" if condition else ""
    return Part(f"<bpmn:standardLoopCharacteristics{said}>{inside}</bpmn:standardLoopCharacteristics>")


def flows(text: str) -> Part:
    """Give the flows of a chain `a b c`; what follows ` if ` is the condition of the last."""
    chain, _, condition = text.partition(" if ")
    ids = chain.split()
    pairs = list(zip(ids, ids[1:], strict=False))
    return Part("".join(_flow(*pair, condition if pair is pairs[-1] else "") for pair in pairs))


def _flow(source: str, target: str, condition: str) -> str:
    inside = f"<bpmn:conditionExpression>{escape(condition)}</bpmn:conditionExpression>" if condition else ""
    ident = f"flow_{source}__{target}"
    return f'<bpmn:sequenceFlow id="{ident}" sourceRef="{source}" targetRef="{target}">{inside}</bpmn:sequenceFlow>'


def _drawn(parts: tuple[Part | str, ...]) -> list[Part]:
    return [part if isinstance(part, Part) else flows(part) for part in parts]


def process(ident: str, *parts: Part | str, executable: bool = True) -> Part:
    """Give a process from its parts and flows."""
    opening = f'<bpmn:process id="{ident}" name="流程{ident}" isExecutable="{str(executable).lower()}">'
    return _joined(opening, tuple(_drawn(parts)), "</bpmn:process>")


def document(*processes: Part) -> bytes:
    """Give a file with processes."""
    roots = sorted(frozenset().union(*(p.roots for p in processes)))
    return (HEAD + "".join([*roots, *(p.xml for p in processes)]) + "</bpmn:definitions>").encode()


def bpmn(ident: str, *parts: Part | str) -> bytes:
    """Give a file with one process."""
    return document(process(ident, *parts))


def dmn(ident: str, source: str, output: str, rows: dict[str, str], policy: str = "FIRST") -> bytes:
    """Give a decision table with one input, one output and a row per pair of cells."""
    lines = "".join(
        f"<rule><inputEntry><text>{escape(cell)}</text></inputEntry><outputEntry><text>{escape(value)}</text></outputEntry></rule>"
        for cell, value in rows.items()
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="http://banjie">'
        f'<decision id="{ident}" name="判断{ident}"><decisionTable hitPolicy="{policy}"><input><inputExpression>'
        f'<text>{escape(source)}</text></inputExpression></input><output name="{output}"/>{lines}'
        "</decisionTable></decision></definitions>"
    ).encode()
