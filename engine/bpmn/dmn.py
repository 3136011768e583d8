"""Decision tables: read one DMN file, refuse what we would not decide rightly, decide."""

import keyword
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from lxml import etree

from engine.bpmn.documents import CAMUNDA, local_name, read
from engine.domain.errors import InvalidDiagram, InvalidExpression, StepFailed
from engine.domain.findings import Finding
from engine.expressions import (
    FUNCTION_NAMES,
    Cell,
    Expression,
    Lookup,
    compile_cell,
    compile_expression,
    compile_output,
)

MAX_ROWS = 2000
MAX_COLUMNS = 50
POLICIES = ("FIRST", "UNIQUE", "COLLECT")
NAMESPACES = frozenset(
    {
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    }
)
CAMUNDA_DMN = "http://camunda.org/schema/1.0/dmn"


class DecisionConflict(StepFailed):
    """Two rows of a UNIQUE table hold at once."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands in the table, its input cells and its output cells."""

    number: int
    cells: tuple[Cell, ...]
    outputs: tuple[Any, ...]

    @property
    def catches_all(self) -> bool:
        """Say whether every input cell is `-`."""
        return all(cell.anything for cell in self.cells)

    def matches(self, values: list[Any]) -> bool:
        """Say whether every input cell holds; raise InvalidExpression naming the row."""
        try:
            return all(cell.matches(value) for cell, value in zip(self.cells, values, strict=True))
        except InvalidExpression as error:
            raise InvalidExpression(f"第 {self.number} 行：{error}") from None


@dataclass(frozen=True)
class DecisionTable:
    """One decision table. The catch-all row answers only when no other row does, whatever the hit policy."""

    id: str
    name: str
    policy: str
    inputs: tuple[Expression, ...]
    outputs: tuple[str, ...]
    rows: tuple[Row, ...]
    fallback: Row | None
    input_names: frozenset[str]
    output_names: frozenset[str]

    @property
    def constants(self) -> list[str]:
        """The texts that output cells give as they stand, row by row."""
        rows = [*self.rows, *([self.fallback] if self.fallback else [])]
        values = (cell.evaluate({}) for row in rows for cell in row.outputs if not cell.names)
        return [value for value in values if isinstance(value, str)]

    def decide(self, lookup: Lookup) -> dict[str, Any]:
        """Give every output a value: None when no row holds, lists for COLLECT.

        Raises DecisionConflict when two rows of a UNIQUE table hold, InvalidExpression when a cell cannot be read.
        """
        try:
            values = [each.evaluate(lookup) for each in self.inputs]
            hits = self._hits(values)
            answers = [[cell.evaluate(lookup) for cell in row.outputs] for row in hits]
        except InvalidExpression as error:
            raise InvalidExpression(f"判断表“{self.name}”：{error}") from None
        if not answers:
            return dict.fromkeys(self.outputs)
        if self.policy == "COLLECT":
            return {name: [answer[at] for answer in answers] for at, name in enumerate(self.outputs)}
        return dict(zip(self.outputs, answers[0], strict=True))

    def _hits(self, values: list[Any]) -> list[Row]:
        """Give the rows that answer, by the hit policy."""
        holding = (row for row in self.rows if row.matches(values))
        hits = [row for row in [next(holding, None)] if row] if self.policy == "FIRST" else list(holding)
        if self.policy == "UNIQUE" and len(hits) > 1:
            numbers = "、".join(str(row.number) for row in hits)
            raise DecisionConflict(f"判断表“{self.name}”要求只命中一行，却同时命中第 {numbers} 行")
        return hits or ([self.fallback] if self.fallback else [])


def parse_decision(xml: bytes, file: str = "") -> DecisionTable:
    """Read the one decision table of a file; raise InvalidDiagram with findings when it is refused."""
    reader = _Reader(file)
    table = reader.read(xml)
    if table is None:
        text = "；".join(finding.message for finding in reader.findings if finding.level == "error")
        raise InvalidDiagram(f"判断表不能用：{text}", reader.findings)
    return table


def check_decision(file: str, xml: bytes) -> list[Finding]:
    """Give everything that is wrong with a decision file; an empty list means that it can be deployed."""
    reader = _Reader(file)
    reader.read(xml)
    return reader.findings


