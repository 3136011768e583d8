"""The hours of a working day: day shift with a lunch break, two or three shifts, night shift, a desk that never closes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.domain.errors import Invalid

_INTERVAL = re.compile(r"(\d{1,2}):([0-5]\d)-(\d{1,2}):([0-5]\d)")
_FULL_DAY = 1440

Hours = tuple[tuple[int, int], ...]
"""Stretches of a working day, (start, end) in minutes after its local midnight; an end above 1440 is past midnight."""


@dataclass(frozen=True, slots=True)
class ShiftPattern:
    """The hours of a working day. Raises Invalid for hours that are empty, unordered or run into the next day's.

    `every_day` works on every day of the table, weekends and holidays included (plants, desks), whatever its hours.
    """

    name: str
    intervals: Hours
    every_day: bool = False

    def __post_init__(self) -> None:
        check_hours(f"班次“{self.name}”", self.intervals)

    @classmethod
    def parse(cls, name: str, text: str, *, every_day: bool = False) -> "ShiftPattern":
        """Read hours such as 08:30-12:00,14:00-18:00; an end at or before its start is past midnight (22:00-06:00)."""
        return cls(name, parse_hours(f"班次“{name}”", text), every_day)

    @classmethod
    def always(cls, name: str) -> "ShiftPattern":
        """Give the pattern of a desk that never closes."""
        return cls(name, ((0, _FULL_DAY),), every_day=True)

    @property
    def never_closes(self) -> bool:
        """Whether somebody is always there: every day, and each shift begins when the one before it ends."""
        spans = self.intervals
        seamless = all(before[1] == after[0] for before, after in pairwise(spans))
        return self.every_day and seamless and self.close == spans[0][0] + _FULL_DAY

    @property
    def close(self) -> int:
        """When a working day ends, in minutes after its local midnight."""
        return self.intervals[-1][1]

    @property
    def spill(self) -> int:
        """How many minutes a night shift reaches into the next calendar day."""
        return max(0, self.close - _FULL_DAY)


def check_hours(owner: str, spans: Sequence[tuple[int, int]]) -> None:
    """Raise Invalid, naming their `owner`, for hours that are empty, unordered or run into the next day's."""
    sane = bool(spans) and all(0 <= start < end and start < _FULL_DAY for start, end in spans)
    if not sane or any(before[1] > after[0] for before, after in pairwise(spans)):
        raise Invalid(f"{owner}的时段不对：每段要先开始后结束，按先后排列，互不重叠")
    if spans[-1][1] > spans[0][0] + _FULL_DAY:
        raise Invalid(f"{owner}的夜班与次日的上班时间重叠")


def parse_hours(owner: str, text: str) -> Hours:
    """Read 08:30-12:00,14:00-18:00 as minutes; an end at or before its start is past midnight. Raises Invalid."""
    spans = []
    for part in text.replace("，", ",").replace("：", ":").split(","):
        found = _INTERVAL.fullmatch(part.strip())
        if not found:
            raise Invalid(f"{owner}的时段“{part.strip()}”看不懂，请写成 08:30-12:00,14:00-18:00")
        start, end = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
        if end > _FULL_DAY:
            raise Invalid(f"{owner}的时段“{part.strip()}”超过了24:00")
        spans.append((start, end if end > start else end + _FULL_DAY))
    return tuple(spans)


def hours_words(spans: Sequence[tuple[int, int]]) -> str:
    """Give hours as people write them: 08:30-12:00、14:00-18:00; 22:00-次日06:00."""
    return "、".join(f"{_clock(start)}-{_clock(end)}" for start, end in spans)


def _clock(minutes: int) -> str:
    over = minutes > _FULL_DAY
    shown = minutes - _FULL_DAY if over else minutes
    return f"{'次日' if over else ''}{shown // 60:02}:{shown % 60:02}"
