"""How fast due moments are computed, and how much faster than by another package that counts business time."""

import random
import statistics
import time as clock
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from engine.domain.deadline import parse
from engine.domain.national_days import national_days
from engine.domain.work_calendar import ShiftPattern, WorkCalendar

MIX = ("3个工作日", "15个工作日", "30分钟(工作时间)", "8小时(工作时间)", "上班后1小时")
"""What is computed for `due_dates_per_second`, in equal parts."""

COMPARED = timedelta(hours=8)
_YEARS = range(2004, 2027)
_FROM, _DAYS = datetime(2023, 1, 1, tzinfo=UTC), 1000
_OPENS, _CLOSES, _LUNCH = time(8, 30), time(18), (time(12), time(14))

Adder = Callable[[datetime, timedelta], datetime]


def office() -> WorkCalendar:
    """Give the calendar that is measured: announced days from 2004 on, a day shift with a lunch break; compiled."""
    days = [day for year in _YEARS for day in national_days(year)]
    calendar = WorkCalendar("bench", 1, days, ShiftPattern.parse("bench", "08:30-12:00,14:00-18:00"))
    calendar.is_open(_FROM)
    return calendar


def due_dates_per_second(count: int, rounds: int) -> float:
    """Give how many due moments one core computes in a second: each round has starts never seen before; the median."""
    calendar, chance = office(), random.Random()
    rates = []
    for _ in range(rounds):
        asked = [(parse(MIX[n % len(MIX)]), start) for n, start in enumerate(_starts(chance, count))]
        begun = clock.process_time()
        for deadline, start in asked:
            deadline.due(start, calendar)
        rates.append(count / (clock.process_time() - begun))
    return statistics.median(rates)


def due_date_speedup(adder: Callable[..., Adder], count: int, rounds: int) -> float:
    """Give how many times faster `count` due moments of eight working hours are computed than by another package.

    Rounds take turns; the medians are compared. Raises RuntimeError when the two do not agree on every moment.
    """
    calendar, chance, limit = office(), random.Random(), parse("8小时(工作时间)")
    other = adder(_OPENS, _CLOSES, _LUNCH, [day.date for day in calendar.facts(*calendar.span) if not day.open])
    ours_spent, theirs_spent = [], []
    for _ in range(rounds):
        starts = _starts(chance, count)
        begun = clock.process_time()
        ours = [limit.due(start, calendar).at for start in starts]
        between = clock.process_time()
        theirs = [other(start, COMPARED) for start in starts]
        ours_spent.append(between - begun)
        theirs_spent.append(clock.process_time() - between)
        if ours != theirs:
            raise RuntimeError("两边算出的到期时间不一致")
    return statistics.median(theirs_spent) / statistics.median(ours_spent)


def _starts(chance: random.Random, count: int) -> list[datetime]:
    return [_FROM + timedelta(seconds=chance.randrange(_DAYS * 86400)) for _ in range(count)]
