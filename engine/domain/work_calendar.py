"""Working time: which minutes of which days count, and arithmetic with them. Pure; the day table comes from outside.

All moments in and out are aware, out is UTC; days and shift hours are those of Asia/Shanghai. A naive datetime raises
TypeError. Intervals are half open: at the moment of closing nobody works, yet a due moment may lie there.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Literal

from engine.domain.calendar_table import DAY, EPOCH_DAY, Changes, Day, Patterns, Table, compile_table
from engine.domain.clock import SHANGHAI
from engine.domain.errors import Invalid
from engine.domain.shift_pattern import Hours, ShiftPattern

__all__ = ["CalendarExhausted", "Day", "EndRule", "Interval", "ShiftPattern", "StartRule", "WorkCalendar"]

StartRule = Literal["now", "next_day", "next_working_day"]
"""Where a limit begins: at once, with the next day, or at once on a working day and with the next one on a day off."""

EndRule = Literal["close_of_day", "same_time"]
"""Where a limit in days ends on its last day: when that day's work closes, or at the time of day it began."""

_EPOCH = datetime(1970, 1, 1, tzinfo=SHANGHAI).astimezone(UTC)
_TICK = timedelta(microseconds=1)


class CalendarExhausted(Invalid):
    """A calculation left the days a calendar knows; `key` is the calendar, `first` and `last` the days it covers."""

    def __init__(self, key: str, first: date, last: date, name: str = "") -> None:
        super().__init__(
            f"工作日历“{name or key}”只有{first:%Y-%m-%d}至{last:%Y-%m-%d}的数据，算不到这段以外的时间，请管理员先补充放假安排"
        )
        self.key = key
        self.first = first
        self.last = last


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of working time, UTC; `day` is the local day whose shift it belongs to."""

    start: datetime
    end: datetime
    day: date


def _ticks(amount: timedelta) -> int:
    return amount.days * DAY + amount.seconds * 1_000_000 + amount.microseconds


def _moment(tick: int) -> datetime:
    return _EPOCH + timedelta(0, 0, tick)


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """A version of a day table with the hours of a day. The table is compiled, and checked, on first use.

    `changes` are (first day, pattern) in order: from that day on this pattern holds. `name` is what people read; left
    out, it is that of the pattern. Every method raises CalendarExhausted rather than guess when a moment it is given,
    or would have to give, lies outside the table, and Invalid when the table has gaps, doubles or shifts that overlap.
    """

    key: str
    version: int
    days: Sequence[Day]
    pattern: ShiftPattern
    changes: Changes = ()
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.name or self.pattern.name or self.key)

    @cached_property
    def _table(self) -> Table:
        return compile_table(self.days, self.pattern, self.changes)

    @cached_property
    def _patterns(self) -> Patterns:
        return Patterns(self.pattern, self.changes)

    @cached_property
    def _always_open(self) -> bool:
        """Whether somebody is always there under one of the patterns."""
        return any(pattern.never_closes for pattern in (self.pattern, *(changed for _, changed in self.changes)))

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """Give the first moment by which `amount` of working time has passed since `start`.

        A due moment exactly at closing stays there. Nothing added gives `start`. Raises Invalid for a negative amount.
        """
        return self._added(self._tick(start), amount)

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

    def add_days(
        self, start: datetime, n: int, end: EndRule = "close_of_day", begin: StartRule = "next_day"
    ) -> datetime:
        """Give the end of the n-th working day of a limit that begins with `start`. Raises Invalid for n below 1.

        `next_day`: the day of `start` does not count (Civil Code 201, 203). `next_working_day`: what comes on a day off
        is of the next working day, which does not count. `now`: the day of `start` is the first while any of its
        working time is left, else the next working day. `same_time` keeps the time of day of `start`, worked or not.
        """
        tick = self._tick(start)
        first, table = self._first_day(tick, n), self._table
        match begin:
            case "next_day":
                place = bisect_right(table.open_days, first) + n - 1
            case "next_working_day":
                place = bisect_left(table.open_days, first) + n
            case "now":
                place = bisect_right(table.closes, tick) + n - 1
        return self._end_of_day(tick, first, place, end)

    def add_natural_days(
        self, start: datetime, n: int, end: EndRule = "close_of_day", begin: StartRule = "next_day"
    ) -> datetime:
        """Give the end of the n-th calendar day of a limit that begins with `start`; if it is off, of the next working day.

        Civil Code 201 and 203; `begin` and `end` are those of `add_days`, but days off count. Raises Invalid for n below 1.
        """
        tick = self._tick(start)
        first, table = self._first_day(tick, n), self._table
        place = bisect_left(table.open_days, first)
        worked = table.open_days[place : place + 1] == [first]
        match begin:
            case "next_day":
                last = first + n
            case "next_working_day":
                last = (first if worked else self._at(table.open_days, place)) + n
            case "now":
                over = worked and table.closes[place] <= tick
                last = first + n - 1 + over
        return self._end_of_day(tick, first, bisect_left(table.open_days, last), end)

    def close_of_day(self, start: datetime) -> datetime:
        """Give the close of the working day `start` lies in or before; at or after closing, and on a day off, of the next one (当日)."""
        closes = self._table.closes
        return _moment(self._at(closes, bisect_right(closes, self._tick(start))))

    def closing(self, at: datetime) -> datetime:
        """Give the first close of a working day at or after `at`: a moment at closing stays there."""
        closes = self._table.closes
        return _moment(self._at(closes, bisect_left(closes, self._tick(at))))

    def following_day(self, start: datetime) -> datetime:
        """Give the midnight that ends the day of `start`, or when its night shift ends."""
        table = self._table
        day = table.day(self._tick(start)) + 1
        return _moment(max(day * DAY, table.night_ends[day - table.first]))

    def is_open(self, at: datetime) -> bool:
        """Say whether `at` is working time: opening is, closing is not."""
        tick, table = self._tick(at), self._table
        place = bisect_right(table.starts, tick) - 1
        return place >= 0 and tick < table.ends[place]

    def next_opening(self, at: datetime) -> datetime:
        """Give the next start of a working day at or after `at`; the end of a lunch break is none.

        Where somebody is always there (`ShiftPattern.never_closes`) it is always opening time: it gives `at`.
        """
        return _moment(self._opening(self._tick(at)))

    def after_opening(self, start: datetime, amount: timedelta) -> datetime:
        """Give when `amount` of working time has passed since the next opening at or after `start` (上班后1小时).

        Before today's opening that is today's; once the day has begun, lunch included, the next working day's.
        """
        return self._added(self._opening(self._tick(start)), amount)

    def intervals_between(self, start: datetime, end: datetime) -> list[Interval]:
        """Give the stretches of working time from `start` to `end`, cut to fit, earliest first."""
        table, low, high = self._table, self._tick(start), self._tick(end)
        return [
            Interval(
                _moment(max(low, table.starts[place])),
                _moment(min(high, table.ends[place])),
                date.fromordinal(table.owners[place] + EPOCH_DAY),
            )
            for place in range(bisect_right(table.ends, low), bisect_left(table.starts, high))
        ]

    def day_of(self, at: datetime) -> date:
        """Give the day `at` belongs to: the local date, or the day before while its night shift still runs."""
        return date.fromordinal(self._table.day(self._tick(at)) + EPOCH_DAY)

    @property
    def span(self) -> tuple[date, date]:
        """The first and the last day that are known."""
        days = self._table.days
        return days[0].date, days[-1].date

    def facts(self, first: date, last: date) -> list[Day]:
        """Give what is known of the days from `first` to `last`, both included."""
        table = self._table
        low, high = (day.toordinal() - EPOCH_DAY - table.first for day in (first, last))
        if low < 0 or high >= len(table.days):
            raise self._exhausted()
        return table.days[low : high + 1]

    def pattern_on(self, day: date) -> ShiftPattern:
        """Give the shift pattern that holds on a day; a day with hours of its own has them all the same."""
        return self._patterns.on(day.toordinal() - EPOCH_DAY)

    def hours_on(self, day: date) -> Hours:
        """Give the hours of a day, in minutes after its midnight: its own or the pattern's; none on a day off."""
        known = self.facts(day, day)[0]
        return (known.hours or self.pattern_on(day).intervals) if known.open else ()

    def is_workday(self, day: date) -> bool:
        """Say whether a day is worked: a make-up Saturday is, an ordinary Sunday is not."""
        return self.facts(day, day)[0].open

    def is_provisional(self, at: datetime) -> bool:
        """Say whether the day of `at` may still be changed by a notice (暂定)."""
        return self.provisional_between(at, at)

    def provisional_between(self, start: datetime, end: datetime) -> bool:
        """Say whether a day from that of `start` to that of `end` is provisional; ending at a closing is that day's."""
        high, table = self._tick(end), self._table
        provisional = table.provisional_days
        if not provisional or high < provisional[0] * DAY:
            return False
        low = self._tick(start)
        place = bisect_left(provisional, table.day(low))
        return place < len(provisional) and provisional[place] <= table.day(max(low, high - 1))

    def _tick(self, at: datetime) -> int:
        tick = _ticks(at - _EPOCH)
        low, high = self._table.covered
        if not low <= tick <= high:
            raise self._exhausted()
        return tick

    def _added(self, tick: int, amount: timedelta) -> datetime:
        table, more = self._table, _ticks(amount)
        if more <= 0:
            if more:
                raise Invalid("工作时间不能加负数")
            return _moment(tick)
        target = table.worked(tick) + more
        place = bisect_left(table.through, target)
        if place == len(table.through):
            raise self._exhausted()
        return _moment(table.ends[place] - table.through[place] + target)

    def _opening(self, tick: int) -> int:
        table = self._table
        if self._always_open and self._patterns.on(table.day(tick)).never_closes:
            place = bisect_right(table.starts, tick) - 1
            if place >= 0 and tick < table.ends[place]:
                return tick
        return self._at(table.opens, bisect_left(table.opens, tick))

    def _first_day(self, tick: int, n: int) -> int:
        if n < 1:
            raise Invalid("时限的天数至少是1")
        return self._table.day(tick)

    def _end_of_day(self, tick: int, first: int, place: int, end: EndRule) -> datetime:
        """Give the end of the open day at `place` for a limit that began at `tick` on the day `first`."""
        table = self._table
        if end == "same_time":
            return _moment(tick + (self._at(table.open_days, place) - first) * DAY)
        return _moment(self._at(table.closes, place))

    def _at(self, array: Sequence[int], place: int) -> int:
        if place >= len(array):
            raise self._exhausted()
        return array[place]

    def _exhausted(self) -> CalendarExhausted:
        return CalendarExhausted(self.key, *self.span, self.name)
