"""What a deadline, a warning and a cycle mean: from a start and a calendar to a moment, and in plain Chinese."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from engine.domain.clock import SHANGHAI, in_words
from engine.domain.receipt import amount_words
from engine.domain.work_calendar import EndRule, StartRule, WorkCalendar


class Unit(StrEnum):
    """How a deadline counts."""

    WORKING_DAYS = "working_days"
    """Working days after the day of the start, to the close of the last."""
    WORKING_TIME = "working_time"
    """Only the hours somebody is at work."""
    CLOCK_TIME = "clock_time"
    """By the clock, nights and holidays included."""
    AFTER_OPENING = "after_opening"
    """Working time from the next opening that has not yet begun."""
    SAME_DAY = "same_day"
    """Until the close of the working day of the start; what comes after closing has until the next day's."""
    NATURAL_DAYS = "natural_days"
    """Calendar days after the day of the start, to the close of the last, which must be a working day."""
    ISO_DURATION = "iso_duration"
    """Months of the calendar (31 January + P1M = 28 February), then time by the clock."""
    MOMENT = "moment"
    """A fixed moment."""


_DAYS = (Unit.WORKING_DAYS, Unit.NATURAL_DAYS)
_CLOCK = (Unit.CLOCK_TIME, Unit.ISO_DURATION)


class DueMoment(NamedTuple):
    """A due moment, UTC, and the calendar it comes from; `provisional` if a holiday notice may still move it."""

    at: datetime
    calendar_key: str
    calendar_version: int
    provisional: bool
    amber: datetime | None = None
    """The lower bound of a range (3-5个工作日); None for a limit that is one amount."""


def default_start(unit: Unit) -> StartRule:
    """Give where a limit begins unless its text says otherwise: days with the next day, all else at once."""
    return "next_day" if unit in _DAYS else "now"


def default_end(unit: Unit) -> EndRule:
    """Give where a limit ends unless its text says otherwise: days and 当日 at closing, all else to the minute."""
    return "close_of_day" if unit in _DAYS or unit is Unit.SAME_DAY else "same_time"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A parsed deadline: `amount` counted in `unit` (days of it for the day units), or the `moment` it names, UTC.

    `anchor` is the record name the start is to be taken from; None means from arrival at the element. `amber` is the
    lower bound of a range, with the same unit and rules.
    """

    unit: Unit
    amount: timedelta = timedelta()
    months: int = 0
    moment: datetime | None = None
    anchor: str | None = None
    start_rule: StartRule = field(kw_only=True)
    end_rule: EndRule = field(kw_only=True)
    amber: "Deadline | None" = None
    by_calendar: bool = field(init=False, compare=False, repr=False)
    """Whether the calendar has a say in the due moment."""

    def __post_init__(self) -> None:
        plain = self.unit is Unit.MOMENT or (
            self.unit in _CLOCK and self.start_rule != "next_working_day" and self.end_rule == "same_time"
        )
        object.__setattr__(self, "by_calendar", not plain)

    def due(self, start: datetime, calendar: WorkCalendar) -> DueMoment:
        """Give the due moment counted from `start`, which the caller has read from the anchor if there is one.

        Raises CalendarExhausted when working time is counted beyond the calendar, TypeError for a naive `start`.
        """
        if start.tzinfo is None:
            raise TypeError("a deadline starts at an aware datetime")
        at = self._at(start, calendar)
        provisional = self.by_calendar and calendar.provisional_between(start, at)
        amber = self.amber._at(start, calendar) if self.amber else None
        return DueMoment(at, calendar.key, calendar.version, provisional, amber)

    def begins(self, start: datetime, calendar: WorkCalendar) -> datetime:
        """Give the moment from which a limit in hours counts, by its start rule; raises CalendarExhausted."""
        if self.start_rule == "now":
            return start
        if self.start_rule == "next_day":
            return _next_midnight(start) if self.unit in _CLOCK else calendar.following_day(start)
        return start if calendar.is_workday(calendar.day_of(start)) else calendar.next_opening(start)

    def _at(self, start: datetime, calendar: WorkCalendar) -> datetime:
        unit = self.unit
        if unit is Unit.WORKING_DAYS:
            return calendar.add_days(start, self.amount.days, self.end_rule, self.start_rule)
        if unit is Unit.NATURAL_DAYS:
            return calendar.add_natural_days(start, self.amount.days, self.end_rule, self.start_rule)
        if unit is Unit.SAME_DAY:
            return calendar.close_of_day(start)
        if self.moment:
            return self.moment
        at = self._after(self.begins(start, calendar), calendar)
        return at if self.end_rule == "same_time" else calendar.closing(at)

    def _after(self, begin: datetime, calendar: WorkCalendar) -> datetime:
        if self.unit is Unit.WORKING_TIME:
            return calendar.add(begin, self.amount)
        if self.unit is Unit.AFTER_OPENING:
            return calendar.after_opening(begin, self.amount)
        return _months_after(begin, self.months) + self.amount

    @property
    def is_plain(self) -> bool:
        """Whether it is the same span of time wherever it starts: no calendar, no months, no rule of its own."""
        return self.unit in _CLOCK and not self.months and not self.by_calendar and self.start_rule == "now"

    def words(self) -> str:
        """Say in plain Chinese what the deadline means, anchor and range included."""
        words = _in_days(self) if self.unit in _DAYS else _in_hours(self)
        if self.amber:
            words += f"；满{_amount(self.amber)}预警，满{_amount(self)}到期"
        return f"从 {self.anchor} 起{words}" if self.anchor else words


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repeated timer: `count` times (None: without end), `interval` apart.

    The first is at `start`, UTC, if there is one, else one interval after arrival.
    """

    count: int | None
    interval: Deadline
    start: datetime | None = None

    def words(self) -> str:
        """Say in plain Chinese what the cycle means."""
        first = f"从{in_words(self.start)}起，" if self.start else ""
        return f"{first}每{self.interval.words()}一次，{f'最多{self.count}次' if self.count else '次数不限'}"


