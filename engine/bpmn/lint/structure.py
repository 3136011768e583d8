"""The frame of a diagram: processes that exist, one start, an end, a bounded size."""

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
    """Every process and sub-process has one start and an end."""
    for scope in bundle.scopes:
        if scope.holder is None or scope.holder.kind == "subProcess":
            _frame(scope, report)


def _frame(scope: Scope, report: Report) -> None:
    starts = scope.starts()
    if len(starts) != 1:
        message = f"“{scope.id}”里有 {len(starts)} 个开始事件,要有且只有一个;多个起因请用一个开始事件加排他网关"
        for ident in [n.id for n in starts] or [scope.id]:
            report.error(scope.file, ident, "one-start", message)
    if not any(n.kind == "endEvent" for n in scope.nodes.values()):
        message = f"“{scope.id}”里没有结束事件;请画上结束事件并连过去"
        report.error(scope.file, scope.id, "end-missing", message)
