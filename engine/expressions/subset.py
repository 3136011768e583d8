"""The allowed subset of Python expressions: read a text, refuse what leaves the subset, list the names it uses."""

import ast
import re
from collections.abc import Callable
from math import isfinite
from typing import Any

from engine.domain.errors import InvalidExpression
from engine.expressions.operations import FUNCTIONS, MAX_BITS, METHOD_NAMES, OPERATORS

MAX_SOURCE = 2000
MAX_DEPTH = 60

WRAPPED = re.compile(r"\s*\$\{(.*)\}\s*", re.DOTALL)
FULL_WIDTH = re.compile(r"[“”‘’（），：＝＜＞【】]")
REFUSED: dict[type[ast.AST], str] = {
    ast.ListComp: "列表推导",
    ast.SetComp: "集合推导",
    ast.DictComp: "字典推导",
    ast.GeneratorExp: "生成器",
    ast.Lambda: "lambda",
    ast.NamedExpr: "“:=”",
    ast.JoinedStr: "f 字符串",
    ast.Tuple: "元组（请用方括号列表）",
    ast.Set: "集合（请用方括号列表）",
    ast.Starred: "“*”展开",
    ast.Await: "await",
    ast.Yield: "yield",
    ast.YieldFrom: "yield",
}
SIGNS: dict[type[ast.AST], str] = {
    ast.Pow: "**",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.MatMult: "@",
}
LEAVES = (ast.Load, ast.Store, ast.And, ast.Or, ast.Slice, ast.BoolOp, ast.IfExp, ast.List)


def unwrap(text: str) -> str:
    """Take the `${…}` off a text, if there is one."""
    match = WRAPPED.fullmatch(text)
    return (match[1] if match else text).strip()


def parse(source: str, mode: str, limit: int) -> ast.AST:
    """Parse a text as Python; raise InvalidExpression with a sentence when it is too long or not Python."""
    if len(source) > limit:
        raise InvalidExpression(f"太长（{len(source)} 字，上限 {limit} 字）")
    if not source.strip():
        raise InvalidExpression("是空的")
    try:
        return ast.parse(source, mode=mode)
    except SyntaxError as error:
        place = f"（第 {error.lineno or 1} 行第 {error.offset or 1} 个字附近）"
        hint = "，请检查是否用了中文标点" if FULL_WIDTH.search(source) else ""
        raise InvalidExpression(f"写法有误{place}{hint}") from None
    except (ValueError, MemoryError, RecursionError):
        raise InvalidExpression("写法有误，或嵌套太深") from None


def names_in(node: ast.AST) -> frozenset[str]:
    """Check a parsed expression against the subset and give the free names it uses; raise InvalidExpression."""
    names: set[str] = set()
    _check(node, names, 0)
    return frozenset(names)


def check_name(name: str) -> str:
    """Let a name through that may stand for data; raise for inner names and names of functions."""
    if name.startswith("_"):
        raise InvalidExpression(f"名字“{name}”不能以下划线开头")
    if name in FUNCTIONS:
        raise InvalidExpression(f"“{name}”是函数名，要写成 {name}(…)，不能当数据名")
    return name


def _check(node: ast.AST, names: set[str], depth: int) -> None:
    if depth > MAX_DEPTH:
        raise InvalidExpression(f"嵌套太深（上限 {MAX_DEPTH} 层）")
    kind = type(node)
    if kind is ast.Name:
        names.add(check_name(node.id))  # type: ignore[attr-defined]
        return
    if kind is ast.Call:
        _check_call(node, names, depth)  # type: ignore[arg-type]
        return
    check = CHECKS.get(kind)
    if check is not None:
        check(node)
    elif kind not in LEAVES and kind not in OPERATORS:
        raise InvalidExpression(f"不支持{REFUSED.get(kind, kind.__name__)}")
    for child in ast.iter_child_nodes(node):
        _check(child, names, depth + 1)


def _check_call(node: ast.Call, names: set[str], depth: int) -> None:
    """Calls name a listed function, or a listed method of some value; arguments by position only."""
    func = node.func
    if isinstance(func, ast.Name):
        if func.id not in FUNCTIONS:
            raise InvalidExpression(f"没有函数“{func.id}”，可用：{' '.join(FUNCTIONS)}")
    elif isinstance(func, ast.Attribute):
        if func.attr not in METHOD_NAMES:
            raise InvalidExpression(f"没有方法“.{func.attr}()”，可用：{' '.join(sorted(METHOD_NAMES))}")
        _check(func.value, names, depth + 1)
    else:
        raise InvalidExpression("只能调用列出的函数和方法")
    if node.keywords:
        raise InvalidExpression("函数的参数不能带名字")
    for argument in node.args:
        _check(argument, names, depth + 1)


def _check_constant(node: ast.Constant) -> None:
    value = node.value
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        raise InvalidExpression("数字太大")
    if isinstance(value, float) and not isfinite(value):
        raise InvalidExpression("数字太大")
    if isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise InvalidExpression("文字里有不能保存的字符")
    if not (value is None or isinstance(value, (str, int, float))):
        raise InvalidExpression(f"不支持这种字面量（{type(value).__name__}）")


def _check_attribute(node: ast.Attribute) -> None:
    if node.attr.startswith("_"):
        raise InvalidExpression(f"不能取“.{node.attr}”")


def _check_compare(node: ast.Compare) -> None:
    for sign, right in zip(node.ops, node.comparators, strict=True):
        none = isinstance(right, ast.Constant) and right.value is None
        if isinstance(sign, (ast.Is, ast.IsNot)) and not none:
            raise InvalidExpression("is 只能与 None 比较，其他请用 ==")


def _check_dict(node: ast.Dict) -> None:
    if None in node.keys:
        raise InvalidExpression("不支持“**”展开")


def _check_operation(node: ast.BinOp | ast.UnaryOp) -> None:
    if type(node.op) not in OPERATORS:
        raise InvalidExpression(f"不支持运算“{SIGNS.get(type(node.op), '~')}”")


CHECKS: dict[type[ast.AST], Callable[[Any], None]] = {
    ast.Constant: _check_constant,
    ast.Attribute: _check_attribute,
    ast.Compare: _check_compare,
    ast.Dict: _check_dict,
    ast.BinOp: _check_operation,
    ast.UnaryOp: _check_operation,
    ast.Subscript: lambda _node: None,
}
