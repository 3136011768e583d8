"""A change of calendars: what somebody wants, what it would make of a calendar, and which days it touches. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from engine.domain.errors import Invalid
from engine.domain.shift_pattern import Hours, ShiftPattern
from engine.domain.work_calendar import Day, WorkCalendar

Kind = Literal["days", "exceptions", "hours"]
MOST_DAYS = 800


@dataclass(frozen=True, slots=True)
class Change:
    """A wish: national `days`; or, of one `calendar`, exceptions (`back`: days that give way to the national table again),
    or the `pattern` that holds from `first` on (None: what was said of that day is withdrawn).
    """

    kind: Kind
    title: str
    calendar: str = ""
    days: tuple[Day, ...] = ()
    back: tuple[date, ...] = ()
    first: date | None = None
    pattern: ShiftPattern | None = None

    def __post_init__(self) -> None:
        """Raise Invalid for a change that names no calendar, or too many days."""
        if (self.kind == "days") == bool(self.calendar):
            raise Invalid("全国放假安排不分日历;例外和作息要说明是哪个日历")
        if self.kind == "hours" and self.first is None:
            raise Invalid("请写从哪一天起")
        if len(self.days) + len(self.back) > MOST_DAYS:
            raise Invalid(f"一次至多改 {MOST_DAYS} 天")


@dataclass(frozen=True, slots=True)
class DayChange:
    """A day before and after; `was` is None where the table did not know it."""

    was: Day | None
    now: Day


def by_hand(day: date, reason: str, *, worked: bool) -> Day:
    """Give a national day that an admin settles by hand, for a reason."""
    return Day(day, worked, f"{reason[:80]}（手工改）")


def told_by_paper(source: str) -> bool:
    """Say whether a day's source names who said so: a notice, a table, an admin; else its weekday settles it."""
    return "（" in source


def differing(known: dict[date, Day], days: Iterable[Day]) -> list[DayChange]:
    """Give the days that differ from the table: worked or off, confirmed or not; the reason alone is no difference."""
    return [
        DayChange(was, day)
        for day in days
        if (was := known.get(day.date)) is None or (was.open, was.provisional) != (day.open, day.provisional)
    ]


def changed(calendar: WorkCalendar, change: Change, number: int, national: dict[date, Day]) -> WorkCalendar:
    """Give a calendar as it is after a change, as the version `number`; `national` are the days before it."""
    days = {day.date: day for day in calendar.days}
    changes = dict(calendar.changes)
    if change.kind == "days":
        days |= {day.date: day for day in change.days if not (day.date in days and days[day.date].local)}
    elif change.kind == "exceptions":
        days |= {day.date: replace(day, local=True) for day in change.days}
        days |= {day: national[day] for day in change.back if day in national}
    elif change.first is not None:
        changes.pop(change.first, None)
        if change.pattern is not None:
            changes[change.first] = change.pattern
    ordered = [days[day] for day in sorted(days)]
    return replace(calendar, version=number, days=ordered, changes=tuple(sorted(changes.items(), key=lambda c: c[0])))


def touched(before: WorkCalendar, after: WorkCalendar) -> list[date]:
    """Give the days on which two states of a calendar differ, in order. Raises Invalid where the later one is broken."""
    known, told = _facts(before), _facts(after)
    return [day for day, facts in told.items() if known.get(day) != facts]


def _facts(calendar: WorkCalendar) -> dict[date, tuple[Hours, bool]]:
    days = calendar.days
    known = calendar.facts(min(d.date for d in days), max(d.date for d in days))
    return {d.date: (calendar.hours_on(d.date), d.provisional) for d in known}
