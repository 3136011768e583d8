"""A change of calendars worked out against what is there: days that differ, calendars it touches, how far it reaches."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from engine.domain.calendar_change import Change, DayChange, changed, differing, touched
from engine.domain.clock import SHANGHAI, local
from engine.domain.errors import Invalid, NotFound
from engine.domain.work_calendar import Day
from engine.executor import Context
from engine.steps import limits
from engine.steps.moved_limits import Calendars
from engine.store import calendars
from engine.store.moved_limits import Reach

REMIND_FROM = (11, 1)
"""From this day (month, day) on next year's notice is missed."""
_NIGHT = timedelta(days=1)
"""A night shift reaches into the day after its own."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a change would do: `number` is the version it makes, `calendars` those whose working time it touches."""

    change: Change
    number: int
    days: tuple[DayChange, ...]
    calendars: Calendars
    reach: Reach | None


def plan(ctx: Context, change: Change) -> Plan:
    """Work a change out. Raises Invalid where it changes nothing or breaks a calendar, NotFound for an unknown one."""
    known = calendars.national_days(ctx.connection)
    keys = list(calendars.names(ctx.connection))
    if change.calendar and change.calendar not in keys:
        raise NotFound(f"没有工作日历 {change.calendar}")
    before = {key: limits.calendar(ctx, key) for key in ([change.calendar] if change.calendar else keys)}
    number = calendars.newest(ctx.connection) + 1
    days = differing(known, change.days) if change.kind == "days" else _exceptions(before[change.calendar].days, change)
    if change.kind != "hours" and not days:
        raise Invalid("和现在的日历没有差别,不用改")
    pairs, when = {}, set[date]()
    for key, calendar in before.items():
        after = changed(calendar, change, number, known)
        if differs := touched(calendar, after):
            pairs[key] = calendar, after
            when |= set(differs)
    if change.kind == "hours" and not pairs:
        raise Invalid("和现在的作息没有差别,不用改")
    return Plan(change, number, tuple(days), pairs, reach_of(ctx, list(pairs), when))


def _exceptions(days: Iterable[Day], change: Change) -> list[DayChange]:
    known = {day.date: day for day in days}
    told = [replace(day, local=True) for day in change.days]
    found = [DayChange(known.get(day.date), day) for day in told if known.get(day.date) != day]
    return found + [DayChange(known[day], known[day]) for day in change.back if day in known and known[day].local]


def reach_of(ctx: Context, keys: list[str], when: set[date], before: int | None = None) -> Reach | None:
    """Give which open limits a change of some days may move; None where no day changes."""
    if not when:
        return None
    start, end = (datetime.combine(day, time(), SHANGHAI).astimezone(UTC) for day in (min(when), max(when)))
    return Reach(keys, start, end + 2 * _NIGHT, ctx.now, before)


def missing_year(ctx: Context) -> int | None:
    """Give next year where it is 1 November or later and a notice may still change its days, else None."""
    today = local(ctx.now).date()
    year = today.year + 1
    if (today.month, today.day) < REMIND_FROM:
        return None
    unsure = calendars.provisional_days(ctx.connection, date(year, 1, 1), date(year, 12, 31))
    return year if unsure else None
