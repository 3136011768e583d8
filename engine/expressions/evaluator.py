"""Expressions: compiled once, evaluated often, by a hardened simpleeval that sees only the names an expression uses."""

import ast
import threading
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import simpleeval

from engine.domain.errors import InvalidExpression
from engine.expressions.operations import FUNCTIONS, METHODS, OPERATORS, kind_of
from engine.expressions.plain import plain
from engine.expressions.subset import MAX_SOURCE, names_in, parse, unwrap

Lookup = Callable[[str], Any] | Mapping[str, Any]
"""Where names get their values; an undeclared name raises KeyError (or InvalidExpression) here."""

DATA = (str, int, bool, type(None), float, list, dict)


class _Evaluator(simpleeval.EvalWithCompoundTypes):  # type: ignore[misc]  # simpleeval ships no types
    """simpleeval with our tables only; no function is ever a value, so the parent's walk over values is not needed."""

    def __init__(self) -> None:
        super().__init__(operators=OPERATORS, functions=dict(FUNCTIONS), names={})
        self.functions = FUNCTIONS
        self.nodes = {
            ast.Constant: self._eval_constant,
            ast.Name: self._eval_name,
            ast.UnaryOp: self._eval_unaryop,
            ast.BinOp: self._eval_binop,
            ast.BoolOp: self._eval_boolop,
            ast.Compare: self._eval_compare,
            ast.IfExp: self._eval_ifexp,
            ast.Call: self._eval_call,
            ast.Subscript: self._eval_subscript,
            ast.Slice: self._eval_slice,
            ast.Attribute: self._eval_attribute,
            ast.List: self._eval_list,
            ast.Dict: self._eval_dict,
        }

    def _eval(self, node: ast.AST) -> Any:
        return self.nodes[type(node)](node)

    def _eval_name(self, node: ast.Name) -> Any:
        return self.names[node.id]

    def _eval_constant(self, node: ast.Constant) -> Any:
        return node.value

    def _eval_call(self, node: ast.Call) -> Any:
        func = node.func
        if isinstance(func, ast.Attribute):
            held = self._eval(func.value)
            method = METHODS.get(type(held), {}).get(func.attr)
            if method is None:
                raise InvalidExpression(f"{kind_of(held)}没有方法“.{func.attr}()”")
            return method(held, *[self._eval(argument) for argument in node.args])
        assert isinstance(func, ast.Name)  # the subset has seen to it
        return FUNCTIONS[func.id](*[self._eval(argument) for argument in node.args])

    def _eval_attribute(self, node: ast.Attribute) -> Any:
        held = self._eval(node.value)
        if type(held) is not dict:
            raise InvalidExpression(f"{kind_of(held)}没有“.{node.attr}”这一项")
        return held[node.attr]

    def _eval_subscript(self, node: ast.Subscript) -> Any:
        held = self._eval(node.value)
        if type(held) not in (str, list, dict):
            raise InvalidExpression(f"不能从{kind_of(held)}里取一项")
        return held[self._eval(node.slice)]

    def _eval_dict(self, node: ast.Dict) -> dict[str, Any]:
        return {self._key(key): self._eval(value) for key, value in zip(node.keys, node.values, strict=True)}

    def _key(self, node: ast.AST | None) -> str:
        key = self._eval(node) if node is not None else None
        if type(key) is not str:
            raise InvalidExpression("字典的键必须是文字")
        return key


class _PerThread(threading.local):
    """One evaluator per thread; names are looked up before it runs, so nothing can enter it twice."""

    def __init__(self) -> None:
        self.evaluator = _Evaluator()


_own = _PerThread()


class Expression:
    """One compiled expression: its source, the free names it uses, and its value for given names."""

    __slots__ = ("_node", "names", "source")

    def __init__(self, source: str, node: ast.AST) -> None:
        self.source = source
        self.names = names_in(node)
        self._node = node

    def evaluate(self, lookup: Lookup) -> Any:
        """Give the value as plain JSON data; raise InvalidExpression naming what is undeclared, empty or too large."""
        find = lookup if callable(lookup) else lookup.__getitem__
        try:
            return _run(self._node, {name: _known(name, find) for name in self.names})
        except InvalidExpression as error:
            raise InvalidExpression(f"表达式“{self.source}”：{error}") from None

    def __repr__(self) -> str:
        return f"Expression({self.source!r})"


class Literal:
    """A text that stands for itself: it has the same face as an expression and uses no names."""

    __slots__ = ("source",)
    names: frozenset[str] = frozenset()

    def __init__(self, source: str) -> None:
        self.source = source

    def evaluate(self, lookup: Lookup) -> str:
        """Give the text itself."""
        return self.source


def _known(name: str, find: Callable[[str], Any]) -> Any:
    """Look one name up; raise when nobody declared it or when it holds anything but plain data."""
    try:
        value = find(name)
    except KeyError:
        raise InvalidExpression(f"名字“{name}”没有声明") from None
    if type(value) not in DATA:
        raise InvalidExpression(f"“{name}”不是普通数据")
    return value


def _run(node: ast.AST, values: dict[str, Any]) -> Any:
    """Evaluate a checked node over plain values; only what happens in here is the expression's own failure."""
    evaluator = _own.evaluator
    evaluator.names = values
    try:
        return plain(evaluator._eval(node))
    except FAILURES as error:
        raise InvalidExpression(_reason(error)) from None


FAILURES = (TypeError, ValueError, ArithmeticError, LookupError, RecursionError, MemoryError)


def _reason(error: BaseException) -> str:
    """Say in Chinese why Python gave up."""
    if isinstance(error, ZeroDivisionError):
        return "除数是零"
    if isinstance(error, KeyError):
        return f"没有“{_short(str(error.args[0]))}”这一项"
    if isinstance(error, IndexError):
        return "下标超出范围"
    if isinstance(error, OverflowError):
        return "数字太大"
    if isinstance(error, (RecursionError, MemoryError)):
        return "数据嵌套太深"
    return "数据的种类或内容不对"


@lru_cache(maxsize=4096)
def compile_expression(text: str) -> Expression:
    """Compile a text, with or without `${…}` around it; raise InvalidExpression with the reason."""
    source = unwrap(text)
    try:
        tree = parse(source, "eval", MAX_SOURCE)
        assert isinstance(tree, ast.Expression)
        return Expression(source, tree.body)
    except InvalidExpression as error:
        raise InvalidExpression(f"表达式“{_short(source)}”：{error}") from None


@lru_cache(maxsize=4096)
def compile_parameter(text: str) -> Expression | Literal:
    """Compile a parameter: a text that is one `${…}` is an expression, any other text is a literal."""
    source = unwrap(text)
    if source == text.strip() or "${" in source:
        return Literal(text)
    return compile_expression(text)


def _short(source: str) -> str:
    return source if len(source) <= 60 else source[:60] + "…"
