"""Sequence flows: one is missing, a condition says the opposite, another flow is the default."""

from collections.abc import Callable, Iterator

from lxml import etree

from engine.bpmn.documents import local_name, tag
from engine.bpmn.elements import FLOW_NODES
from engine.bpmn.mutation.change import Change, Draft, bare, named, set_text


def drop_flow(root: etree._Element) -> Iterator[Change]:
    """Take a flow away, with whatever only it leads to."""
    for flow in root.iter(tag("sequenceFlow")):
        source, target = flow.get("sourceRef", ""), flow.get("targetRef", "")
        said = f"去掉从 {source} 到 {target} 的顺序流"
        yield Change(flow.get("id", ""), "", said, (source, target), without(root, flow))


def negate(root: etree._Element) -> Iterator[Change]:
    """Let a condition hold when it should not."""
    for flow in root.iter(tag("sequenceFlow")):
        condition = flow.find(tag("conditionExpression"))
        if condition is None or not (condition.text or "").strip():
            continue
        text = bare(condition.text or "")
        said = f"{flow.get('sourceRef')} 到 {flow.get('targetRef')} 的条件 {text} 反过来"
        near = (flow.get("sourceRef", ""), flow.get("targetRef", ""))
        yield Change(flow.get("id", ""), "", said, near, set_text(condition, f"${{not ({text})}}"))


def swap_default(root: etree._Element) -> Iterator[Change]:
    """Let the default flow and a conditional one change places.

    Where a gateway has but one condition this says the same as negating it, and is left out.
    """
    flows = {flow.get("id"): flow for flow in root.iter(tag("sequenceFlow"))}
    for node in root.iter(tag("exclusiveGateway"), tag("inclusiveGateway")):
        default = flows.get(node.get("default"))
        asked = [
            (flow, condition)
            for flow in flows.values()
            if flow.get("sourceRef") == node.get("id")
            and (condition := flow.find(tag("conditionExpression"))) is not None
        ]
        if default is None or len(asked) < 2:
            continue
        for flow, condition in asked:
            said = f"{named(node)}的默认去向由 {default.get('targetRef')} 换成 {flow.get('targetRef')},条件互换"
            near = (default.get("targetRef", ""), flow.get("targetRef", ""))
            edit = _swapped(node, default, flow, condition)
            yield Change(node.get("id", ""), flow.get("id", ""), said, near, edit)


def without(root: etree._Element, *gone: etree._Element) -> Callable[[Draft], None]:
    """Give the edit that removes nodes or flows with every reference, and everything that only they lead to."""
    before = _reached(root)

    def edit(draft: Draft) -> None:
        draft.remove(*gone)
        lost = before - _reached(draft.root)
        for node in [n for n in draft.root.iter() if local_name(n) in FLOW_NODES and n.get("id") in lost]:
            _take_out(node)
        _forget(draft.root)

    return edit


def _reached(root: etree._Element) -> set[str]:
    """Give the nodes that a token can come to, conditions aside."""
    onward: dict[str, list[str]] = {}
    for flow in root.iter(tag("sequenceFlow")):
        onward.setdefault(flow.get("sourceRef", ""), []).append(flow.get("targetRef", ""))
    for event in root.iter(tag("boundaryEvent")):
        onward.setdefault(event.get("attachedToRef", ""), []).append(event.get("id", ""))
    starts = [*root.iter(tag("startEvent")), *(n for n in root.iter(tag("subProcess")) if n.get("triggeredByEvent"))]
    waiting, seen = [n.get("id", "") for n in starts], set[str]()
    while waiting:
        ident = waiting.pop()
        if ident not in seen:
            seen.add(ident)
            waiting += onward.get(ident, [])
    return seen


def _take_out(node: etree._Element) -> None:
    holder = node.getparent()
    if holder is not None:
        holder.remove(node)


def _forget(root: etree._Element) -> None:
    """Remove what refers to something gone: flows without both ends, incoming, outgoing, default, lanes."""
    nodes = {n.get("id") for n in root.iter() if local_name(n) in FLOW_NODES}
    for flow in list(root.iter(tag("sequenceFlow"))):
        if flow.get("sourceRef") not in nodes or flow.get("targetRef") not in nodes:
            _take_out(flow)
    known = nodes | {flow.get("id") for flow in root.iter(tag("sequenceFlow"))}
    for node in list(root.iter(tag("incoming"), tag("outgoing"), tag("flowNodeRef"))):
        if (node.text or "").strip() not in known:
            _take_out(node)
    for node in root.iter(tag("exclusiveGateway"), tag("inclusiveGateway")):
        if node.get("default", "") not in known:
            node.attrib.pop("default", "")


def _swapped(
    node: etree._Element, default: etree._Element, flow: etree._Element, condition: etree._Element
) -> Callable[[Draft], None]:
    def edit(draft: Draft) -> None:
        draft[default].append(draft[condition])
        draft[node].set("default", flow.get("id", ""))

    return edit
