"""Performers: somebody else does it, somebody else is told, something else is said."""

from collections.abc import Iterator

from lxml import etree

from engine.bpmn.documents import camunda, tag
from engine.bpmn.elements import FLOW_NODES
from engine.bpmn.mutation.change import Change, around, following, named, set_attribute, set_text


def performer(root: etree._Element) -> Iterator[Change]:
    """Put another role of the diagram in the place of one that may do a task."""
    tasks = list(root.iter(tag("userTask")))
    pool = [term for node in tasks for term in terms(node.get(camunda("candidateGroups"), ""))]
    for node in tasks:
        text = node.get(camunda("candidateGroups"), "")
        for term, other, changed in _exchanged(text, pool):
            said = f"{named(node)}的办理人 {term} 换成 {other}"
            edit = set_attribute(node, camunda("candidateGroups"), changed)
            yield Change(node.get("id", ""), term, said, (node.get("id", ""),), edit)


def assignee(root: etree._Element) -> Iterator[Change]:
    """Give a task to somebody else's way of assigning, or to nobody where the diagram knows but one."""
    tasks = [n for n in root.iter(tag("userTask")) if n.get(camunda("assignee"))]
    pool = sorted({n.get(camunda("assignee"), "") for n in tasks})
    for node in tasks:
        held = node.get(camunda("assignee"), "")
        other = following(held, pool)
        if other is None and not node.get(camunda("candidateGroups")):
            continue
        said = f"{named(node)}的指定经办人 {held} " + (f"换成 {other}" if other else "去掉")
        edit = set_attribute(node, camunda("assignee"), other)
        yield Change(node.get("id", ""), "", said, (node.get("id", ""),), edit)


def recipient(root: etree._Element) -> Iterator[Change]:
    """Tell another one of those who are told something in the diagram."""
    said_to = list(_parameters(root, "to"))
    pool = [term for _, node in said_to for term in terms(node.text or "")]
    for service, node in said_to:
        for term, other, changed in _exchanged(node.text or "", pool):
            said = f"{named(service)}的收件人 {term} 换成 {other}"
            yield Change(service.get("id", ""), term, said, (service.get("id", ""),), set_text(node, changed))


def notice(root: etree._Element) -> Iterator[Change]:
    """Send another notice of the diagram."""
    sent = list(_parameters(root, "notice"))
    pool = sorted({(node.text or "").strip() for _, node in sent})
    for service, node in sent:
        held = (node.text or "").strip()
        other = following(held, pool)
        if other is not None:
            said = f"{named(service)}的通知 {held} 换成 {other}"
            yield Change(service.get("id", ""), "", said, (service.get("id", ""),), set_text(node, other))


def terms(text: str) -> list[str]:
    """Give the performer words of a list."""
    return [term.strip() for term in text.split(",") if term.strip()]


def _exchanged(text: str, pool: list[str]) -> Iterator[tuple[str, str, str]]:
    """Give for every word of a list (word, another one of the pool, the list with it)."""
    held = terms(text)
    for at, term in enumerate(held):
        other = following(term, sorted({*pool} - {*held} | {term}))
        if other is not None:
            yield term, other, ",".join([*held[:at], other, *held[at + 1 :]])


def _parameters(root: etree._Element, name: str) -> Iterator[tuple[etree._Element, etree._Element]]:
    for node in root.iter(camunda("inputParameter")):
        service = around(node, *FLOW_NODES)
        if service is not None and service.get(camunda("topic")) == "notify" and node.get("name") == name:
            yield service, node
