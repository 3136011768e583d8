"""Walks over the nodes of one scope: what can be reached, what cannot be avoided, what turns in circles."""

from collections.abc import Callable, Iterable, Mapping

from engine.bpmn.lint.bundle import Node, Scope

Next = Callable[[Node], list[Node]]


def steps(node: Node) -> list[Node]:
    """Give what may come after a node: by flow, or by an event on its boundary."""
    return [*node.scope.after(node), *node.boundary]


def walk(starts: Iterable[Node], after: Next, stop: Callable[[Node], bool] = lambda _: False) -> dict[str, Node]:
    """Give every node met from the starts on, by id; nodes to stop at are neither given nor passed."""
    found: dict[str, Node] = {}
    todo = list(starts)
    while todo:
        node = todo.pop()
        if node.id in found or stop(node):
            continue
        found[node.id] = node
        todo.extend(after(node))
    return found


def reached(scope: Scope, starts: Iterable[Node]) -> dict[str, Node]:
    """Give every node of a scope that can be reached from some."""
    return walk(starts, steps)


def ends_reached_from(scope: Scope) -> dict[str, Node]:
    """Give every node from which an end event can be reached."""
    before: dict[str, list[Node]] = {}
    for node in scope.nodes.values():
        for follower in scope.after(node):
            before.setdefault(follower.id, []).append(node)
    ends = [n for n in scope.nodes.values() if n.kind == "endEvent"]
    return walk(ends, lambda node: before.get(node.id, []))


def circles(nodes: Iterable[Node], after: Next) -> list[list[Node]]:
    """Give the strongly connected groups with a cycle in them, each in the order of `nodes`."""
    listed = list(nodes)
    ahead = {n.id: walk(after(n), after) for n in listed}
    groups: list[list[Node]] = []
    grouped: set[str] = set()
    for node in listed:
        if node.id in grouped or node.id not in ahead[node.id]:
            continue
        group = [m for m in listed if m.id in ahead[node.id] and node.id in ahead[m.id]]
        grouped.update(m.id for m in group)
        groups.append(group)
    return groups


def unavoidable_after(scope: Scope) -> Mapping[str, set[str]]:
    """Give for every node the ids that each way from it to the end must pass, itself included (post-dominators)."""
    ids = set(scope.nodes)
    passed = {ident: set(ids) for ident in ids}
    order = list(reversed(scope.nodes.values()))
    changed = True
    while changed:
        changed = False
        for node in order:
            following = [passed[n.id] for n in steps(node)]
            new = (set.intersection(*following) if following else set()) | {node.id}
            if new != passed[node.id]:
                passed[node.id], changed = new, True
    return passed
