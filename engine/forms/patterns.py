"""Patterns of text answers: phone, e-mail, identity number, and owners' own patterns if they cannot run away."""

import re
from collections.abc import Callable
from re import _constants, _parser  # type: ignore[attr-defined]  # no public way to look inside a pattern
from typing import Any

from engine.domain.errors import InvalidExpression

MAX_PATTERN = 200
MAX_STEPS = 100_000

PHONE = re.compile(
    r"(\+?86[- ]?)?1[3-9]\d{9}"  # mobile
    r"|(\(?0\d{2,3}\)?[- ]?)?[2-9]\d{6,7}(-\d{1,6})?"  # landline, with or without area code and extension
    r"|[48]00-?\d{3}-?\d{4}"  # 400 and 800 numbers
    r"|1[0-2]\d{1,3}|9\d{4,5}",  # 110, 119, 12345, 95588
    re.ASCII,
)
EMAIL = re.compile(r"[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,5}")
ID_NUMBER = re.compile(r"[1-9]\d{5}(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dXx]", re.ASCII)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"


def is_phone(text: str) -> bool:
    """Say whether a text is a Chinese mobile, landline or service number."""
    return PHONE.fullmatch(text) is not None


def is_email(text: str) -> bool:
    """Say whether a text looks like an e-mail address."""
    return len(text) <= 254 and EMAIL.fullmatch(text) is not None


def is_id_number(text: str) -> bool:
    """Say whether a text is an 18-digit identity number with the right check digit."""
    if ID_NUMBER.fullmatch(text) is None:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, text, strict=False))
    return CHECK_DIGITS[total % 11] == text[-1].upper()


NAMED: dict[str, tuple[Callable[[str], bool], str]] = {
    "phone": (is_phone, "不是有效的电话号码"),
    "email": (is_email, "不是有效的电子邮箱"),
    "id_number": (is_id_number, "不是有效的居民身份证号码"),
}


def compile_pattern(source: str, longest: int) -> re.Pattern[str]:
    """Compile an owner's pattern; raise InvalidExpression when it is wrong or could take too long on a long text."""
    if len(source) > MAX_PATTERN:
        raise InvalidExpression(f"格式太长（上限 {MAX_PATTERN} 字）")
    try:
        compiled = re.compile(source)
        tree = _parser.parse(source)
    except (re.error, RecursionError, OverflowError) as error:
        raise InvalidExpression(f"格式“{source}”写法有误：{error}") from None
    anchored = source.startswith("^")
    if _ways(tree, longest) * (1 if anchored else longest) > MAX_STEPS:
        raise InvalidExpression(f"格式“{source}”在长文字上会算得太久，请少用 * 和 +，并以 ^ 开头")
    return compiled


def _ways(tree: Any, longest: int) -> int:
    """Bound the number of ways in which a matcher can walk through a part of a pattern."""
    ways = 1
    for operation, argument in tree:
        ways *= _ways_of(operation, argument, longest)
        if ways > MAX_STEPS:
            return MAX_STEPS + 1
    return ways


def _ways_of(operation: Any, argument: Any, longest: int) -> int:
    if operation is _constants.SUBPATTERN:
        return _ways(argument[-1], longest)
    if operation is _constants.BRANCH:
        return sum(_ways(branch, longest) for branch in argument[1])
    if operation in (_constants.MAX_REPEAT, _constants.MIN_REPEAT):
        least, most, body = argument
        return _repeated(_ways(body, longest), int(least), min(int(most), longest))
    if operation in (_constants.LITERAL, _constants.NOT_LITERAL, _constants.ANY, _constants.IN, _constants.AT):
        return 1
    raise InvalidExpression("格式里不支持向前向后查找、反向引用和占有量词")


def _repeated(ways: int, least: int, most: int) -> int:
    """Add up the ways of every allowed number of turns, and stop when there are too many."""
    if ways == 1:
        return max(most - least, 0) + 1
    total, power = 0, 1
    for turn in range(most + 1):
        total += power if turn >= least else 0
        power *= ways
        if power > MAX_STEPS:
            return MAX_STEPS + 1
    return total
