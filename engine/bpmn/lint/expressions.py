"""Expressions and scripts: each compiles, and reads only names that something declares."""

from engine.bpmn.lint.bundle import Bundle, Node
from engine.bpmn.lint.names import Names
from engine.bpmn.lint.report import Report
from engine.bpmn.lint.texts import texts_of
from engine.domain.errors import InvalidExpression
from engine.expressions import compile_script


def check(bundle: Bundle, names: Names, report: Report) -> None:
    """Look at every text of every node, every script and every decision table."""
    for node in bundle.nodes():
        _texts(node, names, report)
        if node.kind == "scriptTask":
            _script(node, names, report)
    for ident, decision in bundle.decisions.items():
        file = bundle.decision_files[ident]
        for name in names.unknown(decision.input_names):
            _undeclared(report, file, ident, f"判断表“{decision.name}”", name)


def _texts(node: Node, names: Names, report: Report) -> None:
    for text in texts_of(node):
        where = f"{node.called}的{text.label}"
        try:
            used = text.names()
        except InvalidExpression as error:
            message = f"{where}:{error};请改成允许的写法(见 docs/reference/dialect.md)"
            report.error(node.scope.file, text.element, "expression-invalid", message)
            continue
        if text.extra is not None:
            for name in names.unknown(used - text.extra):
                _undeclared(report, node.scope.file, text.element, where, name)


def _script(node: Node, names: Names, report: Report) -> None:
    file, language = node.scope.file, node.xml.get("scriptFormat", "python")
    if language != "python":
        message = f'{node.called}:脚本语言“{language}”不支持;请写 scriptFormat="python" 的赋值与 if'
        report.error(file, node.id, "script-invalid", message)
    if not node.element.script.strip():
        report.error(file, node.id, "script-invalid", f"{node.called}:脚本是空的;请写上要做的赋值,或删去这一步")
        return
    try:
        used = compile_script(node.element.script).names
    except InvalidExpression as error:
        message = f"{node.called}:{error};脚本只能写赋值和 if/elif/else,其他事请交给服务任务"
        report.error(file, node.id, "script-invalid", message)
        return
    for name in names.unknown(used):
        _undeclared(report, file, node.id, f"{node.called}的脚本", name)


def _undeclared(report: Report, file: str, element: str, where: str, name: str) -> None:
    message = f"{where}:没有声明过的名字“{name}”;请检查拼写,或让某张表单、脚本、判断表、服务任务输出它"
    report.error(file, element, "name-undeclared", message)