class _Reader:
    """Reads one file and notes what is wrong on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []

    def read(self, xml: bytes) -> DecisionTable | None:
        """Give the table, or None when there are errors."""
        try:
            root = read(xml, self.file)
        except InvalidDiagram as error:
            self._error(None, "dmn-xml", str(error))
            return None
        namespace = etree.QName(root).namespace
        if local_name(root) != "definitions" or namespace not in NAMESPACES:
            self._error(root, "dmn-file", "不是 DMN 1.1–1.3 文件")
            return None
        decisions = _children(root, "decision")
        if len(decisions) != 1:
            self._error(root, "dmn-one-table", f"一个文件只能有一张判断表，这里有 {len(decisions)} 张")
            return None
        decision = decisions[0]
        tables = _children(decision, "decisionTable")
        if len(tables) != 1:
            self._error(decision, "dmn-one-table", "判断里要有且只有一张表，不支持其他写法")
            return None
        self._required(decision)
        return self._table(decision, tables[0])

    def _required(self, decision: etree._Element) -> None:
        if not decision.get("id"):
            self._error(decision, "dmn-id", "判断没有 id")
        if any(_children(each, "requiredDecision") for each in _children(decision, "informationRequirement")):
            self._error(decision, "dmn-drd", "判断不能依赖另一个判断")

    def _table(self, decision: etree._Element, table: etree._Element) -> DecisionTable | None:
        policy = self._policy(table)
        inputs = [self._input(each) for each in _children(table, "input")]
        outputs = self._outputs(_children(table, "output"))
        if not inputs or not outputs or len(inputs) + len(outputs) > MAX_COLUMNS:
            self._error(table, "dmn-columns", f"至少要有一个输入列和一个输出列，合计不超过 {MAX_COLUMNS} 列")
        rows = self._rows(table, len(inputs), len(outputs))
        catching = [row for row in rows if row.catches_all]
        self._catch_all(decision, table, rows, catching)
        if any(finding.level == "error" for finding in self.findings):
            return None
        expressions = tuple(each for each in inputs if each is not None)
        uses = [*expressions, *(cell for row in rows for cell in row.outputs)]
        return DecisionTable(
            id=decision.get("id") or "",
            name=decision.get("name") or decision.get("id") or "",
            policy=policy,
            inputs=expressions,
            outputs=tuple(outputs),
            rows=tuple(row for row in rows if not row.catches_all),
            fallback=catching[0] if catching else None,
            input_names=frozenset().union(*(each.names for each in uses)),
            output_names=frozenset(outputs),
        )

    def _policy(self, table: etree._Element) -> str:
        policy = table.get("hitPolicy") or "UNIQUE"
        if policy not in POLICIES:
            self._error(table, "dmn-hit-policy", f"不支持命中策略 {policy}，可用：{'、'.join(POLICIES)}")
        if table.get("aggregation"):
            self._error(table, "dmn-hit-policy", "不支持汇总（aggregation），COLLECT 给出列表，汇总请写表达式")
        return policy

    def _input(self, node: etree._Element) -> Expression | None:
        text = "".join(_text(each) for each in _children(node, "inputExpression"))
        if not text:
            self._error(node, "dmn-input", f"输入列“{node.get('label') or node.get('id')}”没有表达式")
            return None
        expression: Expression | None = self._compiled(node, "dmn-input", partial(compile_expression, text))
        return expression

    def _outputs(self, nodes: list[etree._Element]) -> list[str]:
        names: list[str] = []
        for node in nodes:
            name = node.get("name") or ""
            if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_") or name in FUNCTION_NAMES:
                self._error(node, "dmn-output", f"输出列的名字“{name}”不能用作事项数据名")
            elif name in names:
                self._error(node, "dmn-output", f"输出列“{name}”重复")
            names.append(name)
        return names

    def _rows(self, table: etree._Element, inputs: int, outputs: int) -> list[Row]:
        nodes = _children(table, "rule")
        if not nodes or len(nodes) > MAX_ROWS:
            self._error(table, "dmn-rows", f"行数要在 1 到 {MAX_ROWS} 之间")
            return []
        rows = [self._row(number, node, inputs, outputs) for number, node in enumerate(nodes, start=1)]
        return [row for row in rows if row is not None]

    def _row(self, number: int, node: etree._Element, inputs: int, outputs: int) -> Row | None:
        entries, results = _children(node, "inputEntry"), _children(node, "outputEntry")
        if len(entries) != inputs or len(results) != outputs:
            self._error(node, "dmn-rows", f"第 {number} 行的格数与列数不符")
            return None
        what = f"第 {number} 行："
        cells = [self._compiled(each, "dmn-cell", partial(compile_cell, _text(each)), what) for each in entries]
        answers = [self._compiled(each, "dmn-cell", partial(compile_output, _text(each)), what) for each in results]
        if None in cells or None in answers:
            return None
        return Row(number, tuple(cell for cell in cells if cell is not None), tuple(answers))

    def _catch_all(self, decision: etree._Element, table: etree._Element, rows: list[Row], catching: list[Row]) -> None:
        """Demand exactly one catch-all row, and that it stands last, where owners read it."""
        if len(catching) > 1:
            numbers = "、".join(str(row.number) for row in catching)
            self._error(table, "dmn-catch-all", f"兜底行只能有一条，第 {numbers} 行都是")
        elif catching and catching[0] is not rows[-1]:
            self._error(table, "dmn-catch-all", f"兜底行（第 {catching[0].number} 行）要放在最后")
        elif not catching and not self.findings and not _optional(decision):
            self._error(
                table, "dmn-catch-all", "没有兜底行（全是 -）；确实可以不命中时，写 camunda:property optional=true"
            )

    def _compiled(self, node: etree._Element, rule: str, compiled: Callable[[], Any], what: str = "") -> Any:
        try:
            return compiled()
        except InvalidExpression as error:
            self._error(node, rule, f"{what}{error}")
            return None

    def _error(self, node: etree._Element | None, rule: str, message: str) -> None:
        element = "" if node is None else _identity(node)
        self.findings.append(Finding(self.file, element, rule, "error", message))


def _children(node: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in node if local_name(child) == name]


def _text(node: etree._Element) -> str:
    """Give the text of a cell's or expression's `text` child."""
    return "".join("".join(str(part) for part in each.itertext()) for each in _children(node, "text")).strip()


def _identity(node: etree._Element) -> str:
    """Give the id of the element, or of the nearest one around it that has one."""
    around: etree._Element | None = node
    while around is not None and not around.get("id"):
        around = around.getparent()
    return "" if around is None else around.get("id") or ""


def _optional(decision: etree._Element) -> bool:
    """Say whether the owner declared that no row need hold."""
    properties = [
        each
        for extensions in _children(decision, "extensionElements")
        for each in extensions.iter()
        if local_name(each) == "property" and etree.QName(each).namespace in (CAMUNDA, CAMUNDA_DMN)
    ]
    return any(each.get("name") == "optional" and each.get("value") == "true" for each in properties)
