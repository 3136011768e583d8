"""Working time: which minutes of which days count, and arithmetic with them. Pure; the day table comes from outside.

All moments in and out are aware, out is UTC; days and shift hours are those of Asia/Shanghai. A naive datetime raises
TypeError. Intervals are half open: at the moment of closing nobody works, yet a due moment may lie there.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import accumulate
from typing import Literal

from engine.domain.clock import SHANGHAI
from engine.domain.errors import Invalid
from engine.domain.shift_pattern import ShiftPattern

__all__ = ["CalendarExhausted", "Day", "EndRule", "Interval", "ShiftPattern", "WorkCalendar"]

EndRule = Literal["close_of_day", "same_time"]
"""Where a limit in days ends on its last day: when that day's work closes, or at the time of day it began."""

_EPOCH = datetime(1970, 1, 1, tzinfo=SHANGHAI)
_EPOCH_DAY = _EPOCH.date().toordinal()
_TICK = timedelta(microseconds=1)
_MINUTE = 60_000_000
_DAY = 1440 * _MINUTE


class CalendarExhausted(Invalid):
    """A calculation left the days a calendar knows; `key` is the calendar, `first` and `last` the days it covers."""

    def __init__(self, key: str, first: date, last: date) -> None:
        super().__init__(
            f"工作日历“{key}”只有{first:%Y-%m-%d}至{last:%Y-%m-%d}的数据，算不到这段以外的时间，请管理员先补充放假安排"
        )
        self.key = key
        self.first = first
        self.last = last


