"""Business errors: each has a code and a boundary event that catches it."""

from engine.bpmn.documents import tag
from engine.bpmn.lint.bundle import Bundle, Node
from engine.bpmn.lint.report import Report


def check(bundle: Bundle, report: Report) -> None:
    """Follow every error end event outwards to what catches it; references lead somewhere."""
    for node in bundle.nodes():
        if "error" not in node.definitions:
            continue
        code = _code(bundle, node)
        if code is None or (node.kind == "endEvent" and not code):
            message = f"{node.called}:没有选错误,或错误没有代码;请在建模器里选一个有代码的错误"
            report.error(node.scope.file, node.id, "error-uncaught", message)
        elif node.kind == "endEvent" and not _is_caught(bundle, node, code):
            message = f"{node.called}:错误“{code}”没有人接住,走到这里会停下;请在外面的子流程或调用活动上画错误边界事件"
            report.error(node.scope.file, node.id, "error-uncaught", message)


def _code(bundle: Bundle, node: Node) -> str | None:
    """Give the code of an error event: empty without a reference, None when the reference leads nowhere."""
    drawn = node.xml.find(tag("errorEventDefinition"))
    ref = drawn.get("errorRef") if drawn is not None else None
    if not ref:
        return ""
    found = [e for e in bundle.roots[node.scope.file].iter(tag("error")) if e.get("id") == ref]
    return (found[0].get("errorCode") or "") if found else None


def _is_caught(bundle: Bundle, node: Node, code: str) -> bool:
    """Whether every way out of the scope of a node meets a boundary event for a code."""
    todo, seen = [node.scope], {node.scope}
    while todo:
        around = bundle.around(todo.pop())
        if not around:
            return False
        outer = {activity.scope for activity in around if not _catches(bundle, activity, code)} - seen
        seen |= outer
        todo += outer
    return True


def _catches(bundle: Bundle, activity: Node, code: str) -> bool:
    return any("error" in event.definitions and _code(bundle, event) in ("", code) for event in activity.boundary)
