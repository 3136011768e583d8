"""What somebody outside announced about working days: a notice or a table, understood."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from engine.domain.work_calendar import Day

PAPER = "国办通知"
"""Ends the source of a day that the State Council's notice settled, whether it came with the package or was pasted."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """Days as announced. `whole`: it settles its year; else it names single days and leaves the others as they are.

    `days` are in order: of a whole year every day, besides the days of neighbouring years that are named.
    """

    year: int
    whole: bool
    days: tuple[Day, ...]


def announced(year: int, named: Mapping[date, Day], *, whole: bool) -> Announcement:
    """Give the named days; of a whole year the others as weekdays and weekends are."""
    known = dict(named)
    first = date(year, 1, 1)
    for n in range((date(year + 1, 1, 1) - first).days if whole else 0):
        day = first + timedelta(days=n)
        worked = day.weekday() < 5
        known.setdefault(day, Day(day, worked, "工作日" if worked else "周末"))
    return Announcement(year, whole, tuple(known[day] for day in sorted(known)))