@dataclass(frozen=True, slots=True)
class Day:
    """What is known of one day in Shanghai: is it worked, says who, and might a notice still change it."""

    date: date
    open: bool
    source: str
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of working time, UTC; `day` is the local day whose shift it belongs to."""

    start: datetime
    end: datetime
    day: date


@dataclass(frozen=True, slots=True)
class _Table:
    """A compiled calendar. Moments are microseconds since local midnight of 1970-01-01, days are counted from it."""

    days: list[Day]
    first: int
    covered: tuple[int, int]
    open_days: list[int]
    provisional_days: list[int]
    starts: list[int]
    ends: list[int]
    through: list[int]
    """Working time from the first interval up to and including this one."""

    def worked(self, at: int) -> int:
        """Working time from the start of the table to `at`."""
        place = bisect_right(self.starts, at) - 1
        return self.through[place] - max(0, self.ends[place] - at) if place >= 0 else 0


def _compile(days: Iterable[Day], pattern: ShiftPattern) -> _Table:
    """Turn the day table and the hours of a day into sorted arrays; raises Invalid for an empty or broken table."""
    known = sorted(days, key=lambda day: day.date)
    if not known:
        raise Invalid("工作日历里一天也没有，请先导入放假安排")
    first = known[0].date.toordinal() - _EPOCH_DAY
    for number, day in enumerate(known, first + _EPOCH_DAY):
        if day.date.toordinal() != number:
            raise Invalid(f"工作日历在{day.date:%Y-%m-%d}前后缺一天或多一天，每天必须正好一条")
    if pattern.round_the_clock:
        known = [Day(day.date, True, pattern.name) for day in known]
    open_days = [number for number, day in enumerate(known, first) if day.open]
    spans = [(start * _MINUTE, end * _MINUTE) for start, end in pattern.intervals]
    starts = [day * _DAY + start for day in open_days for start, _ in spans]
    ends = [day * _DAY + end for day in open_days for _, end in spans]
    spill = pattern.spill * _MINUTE
    return _Table(
        days=known,
        first=first,
        # The first morning may belong to a night shift of a day we do not know; the last night shift is known in full.
        covered=(first * _DAY + spill, (first + len(known)) * _DAY + spill),
        open_days=open_days,
        provisional_days=[number for number, day in enumerate(known, first) if day.provisional],
        starts=starts,
        ends=ends,
        through=list(accumulate(end - start for start, end in zip(starts, ends, strict=True))),
    )


def _moment(tick: int) -> datetime:
    return (_EPOCH + tick * _TICK).astimezone(UTC)


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """A version of a day table with the hours of a day. The table is compiled, and checked, on first use.

    Every method raises CalendarExhausted rather than guess when a moment it is given, or would have to give, lies
    outside the table, and Invalid when the table has gaps or doubles.
    """

    key: str
    version: int
    days: Sequence[Day]
    pattern: ShiftPattern

    @cached_property
    def _table(self) -> _Table:
        return _compile(self.days, self.pattern)

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """Give the first moment by which `amount` of working time has passed since `start`.

        A due moment exactly at closing stays there. Nothing added gives `start`. Raises Invalid for a negative amount.
        """
        if amount < timedelta():
            raise Invalid("工作时间不能加负数")
        if not amount:
            return _moment(self._tick(start))
        table = self._table
        target = table.worked(self._tick(start)) + amount // _TICK
        place = bisect_left(table.through, target)
        if place == len(table.through):
            raise self._exhausted()
        return _moment(table.ends[place] - (table.through[place] - target))

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Give the working time from `start` to `end`; negative when `end` is the earlier."""
        return (self._table.worked(self._tick(end)) - self._table.worked(self._tick(start))) * _TICK

    def due_after_pauses(
        self, start: datetime, amount: timedelta, pauses: Iterable[tuple[datetime, datetime]]
    ) -> datetime:
        """Give when `amount` of working time has passed since `start`, leaving out the pauses, (from, to) in any order.

        A pause that overlaps no working time moves nothing.
        """
        left, cursor = amount, start
        for pause_start, pause_end in sorted(pauses):
            if pause_end <= cursor:
                continue
            before = self.between(cursor, max(cursor, pause_start))
            if before >= left:
                break
            left, cursor = left - before, pause_end
        return self.add(cursor, left)

    def add_days(self, start: datetime, n: int, end: EndRule = "close_of_day") -> datetime:
        """Give the end of the n-th working day after the day of `start`, which never counts (Civil Code 201, 203).

        `same_time` keeps the time of day of `start`, be it worked or not. Raises Invalid for n below 1.
        """
        first, table = self._first_day(start, n), self._table
        place = bisect_right(table.open_days, first) + n - 1
        if place >= len(table.open_days):
            raise self._exhausted()
        day = table.open_days[place]
        if end == "same_time":
            return _moment(self._tick(start) + (day - first) * _DAY)
        return _moment(day * _DAY + self.pattern.close * _MINUTE)

    def close_of_day(self, start: datetime) -> datetime:
        """Give the close of the working day `start` lies in or before; at or after closing, and on a day off, of the next one (当日)."""
        table, tick = self._table, self._tick(start)
        close = self.pattern.close * _MINUTE
        place = bisect_left(table.open_days, (tick - close) // _DAY + 1)
        if place == len(table.open_days):
            raise self._exhausted()
        return _moment(table.open_days[place] * _DAY + close)

    def add_natural_days(self, start: datetime, n: int) -> datetime:
        """Give the close of the n-th calendar day after that of `start`; if it is off, of the next working day.

        Civil Code 201 and 203. Raises Invalid for n below 1.
        """
        last, table = self._first_day(start, n) + n, self._table
        place = bisect_left(table.open_days, last)
        if place == len(table.open_days):
            raise self._exhausted()
        return _moment(table.open_days[place] * _DAY + self.pattern.close * _MINUTE)

    def is_open(self, at: datetime) -> bool:
        """Say whether `at` is working time: opening is, closing is not."""
        tick, table = self._tick(at), self._table
        place = bisect_right(table.starts, tick) - 1
        return place >= 0 and tick < table.ends[place]

    def next_opening(self, at: datetime) -> datetime:
        """Give the next start of a working day at or after `at`; the end of a lunch break is none.

        A pattern that works round the clock is always open: it gives `at`.
        """
        tick, table = self._tick(at), self._table
        if self.pattern.round_the_clock:
            return _moment(tick)
        opens = self.pattern.intervals[0][0] * _MINUTE
        place = bisect_left(table.open_days, -(-(tick - opens) // _DAY))
        if place == len(table.open_days):
            raise self._exhausted()
        return _moment(table.open_days[place] * _DAY + opens)

    def after_opening(self, start: datetime, amount: timedelta) -> datetime:
        """Give when `amount` of working time has passed since the next opening at or after `start` (上班后1小时).

        Before today's opening that is today's; once the day has begun, lunch included, the next working day's.
        """
        return self.add(self.next_opening(start), amount)

    def intervals_between(self, start: datetime, end: datetime) -> list[Interval]:
        """Give the stretches of working time from `start` to `end`, cut to fit, earliest first."""
        table, low, high = self._table, self._tick(start), self._tick(end)
        shifts = len(self.pattern.intervals)
        return [
            Interval(
                _moment(max(low, table.starts[place])),
                _moment(min(high, table.ends[place])),
                date.fromordinal(table.open_days[place // shifts] + _EPOCH_DAY),
            )
            for place in range(bisect_right(table.ends, low), bisect_left(table.starts, high))
        ]

    def day_of(self, at: datetime) -> date:
        """Give the day `at` belongs to: the local date, or the day before while its night shift still runs."""
        return date.fromordinal(self._day(self._tick(at)) + _EPOCH_DAY)

    def facts(self, first: date, last: date) -> list[Day]:
        """Give what is known of the days from `first` to `last`, both included."""
        table = self._table
        low, high = (day.toordinal() - _EPOCH_DAY - table.first for day in (first, last))
        if low < 0 or high >= len(table.days):
            raise self._exhausted()
        return table.days[low : high + 1]

    def is_workday(self, day: date) -> bool:
        """Say whether a day is worked: a make-up Saturday is, an ordinary Sunday is not."""
        return self.facts(day, day)[0].open

    def is_provisional(self, at: datetime) -> bool:
        """Say whether the day of `at` may still be changed by a notice (暂定)."""
        return self.provisional_between(at, at)

    def provisional_between(self, start: datetime, end: datetime) -> bool:
        """Say whether a day from that of `start` to that of `end` is provisional; ending at a closing is that day's."""
        low, high = self._tick(start), self._tick(end)
        provisional = self._table.provisional_days
        place = bisect_left(provisional, self._day(low))
        return place < len(provisional) and provisional[place] <= self._day(max(low, high - 1))

    def _tick(self, at: datetime) -> int:
        tick = (at - _EPOCH) // _TICK
        low, high = self._table.covered
        if not low <= tick <= high:
            raise self._exhausted()
        return tick

    def _day(self, tick: int) -> int:
        day, spill = tick // _DAY, self.pattern.spill * _MINUTE
        if spill and tick < day * _DAY + spill:
            place = bisect_left(self._table.open_days, day - 1)
            if self._table.open_days[place : place + 1] == [day - 1]:
                return day - 1
        return day

    def _first_day(self, start: datetime, n: int) -> int:
        if n < 1:
            raise Invalid("时限的天数至少是1")
        return self._day(self._tick(start))

    def _exhausted(self) -> CalendarExhausted:
        days = self._table.days
        return CalendarExhausted(self.key, days[0].date, days[-1].date)
