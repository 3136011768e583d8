"""Script tasks: an assignment is forgotten, a number is off by one."""

import ast
from collections.abc import Iterator

from lxml import etree

from engine.bpmn.documents import tag
from engine.bpmn.elements import FLOW_NODES
from engine.bpmn.mutation.change import Change, around, bare, named, set_text


def drop_assignment(root: etree._Element) -> Iterator[Change]:
    """Let a name keep what it held; it stays declared."""
    for task, node, tree in _scripts(root):
        for number, statement in enumerate(_assignments(tree), 1):
            target = ast.unparse(statement.targets[0])
            if target == ast.unparse(statement.value):
                continue
            said = f"{named(task)}里的 {ast.unparse(statement)} 不做了"
            changed = _replaced(_source(node), statement.value, target)
            yield Change(task.get("id", ""), f"{number}.{target}", said, (task.get("id", ""),), set_text(node, changed))


def number(root: etree._Element) -> Iterator[Change]:
    """Add one to a number, in a script or a condition."""
    for holder, node, tree in [*_scripts(root), *_conditions(root)]:
        numbers = [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and type(n.value) in (int, float)]
        for at, constant in enumerate(sorted(numbers, key=lambda n: (n.lineno, n.col_offset)), 1):
            held = ast.unparse(constant)
            more = str(ast.literal_eval(held) + 1)
            changed = _replaced(_source(node), constant, more)
            said = f"{named(holder)}里的 {held} 改成 {more}:{_line(changed, constant.lineno)}"
            text = changed if node.tag == tag("script") else f"${{{changed}}}"
            ident = holder.get("id", "")
            near = (holder.get("sourceRef", ident), holder.get("targetRef", ident))
            yield Change(ident, str(at), said, near, set_text(node, text))


def _scripts(root: etree._Element) -> Iterator[tuple[etree._Element, etree._Element, ast.Module]]:
    yield from _parsed(root, "script", *FLOW_NODES)


def _conditions(root: etree._Element) -> Iterator[tuple[etree._Element, etree._Element, ast.Module]]:
    yield from _parsed(root, "conditionExpression", "sequenceFlow")


def _parsed(
    root: etree._Element, name: str, *holders: str
) -> Iterator[tuple[etree._Element, etree._Element, ast.Module]]:
    for node in root.iter(tag(name)):
        holder = around(node, *holders)
        if holder is not None and _source(node):
            try:
                yield holder, node, ast.parse(_source(node))
            except SyntaxError:
                continue  # the check refuses it anyway


def _source(node: etree._Element) -> str:
    return (node.text or "").strip() if node.tag == tag("script") else bare(node.text or "")


def _line(text: str, number: int) -> str:
    return text.splitlines()[number - 1].strip()


def _assignments(tree: ast.Module) -> list[ast.Assign]:
    found = [n for n in ast.walk(tree) if isinstance(n, ast.Assign) and len(n.targets) == 1]
    return sorted(found, key=lambda n: n.lineno)


def _replaced(text: str, node: ast.expr, by: str) -> str:
    """Give a script with the source of one expression replaced; columns of `ast` count bytes."""
    lines = text.encode().splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    whole = b"".join(lines)
    start = starts[node.lineno - 1] + node.col_offset
    end = starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
    return (whole[:start] + by.encode() + whole[end:]).decode()
