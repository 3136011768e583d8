"""The hours of a working day: day shift with a lunch break, night shift across midnight, a desk that never closes."""

import re
from dataclasses import dataclass
from itertools import pairwise

from engine.domain.errors import Invalid

_INTERVAL = re.compile(r"(\d{1,2}):([0-5]\d)-(\d{1,2}):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class ShiftPattern:
    """The hours of a working day: (start, end) in minutes after its local midnight; an end above 1440 is past midnight.

    `round_the_clock` works 24 hours on every day of the table, holidays included. Raises Invalid for hours that
    are empty, unordered or run into each other or into the next day's.
    """

    name: str
    intervals: tuple[tuple[int, int], ...]
    round_the_clock: bool = False

    def __post_init__(self) -> None:
        spans = self.intervals
        sane = bool(spans) and all(0 <= start < end and start < 1440 for start, end in spans)
        if not sane or any(before[1] > after[0] for before, after in pairwise(spans)):
            raise Invalid(f"班次“{self.name}”的时段不对：每段要先开始后结束，按先后排列，互不重叠")
        if self.close > spans[0][0] + 1440:
            raise Invalid(f"班次“{self.name}”的夜班与次日的上班时间重叠")
        if self.round_the_clock and spans != ((0, 1440),):
            raise Invalid(f"班次“{self.name}”是全天候班次，时段只能是 00:00-24:00")

    @classmethod
    def parse(cls, name: str, text: str) -> "ShiftPattern":
        """Read hours such as 08:30-12:00,14:00-18:00; an end at or before its start is past midnight (22:00-06:00)."""
        spans = []
        for part in text.replace("，", ",").split(","):
            found = _INTERVAL.fullmatch(part.strip())
            if not found:
                raise Invalid(f"班次“{name}”的时段“{part.strip()}”看不懂，请写成 08:30-12:00,14:00-18:00")
            start, end = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
            if end > 1440:
                raise Invalid(f"班次“{name}”的时段“{part.strip()}”超过了24:00")
            spans.append((start, end if end > start else end + 1440))
        return cls(name, tuple(spans))

    @classmethod
    def always(cls, name: str) -> "ShiftPattern":
        """Give the pattern of a desk that never closes."""
        return cls(name, ((0, 1440),), round_the_clock=True)

    @property
    def close(self) -> int:
        """When a working day ends, in minutes after its local midnight."""
        return self.intervals[-1][1]

    @property
    def spill(self) -> int:
        """How many minutes a night shift reaches into the next calendar day."""
        return max(0, self.close - 1440)
