"""Turn a diagram as owners write it into what SpiffWorkflow parses. Works on a copy: the owner's file is never rewritten."""

from copy import deepcopy

from lxml import etree

from engine.bpmn.documents import camunda, local_name, tag


def translate(root: etree._Element) -> etree._Element:
    """Give a copy of a document with camunda collections and open gateway flows spelled out."""
    copy = deepcopy(root)
    for loop in copy.iter(tag("multiInstanceLoopCharacteristics")):
        _collection(loop)
    for gateway in [*copy.iter(tag("exclusiveGateway")), *copy.iter(tag("inclusiveGateway"))]:
        _default_of_a_merge(gateway)
    for inside in copy.iter(tag("subProcess")):
        if inside.get("triggeredByEvent") == "false":
            del inside.attrib["triggeredByEvent"]
    for event in [*copy.iter(tag("startEvent")), *copy.iter(tag("intermediateThrowEvent"))]:
        _message_of_another(event)
    for extension in list(copy.iter(tag("extensionElements"))):
        _drop(extension)
    return copy


def _message_of_another(event: etree._Element) -> None:
    """A case started by a message begins there as anywhere else; one that sends a message waits for a worker to deliver it."""
    for definition in event.findall(tag("messageEventDefinition")):
        event.remove(definition)
        if event.tag == tag("intermediateThrowEvent"):
            event.tag = tag("serviceTask")


def _collection(loop: etree._Element) -> None:
    text = loop.get(camunda("collection"))
    if text:
        reference = etree.SubElement(loop, tag("loopDataInputRef"))
        reference.text = text


def _default_of_a_merge(gateway: etree._Element) -> None:
    """A gateway that only merges has one flow without condition; SpiffWorkflow wants it named as the default."""
    parent = gateway.getparent()
    if parent is None:
        return
    flows = [f for f in parent.findall(tag("sequenceFlow")) if f.get("sourceRef") == gateway.get("id")]
    if len(flows) == 1 and flows[0].find(tag("conditionExpression")) is None:
        gateway.set("default", flows[0].get("id", ""))


def _drop(extension: etree._Element) -> None:
    """SpiffWorkflow indexes every id, those of extensions too: a collision hides a real element."""
    parent = extension.getparent()
    if parent is not None and local_name(parent) != "":
        parent.remove(extension)
