"""Scripts: assignments to a name or one item of a name, `if/elif/else` and `pass`; nothing else exists."""

import ast
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from engine.domain.errors import InvalidExpression
from engine.expressions.evaluator import Expression
from engine.expressions.operations import kind_of
from engine.expressions.plain import plain
from engine.expressions.subset import check_name, parse

MAX_SCRIPT = 8000
MAX_BLOCKS = 50

Read = Callable[[str], Any]
Write = Callable[[str, Any], None]

REFUSED = {
    ast.For: "循环",
    ast.AsyncFor: "循环",
    ast.While: "循环",
    ast.Import: "导入",
    ast.ImportFrom: "导入",
    ast.FunctionDef: "定义函数",
    ast.AsyncFunctionDef: "定义函数",
    ast.ClassDef: "定义类",
    ast.Delete: "del",
    ast.AugAssign: "“+=”一类的写法（请写成 x = x + …）",
    ast.AnnAssign: "带类型的赋值",
    ast.Expr: "单独一个表达式",
    ast.Try: "try",
    ast.With: "with",
    ast.Match: "match",
    ast.Raise: "raise",
    ast.Assert: "assert",
    ast.Global: "global",
    ast.Nonlocal: "nonlocal",
    ast.Return: "return",
}


class _Assign:
    """`name = value`, or `name[key] = value` as a copy with one item replaced."""

    def __init__(self, node: ast.Assign, line: int) -> None:
        target = node.targets[0] if len(node.targets) == 1 else None
        self.key: Expression | None = None
        if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            if isinstance(target.slice, ast.Slice):
                raise InvalidExpression("不能给一段切片赋值")
            self.key = _expression(target.slice)
            target = target.value
        if not isinstance(target, ast.Name):
            raise InvalidExpression("只能给一个名字，或一个名字的一项赋值")
        self.target = check_name(target.id)
        self.value = _expression(node.value)
        self.line = line
        self.targets = frozenset({self.target})
        held = frozenset() if self.key is None else self.key.names | self.targets
        self.names = self.value.names | held

    def run(self, read: Read, write: Write) -> None:
        value = self.value.evaluate(read)
        if self.key is None:
            write(self.target, value)
            return
        try:
            held = read(self.target)
        except KeyError:
            raise InvalidExpression(f"名字“{self.target}”没有声明") from None
        write(self.target, plain(_with_item(self.target, held, self.key.evaluate(read), value)))


class _If:
    """`if` with what follows when it holds and when it does not."""

    def __init__(self, node: ast.If, depth: int) -> None:
        if depth > MAX_BLOCKS:
            raise InvalidExpression(f"if 嵌套太深（上限 {MAX_BLOCKS} 层）")
        self.test = _expression(node.test)
        self.then = [_statement(each, depth + 1) for each in node.body]
        self.otherwise = [_statement(each, depth + 1) for each in node.orelse]
        inner = [each for each in self.then + self.otherwise if each is not None]
        self.line = node.lineno
        self.targets: frozenset[str] = frozenset().union(*(each.targets for each in inner))
        self.names: frozenset[str] = self.test.names.union(*(each.names for each in inner))

    def run(self, read: Read, write: Write) -> None:
        _run(self.then if self.test.evaluate(read) else self.otherwise, read, write)


_Statement = _Assign | _If | None


class Script:
    """One compiled script: the names it writes, the names it reads, and how to run it."""

    __slots__ = ("_statements", "names", "source", "targets")

    def __init__(self, source: str, statements: list[_Statement]) -> None:
        self.source = source
        self._statements = statements
        real = [each for each in statements if each is not None]
        self.targets: frozenset[str] = frozenset().union(*(each.targets for each in real))
        self.names: frozenset[str] = frozenset().union(*(each.names for each in real))

    def run(self, read: Read, write: Write) -> None:
        """Run top to bottom; `read` must see what `write` wrote. Raises InvalidExpression with the line."""
        _run(self._statements, read, write)


@lru_cache(maxsize=1024)
def compile_script(text: str) -> Script:
    """Compile a script; raise InvalidExpression naming the line that leaves the subset."""
    source = text.strip()
    try:
        tree = parse(source, "exec", MAX_SCRIPT)
    except InvalidExpression as error:
        raise InvalidExpression(f"脚本{error}") from None
    assert isinstance(tree, ast.Module)
    return Script(source, [_statement(each, 0) for each in tree.body])


def _statement(node: ast.stmt, depth: int) -> _Statement:
    try:
        if isinstance(node, ast.Assign):
            return _Assign(node, node.lineno)
        if isinstance(node, ast.If):
            return _If(node, depth)
        if isinstance(node, ast.Pass):
            return None
        raise InvalidExpression(f"脚本里不能用{REFUSED.get(type(node), type(node).__name__)}")
    except InvalidExpression as error:
        raise _at(node.lineno, error) from None


def _expression(node: ast.expr) -> Expression:
    return Expression(ast.unparse(node), node)


def _run(statements: list[_Statement], read: Read, write: Write) -> None:
    for statement in statements:
        if statement is None:
            continue
        try:
            statement.run(read, write)
        except InvalidExpression as error:
            raise _at(statement.line, error) from None


def _at(line: int, error: InvalidExpression) -> InvalidExpression:
    """Name the innermost line once."""
    text = str(error)
    return error if text.startswith("脚本第") else InvalidExpression(f"脚本第 {line} 行：{text}")


def _with_item(name: str, held: Any, key: Any, value: Any) -> dict[str, Any] | list[Any]:
    """Give a copy of what `name` holds with one item replaced; raise when that item cannot exist."""
    if type(held) is dict and type(key) is str:
        return {**held, key: value}
    if type(held) is list and type(key) is int:
        if not -len(held) <= key < len(held):
            raise InvalidExpression(f"“{name}”没有第 {key} 项")
        copy = list(held)
        copy[key] = value
        return copy
    raise InvalidExpression(f"“{name}”现在是{kind_of(held)}，不能给其中一项赋值")
