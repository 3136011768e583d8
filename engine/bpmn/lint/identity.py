"""Ids and names: unique, readable, and never equal to a name of the record."""

import re
from collections import Counter

from lxml import etree

from engine.bpmn.definition import ORDER_NAMES
from engine.bpmn.documents import local_name
from engine.bpmn.lint.bundle import ACTIVITIES, Bundle, Node, Scope
from engine.bpmn.lint.names import Names
from engine.bpmn.lint.report import Report
from engine.expressions import FUNCTION_NAMES

_ID = re.compile(r"[a-z][a-z0-9_]*")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_DRAWING = ("http://www.omg.org/spec/BPMN/20100524/DI", "http://www.omg.org/spec/DD/20100524/DI")


def check(bundle: Bundle, names: Names, report: Report) -> None:
    """Look at the ids of every file, the ids and names of every node, and the names that are filled."""
    for file, root in bundle.roots.items():
        _duplicates(file, root, report)
    _across(bundle, report)
    for scope in bundle.scopes:
        _shape(scope, report)
        for node in scope.nodes.values():
            if node.id in names.filled or node.id in ORDER_NAMES or node.id in FUNCTION_NAMES:
                message = f"{node.called}:id 与事项数据名“{node.id}”相同,两者会混在一起;请给 id 换个名字,例如加动词"
                report.error(scope.file, node.id, "id-is-a-name", message)
            if _wants_name(node) and not node.xml.get("name", "").strip():
                message = f"“{node.id}”没有名称,人们在界面上看不懂;请在图上写上名称"
                report.warning(scope.file, node.id, "unnamed", message)
            _filled(node, report)


def _duplicates(file: str, root: etree._Element, report: Report) -> None:
    counted = Counter(
        node.get("id", "")
        for node in root.iter()
        if local_name(node) and node.get("id") and etree.QName(node).namespace not in _DRAWING
    )
    for ident, count in counted.items():
        if count > 1:
            message = f"id“{ident}”用了 {count} 次(扩展元素也算);请改成各不相同"
            report.error(file, ident, "duplicate-id", message)


def _across(bundle: Bundle, report: Report) -> None:
    """Processes and nodes of different files share one space; so do messages, errors and signals with other content."""
    seen: dict[str, tuple[str, str]] = {}
    for file, root in bundle.roots.items():
        for node in root.iter():
            ident, content = node.get("id", ""), ""
            if local_name(node) in ("message", "error", "signal", "escalation"):
                content = repr(sorted(node.attrib.items()))
            elif ident not in bundle.processes and not any(s.file == file and ident in s.nodes for s in bundle.scopes):
                continue
            first = seen.setdefault(ident, (file, content))
            if first[0] != file and (not content or first[1] != content):
                message = f"id“{ident}”在 {first[0]} 和 {file} 里都有;请改其中一个"
                report.error(file, ident, "duplicate-id", message)


def _shape(scope: Scope, report: Report) -> None:
    advice = "请用小写英文字母开头,只含小写字母、数字和下划线"
    for ident in [*([] if scope.holder else [scope.id]), *(n.id for n in scope.nodes.values())]:
        if not _ID.fullmatch(ident):
            report.error(scope.file, ident, "id-shape", f"id“{ident}”不合规矩;{advice}")
    for flow in scope.flows:
        if not flow.id:
            message = f"从“{flow.source}”到“{flow.target}”的顺序流没有 id,会被整条丢掉;请重新连线"
            report.error(scope.file, flow.source, "id-shape", message)
        elif not _ID.fullmatch(flow.id):
            report.warning(scope.file, flow.id, "id-shape", f"顺序流 id“{flow.id}”不合规矩;{advice}")


def _wants_name(node: Node) -> bool:
    """Whether people meet the node: work, waiting and choices."""
    if node.kind in ("exclusiveGateway", "inclusiveGateway"):
        return len(node.out) > 1
    return node.kind in ACTIVITIES or node.kind in ("boundaryEvent", "intermediateCatchEvent")


def _filled(node: Node, report: Report) -> None:
    element = node.element
    filled = {name for name, _ in element.outputs} | {target for _, target in (*element.calls_in, *element.calls_out)}
    filled |= {n for n in (element.item, element.attributes.get("resultVariable", "")) if n}
    for name in sorted(filled):
        if name in ORDER_NAMES or name in FUNCTION_NAMES or not _NAME.fullmatch(name):
            message = f"{node.called}:“{name}”不能用作事项数据名(工单列、函数名或写法不合);请换一个英文名字"
            report.error(node.scope.file, node.id, "name-reserved", message)
