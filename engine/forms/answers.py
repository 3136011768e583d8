"""Answers as they come: HTML strings, JSON values or a scenario's table, brought to one shape."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from engine.forms.specs import MOST_ROWS

ROW_KEY = re.compile(r"(\w+)-(\d{1,4})-(.+)", re.DOTALL)


class Texts:
    """The texts sent for each key, with the face that WTForms reads; a key not sent keeps the field's default."""

    __slots__ = ("_texts",)

    def __init__(self, answers: Mapping[str, Any], keys: Iterable[str]) -> None:
        self._texts = {key: texts_of(answers[key]) for key in keys if key in answers}

    def __contains__(self, key: object) -> bool:
        return key in self._texts

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def getlist(self, key: str) -> list[str]:
        """Give the texts of a key that was sent."""
        return self._texts[key]


def texts_of(value: Any) -> list[str]:
    """Give a value as the texts that an HTML form would send; None and an empty list empty the answer."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in texts_of(item)] or [""]
    return [_text_of(value)]


def _text_of(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")
    return str(value)


def same_words(answers: Mapping[str, Any], without: Iterable[str] = ()) -> str:
    """Give a short digest of what somebody typed, `without` some keys: who sends the same form again says the same words."""
    left = set(without)
    said = sorted((key, texts_of(value)) for key, value in answers.items() if key not in left)
    return hashlib.sha256(repr(said).encode("utf-8", "replace")).hexdigest()[:16]


def plain_answers(answers: Mapping[str, Any], lists: frozenset[str]) -> dict[str, Any]:
    """Give answers by key; `steps-0-name` of an HTML page becomes a row of the list `steps`."""
    getlist = getattr(answers, "getlist", None)
    given = {key: getlist(key) if getlist else answers[key] for key in answers}
    rows: dict[str, dict[int, dict[str, Any]]] = {}
    for key in [key for key in given if "-" in key]:
        match = ROW_KEY.fullmatch(key)
        if match is not None and match[1] in lists:
            rows.setdefault(match[1], {}).setdefault(int(match[2]), {})[match[3]] = given.pop(key)
    for name, numbered in rows.items():
        given.setdefault(name, [numbered[number] for number in sorted(numbered)])
    return given


def rows_of(value: Any) -> list[Mapping[str, Any]] | None:
    """Give the filled rows of a list, or None when the value is no list of tables or too long."""
    if value is None or value == "" or value == [""]:
        return []
    if not isinstance(value, (list, tuple)) or len(value) > MOST_ROWS:
        return None
    if not all(isinstance(row, Mapping) for row in value):
        return None
    return [row for row in value if any(_filled(answer) for answer in row.values())]


def _filled(answer: Any) -> bool:
    return answer is not None and answer is not False and texts_of(answer) not in ([""], ["false"])
