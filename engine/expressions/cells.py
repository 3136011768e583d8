"""Cells of decision tables, read by our own small evaluator: inputs are tests, outputs are values."""

import ast
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import orjson

from engine.domain.errors import InvalidExpression
from engine.expressions.evaluator import Expression, Lookup, compile_expression
from engine.expressions.operations import OPERATORS, kind_of
from engine.expressions.subset import MAX_SOURCE

Test = Callable[[Any], bool]

TEXT = r'"(?:[^"\\]|\\.)*"'
NUMBER = r"-?\d{1,15}(?:\.\d{1,15})?"
LITERAL = re.compile(rf"{TEXT}|{NUMBER}|true|false|null", re.ASCII)
ORDER = re.compile(rf"(<=|>=|<|>|!=|=)\s*({LITERAL.pattern})", re.ASCII)
RANGE = re.compile(rf"([\[\](])\s*({LITERAL.pattern})\s*\.\.\s*({LITERAL.pattern})\s*([\])\[])", re.ASCII)
NEGATION = re.compile(r"not\s*\((.*)\)", re.DOTALL)
ITEM = re.compile(rf"\s*({RANGE.pattern}|{ORDER.pattern}|{LITERAL.pattern})\s*(,|$)", re.ASCII)
ANYTHING = frozenset({"", "-"})
WORDS = re.compile(r"[一-鿿]|^(R\d*/)?P[\dYMWDTHS.]+$|^\d{4}-\d\d-\d\d(T[\d:.]+([+-]\d\d:\d\d|Z)?)?$")
BEFORE, UP_TO = OPERATORS[ast.Lt], OPERATORS[ast.LtE]
COMPARE = {"<": BEFORE, "<=": UP_TO, ">": OPERATORS[ast.Gt], ">=": OPERATORS[ast.GtE]}


class Cell:
    """One compiled input cell."""

    __slots__ = ("_tests", "anything", "negated", "source")

    def __init__(self, source: str, tests: list[Test], negated: bool) -> None:
        self.source = source
        self.anything = not tests
        self.negated = negated
        self._tests = tests

    def matches(self, value: Any) -> bool:
        """Say whether the cell holds for a value; an empty value meets no comparison. Raises for a list or dict."""
        if self.anything:
            return True
        if type(value) is list or type(value) is dict:
            raise InvalidExpression(f"单元格“{self.source}”不能与{kind_of(value)}比较，请在输入列里先算成单个值")
        return any(test(value) for test in self._tests) is not self.negated


class Fixed:
    """An output cell that always gives the same value."""

    __slots__ = ("source", "value")
    names: frozenset[str] = frozenset()

    def __init__(self, source: str, value: Any) -> None:
        self.source = source
        self.value = value

    def evaluate(self, lookup: Lookup) -> Any:
        """Give the value."""
        return self.value


@lru_cache(maxsize=4096)
def compile_cell(text: str) -> Cell:
    """Compile an input cell; raise InvalidExpression with the reason."""
    source = text.strip()
    if source in ANYTHING:
        return Cell(source, [], negated=False)
    _limit(source)
    negation = NEGATION.fullmatch(source)
    return Cell(source, _tests(source, negation[1] if negation else source), negated=negation is not None)


@lru_cache(maxsize=4096)
def compile_output(text: str) -> Expression | Fixed:
    """Compile an output cell: `${…}`, a literal, or working-time words and dates kept as text; empty gives None."""
    source = text.strip()
    if source in ANYTHING:
        return Fixed(source, None)
    _limit(source)
    if source.startswith("${"):
        return compile_expression(source)
    if LITERAL.fullmatch(source):
        return Fixed(source, _literal(source))
    if '"' not in source and "“" not in source and WORDS.search(source):
        return Fixed(source, source)
    raise InvalidExpression(f"看不懂输出“{source}”：文字要加英文双引号，表达式要写成 ${{…}}")


def _limit(source: str) -> None:
    if len(source) > MAX_SOURCE:
        raise InvalidExpression(f"单元格太长（上限 {MAX_SOURCE} 字）")


def _tests(source: str, body: str) -> list[Test]:
    """Read a comma list of items."""
    tests: list[Test] = []
    at, comma = 0, True
    while comma:
        item = ITEM.match(body, at)
        if item is None:
            hint = "；文字要加英文双引号" if re.search(r"[A-Za-z一-鿿“”]", body) else ""
            raise InvalidExpression(f"看不懂单元格“{source}”{hint}")
        tests.append(_test(item[1]))
        at, comma = item.end(), item[item.re.groups] == ","
    return tests


def _test(item: str) -> Test:
    if LITERAL.fullmatch(item):
        return _equals(_literal(item))
    order = ORDER.fullmatch(item)
    if order is not None:
        return _ordered(order[1], _literal(order[2]))
    span = RANGE.fullmatch(item)
    assert span is not None  # ITEM has matched one of the three
    return _between(span)


def _literal(text: str) -> Any:
    """Give the value of a literal; a quoted text means its content."""
    if text.startswith('"'):
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            return text[1:-1]
    if text in CONSTANTS:
        return CONSTANTS[text]
    return float(text) if "." in text else int(text)


CONSTANTS = {"true": True, "false": False, "null": None}


def _equals(literal: Any) -> Test:
    """True and 1 are different things in a table, unlike in Python."""
    truth = isinstance(literal, bool)
    return lambda value: value == literal and isinstance(value, bool) is truth


def _ordered(sign: str, literal: Any) -> Test:
    if sign in ("=", "!="):
        same = _equals(literal)
        return same if sign == "=" else lambda value: not same(value)
    if literal is None or isinstance(literal, bool):
        raise InvalidExpression(f"“{sign}”后面要写数字或文字")
    compare = COMPARE[sign]
    return lambda value: value is not None and compare(value, literal)


def _between(span: re.Match[str]) -> Test:
    low, high = _literal(span[2]), _literal(span[3])
    numbers = all(type(end) in (int, float) for end in (low, high))
    if not numbers and not (isinstance(low, str) and isinstance(high, str)):
        raise InvalidExpression(f"区间“{span[0]}”的两端要同是数字或同是文字")
    if low > high:
        raise InvalidExpression(f"区间“{span[0]}”的下限大于上限")
    above = UP_TO if span[1] == "[" else BEFORE
    below = UP_TO if span[4] == "]" else BEFORE
    return lambda value: value is not None and above(low, value) and below(value, high)
