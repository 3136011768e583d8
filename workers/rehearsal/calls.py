"""Read a file of calls as people would type them: one line a call, the last column says what people then do."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from engine.domain.clock import SHANGHAI
from engine.domain.errors import Invalid

WAIT, MESSAGE = "wait", "message"
_FLAGS = {"true": True, "false": False}
_DAY = re.compile(r"D([+-]\d{1,4})(?: (\d{1,2}:\d{2}))?")


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

    process: str
    at: datetime
    actor: str
    form: Mapping[str, Any]
    decisions: tuple[Decision, ...]


def read_calls(path: Path, today: datetime) -> list[Call]:
    """Read the calls in order of time; raise Invalid naming the line that cannot be read.

    They are calls of the procedure in whose folder the file lies. A time is a moment, or `D-3 09:15`: three days before
    `today`, in Asia/Shanghai; an answer may be such a time too, or a day (`D+20`).
    """
    process = _procedure_of(path)
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    calls = []
    for number, row in enumerate(rows, 2):
        try:
            calls.append(_call(process, row, today))
        except (KeyError, ValueError) as error:
            raise Invalid(f"{path} 第 {number} 行读不懂:{error}") from error
    return sorted(calls, key=lambda call: call.at)


def _procedure_of(path: Path) -> str:
    for folder in path.resolve().parents:
        if (folder / "procedure.toml").is_file():
            return folder.name
    raise Invalid(f"{path} 不在流程文件夹里:放到流程的 examples/ 下")


def _call(process: str, row: dict[str, Any], today: datetime) -> Call:
    at = _moment(row.pop("at"), today)
    actor, decisions = row.pop("actor"), row.pop("decisions") or ""
    form = {name: _value(text, today) for name, text in row.items() if name and text not in (None, "")}
    steps = tuple(_decision(text.strip(), today) for text in decisions.split(";") if text.strip())
    return Call(process, at, actor, form, steps)


def _moment(text: str, today: datetime) -> datetime:
    at = datetime.fromisoformat(_dated(text, today))
    return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)


def _dated(text: str, today: datetime) -> str:
    """Give `D-3 09:15` and `D+20` as the moment and the day they mean; any other text as it stands."""
    found = _DAY.fullmatch(text)
    if found is None:
        return text
    day = (today.astimezone(SHANGHAI) + timedelta(days=int(found[1]))).date()
    return datetime.combine(day, time.fromisoformat(found[2].zfill(5))).isoformat() if found[2] else day.isoformat()


def _decision(text: str, today: datetime) -> Decision:
    kind, _, rest = text.partition(":")
    if kind == WAIT:
        return Decision(WAIT, rest, {})
    if kind == MESSAGE:
        name, _, said = rest.partition(":")
        return Decision(MESSAGE, name, _answers(said, today))
    return Decision("task", kind, _answers(rest, today))


def _answers(text: str, today: datetime) -> dict[str, Any]:
    pairs = [pair.partition("=") for pair in text.split(",") if pair.strip()]
    return {name.strip(): _value(value.strip(), today) for name, _, value in pairs}


def _value(text: str, today: datetime) -> Any:
    return _FLAGS.get(text, _dated(text, today))
