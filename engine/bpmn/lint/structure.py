"""The frame of a diagram: processes that exist, one start, an end, a bounded size."""

from collections import Counter

from engine.bpmn.lint.bundle import Bundle, Scope
from engine.bpmn.lint.report import Report

MAX_NODES = 300
"""SpiffWorkflow reads a chain of more than about 400 nodes only into a RecursionError."""


def check_processes(bundle: Bundle, process_id: str, report: Report) -> None:
    """The procedure's own process is there, may run, and every other one is called by somebody."""
    if process_id not in bundle.processes:
        found = "、".join(sorted(bundle.processes)) or "没有流程"
        file = next(iter(bundle.roots), "")
        sentence = f"文件里没有 id 是“{process_id}”的流程(有:{found});请把流程的 id 改成文件夹名"
        report.error(file, process_id, "process-missing", sentence)
    for scope in bundle.processes.values():
        if scope.xml.get("isExecutable") != "true":
            message = f"流程“{scope.id}”没有标为可执行;请在建模器里勾选 Executable"
            report.error(scope.file, scope.id, "not-executable", message)
        if scope.id != process_id and scope.id not in bundle.callers and process_id in bundle.processes:
            message = f"流程“{scope.id}”没有被任何调用活动调用;请删去,或用调用活动调用它"
            report.warning(scope.file, scope.id, "process-unused", message)


def is_small(bundle: Bundle, report: Report) -> bool:
    """Whether all processes together stay small; what is larger is not looked at any further."""
    count = max(sum(len(scope.nodes) for scope in bundle.scopes), len(bundle.scopes))
    if count > MAX_NODES:
        first = bundle.scopes[0]
        message = f"节点共 {count} 个,超过 {MAX_NODES} 个;请删去用不到的,或拆成几个流程分别部署"
        report.error(first.file, first.id, "too-many-nodes", message)
    return count <= MAX_NODES


def check(bundle: Bundle, report: Report) -> None:
    """Every process and sub-process has its start and an end."""
    for scope in bundle.scopes:
        if scope.holder is None or scope.holder.kind == "subProcess":
            _frame(scope, report, begun_by_messages=scope.holder is None and scope.id not in bundle.callers)


def _frame(scope: Scope, report: Report, *, begun_by_messages: bool) -> None:
    _starts(scope, report, begun_by_messages=begun_by_messages)
    if not any(n.kind == "endEvent" for n in scope.nodes.values()):
        message = f"“{scope.id}”里没有结束事件;请画上结束事件并连过去"
        report.error(scope.file, scope.id, "end-missing", message)


def _starts(scope: Scope, report: Report, *, begun_by_messages: bool) -> None:
    """One start by a person, and besides, in a process that nobody calls, one for each message."""
    starts = scope.starts()
    drawn = Counter(n.element.message if "message" in n.definitions else "" for n in starts)
    for node in starts:
        if "message" in node.definitions and not begun_by_messages:
            message = f"{node.called}:子流程和被调用的流程由上层发起,不能由消息发起;请用无类型的开始事件"
            report.error(scope.file, node.id, "start-by-person", message)
    if not starts or any(count > 1 for count in drawn.values()):
        message = f"“{scope.id}”里有 {len(starts)} 个开始事件:由人发起的至多一个,每种消息至多一个;多个起因请加排他网关"
        for ident in [n.id for n in starts] or [scope.id]:
            report.error(scope.file, ident, "one-start", message)
