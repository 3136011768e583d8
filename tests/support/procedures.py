"""Small procedures for tests, drawn in a few words: `procedure("p", user("a"), flows="start >> a >> end")`."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from engine.bundles import read_bundle

FOLDERS = Path(__file__).parent.parent / "fixtures" / "procedures"
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="definitions" targetNamespace="http://banjie/tests">\n'
)
_SETTINGS = """id = "{key}"
title = "{key}"
family = "tests"
owner = "office"
starters = ["agent"]
supervisors = ["supervisor"]
urgers = ["leader"]
calendar = "office"
deadline = {deadline}
numbering = {{ prefix = "{prefix}", period = "%Y", digits = 4 }}
order_title = "{key}"
[notices]
{notices}
"""


def folder(name: str) -> dict[str, bytes]:
    """Give a fixture procedure that is kept as a folder, as owners keep theirs."""
    return read_bundle(FOLDERS / name)


def procedure(
    key: str,
    *nodes: str,
    flows: str,
    fields: str = "",
    forms: Mapping[str, str] | None = None,
    notices: Mapping[str, str] | None = None,
    deadline: Iterable[str] = (),
    verbs: Mapping[str, str] | None = None,
) -> dict[str, bytes]:
    """Give the files of a procedure; `start` and `end` are drawn for you, every user task gets a form."""
    drawn = ['<bpmn:startEvent id="start" name="开始"/>', '<bpmn:endEvent id="end" name="结束"/>', *nodes]
    body = "\n".join([*drawn, *_flows(flows)])
    process = f'<bpmn:process id="{key}" name="{key}" isExecutable="true">\n{body}\n</bpmn:process>'
    diagram = f"{_HEAD}{_messages(body)}{process}\n</bpmn:definitions>"
    said = {"start": fields, **dict.fromkeys(_people(body), ""), **(forms or {})}
    files = {f"forms/{name}.form": form(text) for name, text in said.items()}
    files |= {f"notices/{name}.txt": text.encode() for name, text in (notices or {}).items()}
    files["procedure.toml"] = _SETTINGS.format(
        key=key,
        prefix=key[:20].upper(),
        deadline=json.dumps(list(deadline)),
        notices="\n".join(f'{verb} = "{notice}"' for verb, notice in (verbs or {}).items()),
    ).encode()
    files["clauses.csv"] = b"clause,source,element,demand,basis\n"
    files[f"{key}.bpmn"] = diagram.encode()
    return files


def form(fields: str) -> bytes:
    """Give a form of text fields: `"reason! days:number"`; `!` makes a field required."""
    components = []
    for word in fields.split():
        key, _, kind = word.rstrip("!").partition(":")
        rules = {"validate": {"required": True}} if word.endswith("!") else {}
        components.append({"type": kind or "textarea", "key": key, "id": f"field_{key}", "label": key, **rules})
    return json.dumps({"type": "default", "components": components}).encode()


def user(ident: str, groups: str = "clerk", **said: str) -> str:
    """Give a user task; `due`, `warn`, `assignee`, `priority`, `inside` (further XML) as keywords."""
    names = {"due": "dueDate", "warn": "followUpDate", "assignee": "assignee", "priority": "priority"}
    attributes = "".join(f" camunda:{names[k]}={quoteattr(v)}" for k, v in said.items() if k in names)
    attributes += f" camunda:candidateGroups={quoteattr(groups)}" if groups else ""
    return f'<bpmn:userTask id="{ident}" name="{ident}"{attributes}>{said.get("inside", "")}</bpmn:userTask>'


def ruled(**said: str) -> str:
    """Give the properties by which a task says something in words, such as its rules of assignment."""
    text = "".join(f'<camunda:property name="{name}" value={quoteattr(word)}/>' for name, word in said.items())
    return f"<bpmn:extensionElements><camunda:properties>{text}</camunda:properties></bpmn:extensionElements>"


def each(collection: str, item: str = "", *, in_turn: bool = False, until: str = "") -> str:
    """Give the marker of an activity that is repeated for each of a collection."""
    order = ' isSequential="true"' if in_turn else ""
    name = f' camunda:elementVariable="{item}"' if item else ""
    done = f"<bpmn:completionCondition>{escape(until)}</bpmn:completionCondition>" if until else ""
    return (
        f'<bpmn:multiInstanceLoopCharacteristics camunda:collection="{collection}"{name}{order}>'
        f"{done}</bpmn:multiInstanceLoopCharacteristics>"
    )


def service(ident: str, topic: str, gives: Mapping[str, str] | None = None, **takes: str) -> str:
    """Give a service task with its parameters and results."""
    parameters = [f'<camunda:inputParameter name="{k}">{escape(v)}</camunda:inputParameter>' for k, v in takes.items()]
    parameters += [
        f'<camunda:outputParameter name="{k}">{escape(v)}</camunda:outputParameter>' for k, v in (gives or {}).items()
    ]
    return (
        f'<bpmn:serviceTask id="{ident}" name="{ident}" camunda:type="external" camunda:topic="{topic}">'
        f"<bpmn:extensionElements><camunda:inputOutput>{''.join(parameters)}</camunda:inputOutput>"
        "</bpmn:extensionElements></bpmn:serviceTask>"
    )


def tell(ident: str, notice: str, to: str) -> str:
    """Give a service task that notifies."""
    return service(ident, "notify", notice=notice, to=to)


def script(ident: str, text: str) -> str:
    """Give a script task."""
    return f'<bpmn:scriptTask id="{ident}" name="{ident}"><bpmn:script>{escape(text)}</bpmn:script></bpmn:scriptTask>'


def gateway(ident: str, kind: str = "exclusive", default: str = "") -> str:
    """Give a gateway; `default` is the target of its default flow."""
    said = f' default="{ident}__{default}"' if default else ""
    return f'<bpmn:{kind}Gateway id="{ident}" name="{ident}"{said}/>'


def timer(ident: str, text: str, on: str = "", *, kind: str = "Duration", ends: bool = False) -> str:
    """Give a timer event: at the boundary of an activity, or on its own."""
    return _event(
        ident,
        f"<bpmn:timerEventDefinition><bpmn:time{kind}>{text}</bpmn:time{kind}></bpmn:timerEventDefinition>",
        on,
        ends=ends,
    )


def message(ident: str, name: str, on: str = "", *, correlation: str = "", fills: str = "", ends: bool = False) -> str:
    """Give a message event: at the boundary of an activity, or on its own; `fills` names what people may say with it."""
    said = {"correlation": correlation, "fills": fills}
    properties = "".join(f"<camunda:property name={quoteattr(k)} value={quoteattr(v)}/>" for k, v in said.items() if v)
    extra = f"<bpmn:extensionElements><camunda:properties>{properties}</camunda:properties></bpmn:extensionElements>"
    return _event(ident, f'{extra}<bpmn:messageEventDefinition messageRef="message_{name}"/>', on, ends=ends)


def begins(ident: str, name: str, fills: str = "") -> str:
    """Give a start event that a message opens."""
    said = f'<camunda:property name="fills" value={quoteattr(fills)}/>'
    extra = f"<bpmn:extensionElements><camunda:properties>{said}</camunda:properties></bpmn:extensionElements>"
    definition = f'<bpmn:messageEventDefinition messageRef="message_{name}"/>'
    return f'<bpmn:startEvent id="{ident}" name="{ident}">{extra if fills else ""}{definition}</bpmn:startEvent>'


def sends(ident: str, name: str, gives: Mapping[str, str] | None = None, **data: str) -> str:
    """Give a throwing event that sends a message to another case, or starts one."""
    inside = service(ident, "", gives, **data).partition(">")[2].removesuffix("</bpmn:serviceTask>")
    return (
        f'<bpmn:intermediateThrowEvent id="{ident}" name="{ident}">{inside}'
        f'<bpmn:messageEventDefinition messageRef="message_{name}"/></bpmn:intermediateThrowEvent>'
    )


def error(ident: str, code: str, on: str) -> str:
    """Give a boundary event that catches a business error."""
    return _event(ident, f'<bpmn:errorEventDefinition errorRef="error_{code}"/>', on, ends=True)


def end(ident: str) -> str:
    """Give another end event."""
    return f'<bpmn:endEvent id="{ident}" name="{ident}"/>'


def _event(ident: str, definition: str, on: str, *, ends: bool) -> str:
    if not on:
        return f'<bpmn:intermediateCatchEvent id="{ident}" name="{ident}">{definition}</bpmn:intermediateCatchEvent>'
    return (
        f'<bpmn:boundaryEvent id="{ident}" name="{ident}" attachedToRef="{on}" cancelActivity="{str(ends).lower()}">'
        f"{definition}</bpmn:boundaryEvent>"
    )


def _flows(text: str) -> Iterable[str]:
    """Read `a >> gw [days > 3] >> c; gw >> d`: a condition stands between a gateway and the arrow it guards."""
    for line in (part.strip() for part in text.split(";")):
        source, condition = "", ""
        for word in line.replace("\n", " ").split(">>"):
            target, _, rest = word.strip().partition("[")
            target = target.strip()
            if source:
                yield _flow(source, target, condition)
            source, condition = target, rest.rstrip("] ")


def _flow(source: str, target: str, condition: str) -> str:
    said = f"<bpmn:conditionExpression>{escape(condition)}</bpmn:conditionExpression>" if condition else ""
    return f'<bpmn:sequenceFlow id="{source}__{target}" sourceRef="{source}" targetRef="{target}">{said}</bpmn:sequenceFlow>'


def _messages(body: str) -> str:
    found = {word.split('"')[0] for word in body.split('messageRef="message_')[1:]}
    codes = {word.split('"')[0] for word in body.split('errorRef="error_')[1:]}
    lines = [f'<bpmn:message id="message_{name}" name="{name}"/>' for name in sorted(found)]
    lines += [f'<bpmn:error id="error_{code}" name="{code}" errorCode="{code}"/>' for code in sorted(codes)]
    return "".join(f"{line}\n" for line in lines)


def _people(body: str) -> list[str]:
    return [word.split('"')[0] for word in body.split('<bpmn:userTask id="')[1:]]