@dataclass(frozen=True, slots=True)
class WarningPoint:
    """When somebody is to be warned: after a deadline of its own, or when a `share` (percent) of the limit has passed."""

    share: int | None = None
    deadline: Deadline | None = None

    @property
    def anchor(self) -> str | None:
        """The record name it counts from; None: from where the limit does."""
        return self.deadline.anchor if self.deadline else None

    def moment(self, start: datetime, due: datetime, limit: Deadline, calendar: WorkCalendar) -> datetime:
        """Give the moment of the warning for a `limit` from `start` to `due`; raises CalendarExhausted.

        A share is one of the limit's own time: of the working time in between for limits that count working time or
        working days, of the clock's for the others.
        """
        if self.deadline:
            return self.deadline.due(start, calendar).at
        share = self.share or 0
        if limit.unit in (*_CLOCK, Unit.NATURAL_DAYS, Unit.MOMENT):
            return start + (due - start) * share / 100
        return calendar.add(start, calendar.between(start, due) * share / 100)

    def words(self) -> str:
        """Say in plain Chinese when the warning comes."""
        return (
            self.deadline.words()
            if self.deadline
            else f"时限过去{self.share}%时（按时限自己的算法：工作时间或钟表时间）"
        )


def _amount(deadline: Deadline) -> str:
    """Give the bare amount: 3个工作日, 30分钟."""
    if deadline.unit in _DAYS:
        return f"{deadline.amount.days}个{'工作日' if deadline.unit is Unit.WORKING_DAYS else '自然日'}"
    months = f"{deadline.months}个月" if deadline.months else ""
    return months + (amount_words(deadline.amount) if deadline.amount or not months else "")


def _span(deadline: Deadline) -> str:
    """Give the amount, or both bounds of a range."""
    return f"{_amount(deadline.amber)}至{_amount(deadline)}" if deadline.amber else _amount(deadline)


def _in_days(deadline: Deadline) -> str:
    working = deadline.unit is Unit.WORKING_DAYS
    last, moved = ("最后一个工作日", "") if working else ("最后一日", "，最后一日休息的顺延到下一个工作日")
    end = f"到{last}下班为止" if deadline.end_rule == "close_of_day" else f"到{last}的同一时刻为止"
    begin = {
        "next_day": "当日不计，次日起算" if working else "当日不计",
        "next_working_day": "当日不计，休息日来的算下一个工作日来的",
        "now": "当日还没下班就算第1天",
    }[deadline.start_rule]
    return f"{_span(deadline)}（{begin}，{end}{moved}）"


def _in_hours(deadline: Deadline) -> str:
    if deadline.unit is Unit.SAME_DAY:
        return "当日下班前（下班后、休息日来的，到下一个工作日下班前）"
    if deadline.moment:
        return in_words(deadline.moment)
    begin = {"next_day": "，次日起算", "next_working_day": "，休息日来的从下一个工作日上班起算", "now": ""}
    rules = begin[deadline.start_rule] + ("，到那个工作日下班为止" if deadline.end_rule == "close_of_day" else "")
    if deadline.unit in _CLOCK:
        return f"{_span(deadline)}（钟表时间，夜间和节假日照算{rules}）"
    opening = "下一次上班后" if deadline.unit is Unit.AFTER_OPENING else ""
    return f"{opening}{_span(deadline)}（只计工作时间{rules}）"


def _next_midnight(start: datetime) -> datetime:
    """Give the midnight that ends the local day of `start`, UTC."""
    shown = start.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    return (shown + timedelta(days=1)).astimezone(UTC)


def _months_after(start: datetime, months: int) -> datetime:
    """Give the same local day and time `months` on, or the last day of a month that is too short; UTC."""
    if not months:
        return start.astimezone(UTC)
    shown = start.astimezone(SHANGHAI)
    year, month = divmod(shown.year * 12 + shown.month - 1 + months, 12)
    day = min(shown.day, monthrange(year, month + 1)[1])
    return shown.replace(year=year, month=month + 1, day=day).astimezone(UTC)
