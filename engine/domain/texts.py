"""Free texts that people type: what no database keeps and no page shows is taken out, and there is an end to their length."""

import re
from collections.abc import Mapping
from typing import Any

from engine.domain.errors import Invalid

LONGEST_REMARK = 500
"""Reasons, urging, settings: a remark."""
LONGEST_TEXT = 4000
"""Data of a message: as long as an answer in a form."""
DEEPEST = 20
_UNSAVABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def savable(text: str) -> str:
    """Take out control characters except newline and tab, and lone surrogates; line ends of every kind become newlines."""
    return _UNSAVABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def free_text(called: str, text: str, longest: int = LONGEST_REMARK) -> str:
    """Give a text as it may be stored; raise Invalid, by the name it is called, beyond the longest."""
    kept = savable(text)
    if len(kept) > longest:
        raise Invalid(f"{called}最多 {longest} 个字,现在是 {len(kept)} 个字")
    return kept


def free_data(called: str, value: Any, depth: int = 0) -> Any:
    """Give plain data whose texts, names included, are free texts; raise Invalid for a text too long or lists in lists without end."""
    if depth > DEEPEST:
        raise Invalid(f"{called}套得太深,最多 {DEEPEST} 层")
    if isinstance(value, str):
        return free_text(called, value, LONGEST_TEXT)
    if isinstance(value, Mapping):
        return {free_data(called, k, depth + 1): free_data(called, v, depth + 1) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [free_data(called, item, depth + 1) for item in value]
    return value
