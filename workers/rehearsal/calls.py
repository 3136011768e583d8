"""Read a file of calls as people would type them: one line a call, the last column says what people then do."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from engine.domain.clock import SHANGHAI
from engine.domain.errors import Invalid

WAIT, MESSAGE = "wait", "message"
_FLAGS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing people do: complete a task, let time pass, or send a message."""

    kind: str
    """`task`, `wait` or `message`."""
    name: str
    """Element id, limit text, or message name."""
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One call with everything that follows."""

    at: datetime
    actor: str
    form: Mapping[str, Any]
    decisions: tuple[Decision, ...]


def read_calls(path: Path, today: datetime) -> list[Call]:
    """Read the calls in order of time; raise Invalid naming the line that cannot be read.

    A time is a moment, or `D-3 09:15`: three days before `today`, in Asia/Shanghai.
    """
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    calls = []
    for number, row in enumerate(rows, 2):
        try:
            calls.append(_call(row, today))
        except (KeyError, ValueError) as error:
            raise Invalid(f"{path} 第 {number} 行读不懂:{error}") from error
    return sorted(calls, key=lambda call: call.at)


def _call(row: dict[str, Any], today: datetime) -> Call:
    at = _moment(row.pop("at"), today)
    actor, decisions = row.pop("actor"), row.pop("decisions") or ""
    form = {name: _value(text) for name, text in row.items() if name and text not in (None, "")}
    steps = tuple(_decision(text.strip()) for text in decisions.split(";") if text.strip())
    return Call(at, actor, form, steps)


def _moment(text: str, today: datetime) -> datetime:
    if text.startswith("D-"):
        days, _, clock = text[2:].partition(" ")
        day = (today.astimezone(SHANGHAI) - timedelta(days=int(days))).date()
        return datetime.combine(day, time.fromisoformat(clock), SHANGHAI)
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)


def _decision(text: str) -> Decision:
    kind, _, rest = text.partition(":")
    if kind == WAIT:
        return Decision(WAIT, rest, {})
    if kind == MESSAGE:
        name, _, said = rest.partition(":")
        return Decision(MESSAGE, name, _answers(said))
    return Decision("task", kind, _answers(rest))


def _answers(text: str) -> dict[str, Any]:
    pairs = [pair.partition("=") for pair in text.split(",") if pair.strip()]
    return {name.strip(): _value(value.strip()) for name, _, value in pairs}


def _value(text: str) -> Any:
    return _FLAGS.get(text, text)
