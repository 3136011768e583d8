"""Branches that live at the same time must not write the same name of the record."""

from collections.abc import Iterable
from itertools import combinations

from engine.bpmn.lint.bundle import Bundle, Node, Scope
from engine.bpmn.lint.graph import steps, unavoidable_after, walk
from engine.bpmn.lint.known import Known
from engine.bpmn.lint.report import Report
from engine.domain.errors import InvalidExpression
from engine.expressions import compile_script

_SPLITS = ("parallelGateway", "inclusiveGateway")


def check(bundle: Bundle, known: Known, report: Report) -> None:
    """Compare the branches of every split, and what runs beside an activity with the activity."""
    writes = {node: _writes(bundle, node, known) for node in bundle.nodes()}
    for scope in bundle.scopes:
        splits = [n for n in scope.nodes.values() if n.kind in _SPLITS and len(n.out) > 1]
        passed = unavoidable_after(scope) if splits else {}
        for split in splits:
            _branches(scope, split, passed[split.id], writes, report)
        for node in scope.nodes.values():
            if node.kind == "boundaryEvent" and not node.interrupts and node.host is not None:
                _beside(node, node.host, writes, report)


def _branches(scope: Scope, split: Node, joined: set[str], writes: dict[Node, frozenset[str]], report: Report) -> None:
    ends = joined - {split.id}
    branches = [walk([first], steps, lambda n: n.id in ends or n is split) for first in scope.after(split)]
    for left, right in combinations(branches, 2):
        shared = left.keys() & right.keys()
        mine = _by_name((left[i] for i in left if i not in shared), writes)
        theirs = _by_name((right[i] for i in right if i not in shared), writes)
        for name in sorted(mine.keys() & theirs.keys()):
            one, other = mine[name], theirs[name]
            message = (
                f"{split.called}之后同时进行的{one.called}和{other.called}都写“{name}”,先写的会被盖掉;"
                "请给其中一个换名字,或放到汇合之后"
            )
            report.error(scope.file, one.id, "name-written-twice", message)


def _beside(event: Node, host: Node, writes: dict[Node, frozenset[str]], report: Report) -> None:
    """What follows an event that does not interrupt runs beside the activity; how long, nobody can tell."""
    handlers = walk(event.scope.after(event), steps, lambda n: n is host)
    for name, node in sorted(_by_name(handlers.values(), writes).items()):
        if name in writes[host]:
            message = f"{host.called}还在办时,{node.called}也可能写“{name}”,后写的盖掉先写的;请确认这样可以,或换个名字"
            report.warning(event.scope.file, node.id, "name-written-twice", message)


def _by_name(nodes: Iterable[Node], writes: dict[Node, frozenset[str]]) -> dict[str, Node]:
    """Give the first writer of every name."""
    found: dict[str, Node] = {}
    for node in nodes:
        for name in writes[node]:
            found.setdefault(name, node)
    return found


def _writes(bundle: Bundle, node: Node, known: Known) -> frozenset[str]:
    """Give the names that a node writes into its own scope, its inside included."""
    element = node.element
    if element.collection or element.cardinality:
        return frozenset({node.id, *element.co_sign_names})
    names = {name for name, _ in element.outputs} | {element.attributes.get("resultVariable", "")}
    names |= {element.properties.get("resultVariable", "")}
    if node.kind == "callActivity":
        names |= {node.id, *(target for _, target in element.calls_out)}
    if element.is_manual:
        names |= known.keys_by_form.get(node.id, frozenset())
    decision = bundle.decisions.get(element.attributes.get("decisionRef", ""))
    if node.kind == "businessRuleTask" and decision is not None:
        names |= decision.output_names
    if element.script:
        try:
            names |= compile_script(element.script).targets
        except InvalidExpression:
            names |= set()
    if node.inside is not None:
        names.update(*(_writes(bundle, inner, known) for inner in node.inside.nodes.values()))
    return frozenset(names - {""})
