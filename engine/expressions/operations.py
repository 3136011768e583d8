"""What expressions can do to values: operators, functions and methods, each bounded in time and size."""

import ast
import operator
from collections.abc import Callable
from math import isfinite
from typing import Any

from engine.domain.errors import InvalidExpression

MAX_BITS = 256
MAX_TEXT = 64 * 1024
MAX_ITEMS = 10_000
MAX_DIGITS = 15

NUMBERS = (int, float, bool)
WORDS = {
    str: "文字",
    int: "数字",
    float: "数字",
    bool: "真假值",
    list: "列表",
    dict: "字典",
    type(None): "空（还没有值）",
}


def kind_of(value: Any) -> str:
    """Name the kind of a value for people."""
    return WORDS.get(type(value), type(value).__name__)


def number(value: Any) -> Any:
    """Let a number through if it stays in bounds; raise otherwise."""
    if type(value) is int:
        if value.bit_length() > MAX_BITS:
            raise InvalidExpression("数字太大")
    elif type(value) is float and not isfinite(value):
        raise InvalidExpression("结果不是有限的数字")
    return value


def _refuse(sign: str, left: Any, right: Any) -> InvalidExpression:
    return InvalidExpression(f"“{sign}”不能用在{kind_of(left)}与{kind_of(right)}之间")


def _arithmetic(sign: str, calculate: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Build an operator that knows numbers only."""

    def apply(left: Any, right: Any) -> Any:
        if type(left) not in NUMBERS or type(right) not in NUMBERS:
            raise _refuse(sign, left, right)
        return number(calculate(left, right))

    return apply


def _add(left: Any, right: Any) -> Any:
    if type(left) is str and type(right) is str:
        if len(left) + len(right) > MAX_TEXT:
            raise InvalidExpression("文字太长")
        return left + right
    if type(left) is list and type(right) is list:
        if len(left) + len(right) > MAX_ITEMS:
            raise InvalidExpression("列表太长")
        return left + right
    if type(left) not in NUMBERS or type(right) not in NUMBERS:
        raise _refuse("+", left, right)
    return number(left + right)


def _order(sign: str, compare: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Build a comparison that knows two numbers or two texts, and says what is empty."""

    def apply(left: Any, right: Any) -> Any:
        numbers = type(left) in NUMBERS and type(right) in NUMBERS
        if numbers or (type(left) is str and type(right) is str):
            return compare(left, right)
        raise _refuse(sign, left, right)

    return apply


def _contains(item: Any, container: Any) -> bool:
    if type(container) is str and type(item) is str:
        return item in container
    if type(container) is list or type(container) is dict:
        return item in container
    raise _refuse("in", item, container)


def _negate(sign: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def apply(value: Any) -> Any:
        if type(value) not in NUMBERS:
            raise InvalidExpression(f"正负号不能用在{kind_of(value)}上")
        return sign(value)

    return apply


OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: _add,
    ast.Sub: _arithmetic("-", operator.sub),
    ast.Mult: _arithmetic("*", operator.mul),
    ast.Div: _arithmetic("/", operator.truediv),
    ast.FloorDiv: _arithmetic("//", operator.floordiv),
    ast.Mod: _arithmetic("%", operator.mod),
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: _order("<", operator.lt),
    ast.LtE: _order("<=", operator.le),
    ast.Gt: _order(">", operator.gt),
    ast.GtE: _order(">=", operator.ge),
    ast.In: _contains,
    ast.NotIn: lambda item, container: not _contains(item, container),
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.Not: operator.not_,
    ast.USub: _negate(operator.neg),
    ast.UAdd: _negate(operator.pos),
}


def _rounded(value: Any, digits: int = 0) -> Any:
    if type(value) not in NUMBERS or type(digits) is not int or not 0 <= digits <= MAX_DIGITS:
        raise InvalidExpression(f"round 只用于数字，小数位数是 0 到 {MAX_DIGITS}")
    return round(value, digits) if digits else number(round(value))


def _whole(value: Any) -> Any:
    if type(value) is str and len(value) > MAX_BITS:
        raise InvalidExpression("数字太大")
    return number(int(value))


def _decimal(value: Any) -> Any:
    return number(float(value))


def _text(value: Any) -> str:
    if type(value) is list or type(value) is dict:
        raise InvalidExpression(f"str 不能用在{kind_of(value)}上")
    return str(value)


def _sum(values: Any) -> Any:
    if type(values) is not list or any(type(value) not in NUMBERS for value in values):
        raise InvalidExpression("sum 只用于数字的列表")
    return number(sum(values))


def _each(rows: Any, name: Any) -> list[Any]:
    """Give one field of every row: of a list, or of the answers that a multi-instance activity gathered."""
    held = list(rows.values()) if type(rows) is dict else [] if rows is None else rows
    if type(held) is not list or type(name) is not str or any(type(row) is not dict for row in held):
        raise InvalidExpression('each 只用于一行一行的数据，例如 each(sign_minutes, "opinion")')
    return [row.get(name) for row in held]


def _absolute(value: Any) -> Any:
    if type(value) not in NUMBERS:
        raise InvalidExpression(f"abs 不能用在{kind_of(value)}上")
    return abs(value)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "len": len,
    "min": min,
    "max": max,
    "abs": _absolute,
    "round": _rounded,
    "int": _whole,
    "float": _decimal,
    "str": _text,
    "bool": bool,
    "sum": _sum,
    "any": any,
    "all": all,
    "each": _each,
}

METHODS: dict[type, dict[str, Callable[..., Any]]] = {
    str: {
        "lower": str.lower,
        "upper": str.upper,
        "strip": str.strip,
        "startswith": str.startswith,
        "endswith": str.endswith,
        "split": str.split,
    },
    dict: {
        "get": dict.get,
        "keys": list,
        "values": lambda held: list(held.values()),
        "items": lambda held: [list(pair) for pair in held.items()],
    },
}
"""Methods per exact type of the receiver; nothing else has any."""

METHOD_NAMES = frozenset(name for methods in METHODS.values() for name in methods)
