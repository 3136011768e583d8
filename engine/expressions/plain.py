"""Plain JSON data: what a value of an expression may be, how large, and its copy."""

from math import isfinite
from typing import Any

from engine.domain.errors import InvalidExpression

MAX_BYTES = 64 * 1024
"""The largest result, counted roughly as its JSON text."""

MAX_NESTING = 32
MAX_WHOLE = 2**63 - 1
ASCII_SAFE = MAX_BYTES // 4
TOO_LARGE = "结果太大（上限 64 kB）"


def plain(value: Any) -> Any:
    """Give `value` as plain JSON data: scalars as they are, lists and dicts as a copy.

    Raises InvalidExpression when it is anything else or larger than MAX_BYTES.
    """
    kind = type(value)
    if kind is bool or value is None:
        return value
    if kind is str and len(value) <= ASCII_SAFE:
        return value
    return _Copier().copy(value, 0)


class _Copier:
    """Copies one value and stops as soon as it is too large, so that a bomb is never unfolded."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MAX_BYTES

    def copy(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if kind is str:
            self._spend(2 + (len(value) if value.isascii() else len(value.encode("utf-8", "replace"))))
            return value
        if kind is list or kind is dict:
            if depth >= MAX_NESTING:
                raise InvalidExpression(f"结果嵌套太深（上限 {MAX_NESTING} 层）")
            self._spend(2 + len(value))
            return self._dict(value, depth) if kind is dict else [self.copy(item, depth + 1) for item in value]
        self._spend(4)
        return _scalar(value)

    def _dict(self, value: dict[Any, Any], depth: int) -> dict[str, Any]:
        result = {}
        for key, item in value.items():
            if type(key) is not str:
                raise InvalidExpression("字典的键必须是文字")
            self._spend(3 + len(key))
            result[key] = self.copy(item, depth + 1)
        return result

    def _spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise InvalidExpression(TOO_LARGE)


def _scalar(value: Any) -> Any:
    """Give a number, truth value or None; raise for anything that JSON does not know."""
    kind = type(value)
    if kind is bool or value is None:
        return value
    if kind is int:
        if not -MAX_WHOLE <= value <= MAX_WHOLE:
            raise InvalidExpression("数字太大")
        return value
    if kind is float:
        if not isfinite(value):
            raise InvalidExpression("结果不是有限的数字")
        return value
    raise InvalidExpression(f"结果不是普通数据（{kind.__name__}）")
