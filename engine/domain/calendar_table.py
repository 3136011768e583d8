"""A calendar compiled: days, shift patterns that change, days with hours of their own, laid out as sorted arrays.

Moments are microseconds since the local midnight of 1970-01-01 (ticks), days are counted from that day. The offset is
fixed at +08:00: right for Asia/Shanghai since 1992, and no table begins before 2004.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, pairwise

from engine.domain.errors import Invalid
from engine.domain.shift_pattern import Hours, ShiftPattern, check_hours

EPOCH_DAY = date(1970, 1, 1).toordinal()
MINUTE = 60_000_000
DAY = 1440 * MINUTE


@dataclass(frozen=True, slots=True)
class Day:
    """What is known of one day in Shanghai: is it worked, says who, and might a notice still change it."""

    date: date
    open: bool
    source: str
    provisional: bool = False
    hours: Hours = ()
    """The day's own hours (a half day, a special opening); empty: those of the pattern that holds."""
    local: bool = False
    """An exception of this calendar alone; it overrides a pattern that works every day too (a plant stands still)."""


@dataclass(frozen=True, slots=True)
class Table:
    """The arrays of a compiled calendar."""

    days: list[Day]
    first: int
    covered: tuple[int, int]
    open_days: list[int]
    opens: list[int]
    """When each open day begins, and in `closes` when it ends."""
    closes: list[int]
    night_ends: list[int]
    """By day of the table and one beyond: until when the night shift of the day before still runs; 0: it does not."""
    provisional_days: list[int]
    starts: list[int]
    ends: list[int]
    owners: list[int]
    """The day each interval belongs to."""
    through: list[int]
    """Working time from the first interval up to and including this one."""

    def worked(self, at: int) -> int:
        """Give the working time from the start of the table to `at`."""
        place = bisect_right(self.starts, at) - 1
        if place < 0:
            return 0
        left = self.ends[place] - at
        return self.through[place] - left if left > 0 else self.through[place]

    def day(self, at: int) -> int:
        """Give the day `at` belongs to: its date, or the day before while that one's night shift still runs."""
        day = at // DAY
        return day - 1 if at < self.night_ends[day - self.first] else day


Changes = Sequence[tuple[date, ShiftPattern]]


class Patterns:
    """Which shift pattern holds on which day: the first one, and each change from its first day on."""

    def __init__(self, pattern: ShiftPattern, changes: Changes) -> None:
        """Raise Invalid when the changes are not in order of their first days."""
        if any(before[0] >= after[0] for before, after in pairwise(changes)):
            raise Invalid("作息的变更要按起始日期先后排列，同一天只能有一次")
        self._firsts = [first.toordinal() - EPOCH_DAY for first, _ in changes]
        self._patterns = [pattern, *(changed for _, changed in changes)]

    def on(self, day: int) -> ShiftPattern:
        """Give the pattern of a day, counted from 1970-01-01."""
        return self._patterns[bisect_right(self._firsts, day)]


def compile_table(days: Iterable[Day], pattern: ShiftPattern, changes: Changes) -> Table:
    """Turn the day table and the hours into arrays; raises Invalid for an empty or broken table and for shifts that overlap."""
    listed = _listed(days)
    first = listed[0].date.toordinal() - EPOCH_DAY
    last = first + len(listed)
    patterns = Patterns(pattern, changes)
    known = [_effective(day, patterns.on(number)) for number, day in enumerate(listed, first)]
    open_days = [number for number, day in enumerate(known, first) if day.open]
    hours = [known[number - first].hours or patterns.on(number).intervals for number in open_days]
    opens = [number * DAY + spans[0][0] * MINUTE for number, spans in zip(open_days, hours, strict=True)]
    closes = [number * DAY + spans[-1][1] * MINUTE for number, spans in zip(open_days, hours, strict=True)]
    _no_overlap(open_days, opens, closes)
    spans = [(number, start, end) for number, day in zip(open_days, hours, strict=True) for start, end in day]
    # The first morning may belong to a night shift of a day we do not know; the last night shift is known in full.
    known_from = first * DAY + patterns.on(first).spill * MINUTE
    known_to = max([last * DAY + patterns.on(last - 1).spill * MINUTE, *closes[-1:]])
    return Table(
        days=known,
        first=first,
        covered=(known_from, known_to),
        open_days=open_days,
        opens=opens,
        closes=closes,
        night_ends=_night_ends(first, last, closes, open_days),
        provisional_days=[number for number, day in enumerate(known, first) if day.provisional],
        starts=[number * DAY + start * MINUTE for number, start, _ in spans],
        ends=[number * DAY + end * MINUTE for number, _, end in spans],
        owners=[number for number, _, _ in spans],
        through=list(accumulate((end - start) * MINUTE for _, start, end in spans)),
    )


def _listed(days: Iterable[Day]) -> list[Day]:
    """Give the days in order; raises Invalid when there is none, one is missing or one is there twice."""
    listed = sorted(days, key=lambda day: day.date)
    if not listed:
        raise Invalid("工作日历里一天也没有，请先导入放假安排")
    for number, day in enumerate(listed, listed[0].date.toordinal()):
        if day.date.toordinal() != number:
            raise Invalid(f"工作日历在{day.date:%Y-%m-%d}前后缺一天或多一天，每天必须正好一条")
    return listed


def _effective(day: Day, pattern: ShiftPattern) -> Day:
    """Give what holds on a day: a pattern that works every day knows neither weekends nor notices, only exceptions."""
    if pattern.every_day and not day.local:
        return Day(day.date, True, pattern.name)
    if day.open and day.hours:
        check_hours(f"{day.date:%Y-%m-%d}", day.hours)
    return day


def _no_overlap(open_days: Sequence[int], opens: Sequence[int], closes: Sequence[int]) -> None:
    for number, close, following in zip(open_days, closes, opens[1:], strict=False):
        if close > following:
            day = date.fromordinal(number + EPOCH_DAY)
            raise Invalid(f"{day:%Y-%m-%d}的夜班与次日的上班时间重叠，请改这一天或次日的时段")


def _night_ends(first: int, last: int, closes: Sequence[int], open_days: Sequence[int]) -> list[int]:
    """Give for each day from `first` to `last` until when the night shift of the day before runs."""
    ends = [0] * (last - first + 2)
    for number, close in zip(open_days, closes, strict=True):
        if close > (number + 1) * DAY:
            ends[number + 1 - first] = close
    return ends
