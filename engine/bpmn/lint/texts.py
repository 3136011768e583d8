"""Which texts of a diagram are expressions, how they are read at run time, and whether they would be."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.bpmn.documents import tag
from engine.bpmn.lint.bundle import Node
from engine.bpmn.record import PART, WHOLE
from engine.domain.errors import InvalidExpression
from engine.expressions import Literal, compile_expression, compile_parameter

_SAID = {"assignee": "经办人", "dueDate": "时限", "followUpDate": "预警", "priority": "优先级"}
COUNTS = frozenset({"nrOfInstances", "nrOfCompletedInstances"})


@dataclass(frozen=True, slots=True)
class Text:
    """One text: where, what it is called for people, and the names it may use besides the declared ones."""

    element: str
    label: str
    source: str
    reading: str
    """always (an expression with or without `${…}`) | parameter (only as `${…}`) | within (`${…}` inside a text)."""
    extra: frozenset[str] | None = frozenset()
    """Names that exist only here; None when nobody can tell them before run time."""

    def names(self) -> frozenset[str]:
        """Give the names it reads; raise InvalidExpression when it would not compile or would stay a literal."""
        if self.reading == "always":
            return compile_expression(self.source).names
        if "${" not in self.source:
            return frozenset()
        if self.reading == "parameter" or WHOLE.fullmatch(self.source.strip()):
            compiled = compile_parameter(self.source)
            if isinstance(compiled, Literal):
                raise InvalidExpression("“${…}”要么是整段文字,要么不要写")
            return compiled.names
        if "${" in PART.sub("", self.source):
            raise InvalidExpression("“${”没有配上“}”,或里面还有花括号")
        found = [compile_parameter(part).names for part in PART.findall(self.source)]
        return frozenset[str]().union(*found)


def texts_of(node: Node) -> Iterator[Text]:
    """Give every text of a node and of the flows out of it that is evaluated at run time."""
    element, said = node.element, node.element.attributes
    for flow in node.out:
        if flow.condition:
            yield Text(flow.id, "条件", flow.condition, "always")
    for drawn in node.xml.iterchildren(tag("conditionalEventDefinition")):
        yield Text(node.id, "条件事件", (drawn.findtext(tag("condition")) or "").strip(), "always")
    if element.is_manual:
        for term in said.get("candidateGroups", "").split(","):
            yield Text(node.id, "候选人", term.strip(), "within")
        for name, label in _SAID.items():
            yield Text(node.id, label, said.get(name, ""), "parameter")
    for name, text in element.inputs:
        yield Text(node.id, f"输入 {name}", text, "within")
    for name, text in element.outputs:
        yield Text(node.id, f"输出 {name}", text, "parameter", None)
    if element.timer is not None:
        yield Text(node.id, "定时器", element.timer[1], "parameter")
    yield Text(node.id, "关联键", element.properties.get("correlation", ""), "parameter")
    yield from _repeated(node)
    for source, target in (*element.calls_in, *element.calls_out):
        if source:
            yield Text(node.id, f"传递 {target}", source, "always")


def _repeated(node: Node) -> Iterator[Text]:
    element = node.element
    if element.collection:
        yield Text(node.id, "名单", element.collection, "always")
    if element.cardinality:
        yield Text(node.id, "次数", element.cardinality, "always")
    if node.multi is not None and node.multi.find(tag("completionCondition")) is not None:
        text = (node.multi.findtext(tag("completionCondition")) or "").strip()
        yield Text(node.id, "完成条件", text, "always", COUNTS)
    weights = element.properties.get("weights", "")
    if element.co_sign_names and "${" in weights:
        yield Text(node.id, "票数", weights, "parameter")
    if node.loop is not None and node.loop.find(tag("loopCondition")) is not None:
        yield Text(node.id, "循环条件", (node.loop.findtext(tag("loopCondition")) or "").strip(), "always")
