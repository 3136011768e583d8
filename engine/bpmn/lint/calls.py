"""Call activities: what they call exists, nobody calls himself, and what goes in and out has a name."""

import re

from engine.bpmn.documents import camunda, tag
from engine.bpmn.lint.bundle import Bundle, Node
from engine.bpmn.lint.report import Report

_ID = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)


def check(bundle: Bundle, report: Report) -> None:
    """Look at every call activity, then at the circle of calls."""
    for node in bundle.nodes():
        if node.kind == "callActivity":
            _target(bundle, node, report)
            _mappings(node, report)
    for process in bundle.processes:
        circle = _circle(bundle, process)
        if circle:
            names = "→".join([*circle, process])
            for node in bundle.callers.get(process, []):
                message = f"{node.called}:流程之间互相调用成圈({names}),会没完没了;请改成圈内的循环或去掉一处调用"
                report.error(node.scope.file, node.id, "call-cycle", message)


def _target(bundle: Bundle, node: Node, report: Report) -> None:
    target, file = node.xml.get("calledElement", ""), node.scope.file
    if not target or not _ID.fullmatch(target):
        message = f"{node.called}:没有写要调用的流程,或写成了表达式;请写固定的流程 id"
        report.error(file, node.id, "call-target", message)
    elif target not in bundle.processes:
        message = f"{node.called}:文件里没有流程“{target}”;请把它的 .bpmn 放进来,或改 calledElement"
        report.error(file, node.id, "call-target", message)


def _mappings(node: Node, report: Report) -> None:
    extension = node.xml.find(tag("extensionElements"))
    mapped = [] if extension is None else [*extension.findall(camunda("in")), *extension.findall(camunda("out"))]
    for mapping in mapped:
        goes_in = mapping.tag == camunda("in")
        if mapping.get("variables") == "all" and not goes_in:
            fault = "camunda:out 不能写 variables=“all”,请逐个写 source 和 target"
        elif mapping.get("businessKey"):
            fault = "businessKey 不用写,被调用的流程就在同一张工单里;请删去"
        elif mapping.get("variables") != "all" and not mapping.get("target"):
            fault = "传递没有写 target;请写上"
        elif mapping.get("target") and not (mapping.get("source") or mapping.get("sourceExpression")):
            fault = f"传递给“{mapping.get('target')}”的没有写 source;请写上"
        else:
            continue
        report.error(node.scope.file, node.id, "call-mapping", f"{node.called}:{fault}")


def _circle(bundle: Bundle, process: str) -> list[str]:
    """Give a way of calls from a process back to itself; empty when there is none."""
    calls: dict[str, list[str]] = {}
    for target, callers in bundle.callers.items():
        for node in callers:
            calls.setdefault(node.element.process, []).append(target)
    ways = [[process]]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        for target in calls.get(way[-1], []):
            if target == process:
                return way
            if target not in seen:
                seen.add(target)
                ways.append([*way, target])
    return []
