"""Boundary events: one is missing, or ends its activity when it should not (or the reverse)."""

from collections.abc import Iterator

from lxml import etree

from engine.bpmn.documents import tag
from engine.bpmn.mutation.change import Change, named, set_attribute
from engine.bpmn.mutation.flows import without


def drop_event(root: etree._Element) -> Iterator[Change]:
    """Take a boundary event away, with whatever only it leads to."""
    for event in root.iter(tag("boundaryEvent")):
        said = f"去掉 {event.get('attachedToRef')} 上的{named(event)}及只由它引出的步骤"
        yield Change(event.get("id", ""), "", said, _near(event), without(root, event))


def flip_event(root: etree._Element) -> Iterator[Change]:
    """Let a boundary event end its activity when it should not, or leave it open when it should end."""
    for event in root.iter(tag("boundaryEvent")):
        interrupts = event.get("cancelActivity", "true").lower() != "false"
        said = f"{event.get('attachedToRef')} 上的{named(event)}改成{'不中断' if interrupts else '中断'}"
        edit = set_attribute(event, "cancelActivity", "false" if interrupts else "true")
        yield Change(event.get("id", ""), "", said, _near(event), edit)


def _near(event: etree._Element) -> tuple[str, ...]:
    return event.get("id", ""), event.get("attachedToRef", "")
