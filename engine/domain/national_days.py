"""National working days and days off of China: announced years as announced, later years as the statute has them.

The only importer of chinese_calendar and holidays; both are loaded on first use (holidays is heavy). No network.
"""

from datetime import date, timedelta

from engine.domain.announcement import PAPER
from engine.domain.errors import Invalid
from engine.domain.work_calendar import Day

_SHORT = frozenset({"清明", "端午", "中秋"})

PRESUMED = "推算"
"""Ends the source of a statutory day off in a year whose notice is not out yet."""


def national_days(year: int) -> list[Day]:
    """Give every day of `year` in order, with the reason it is worked or off as its source.

    Announced years are confirmed and have their make-up days; later years hold weekends and statutory days off and are
    provisional throughout, for the notice will move days. Raises Invalid for years before the first announced one.
    """
    announced = announced_years()
    if year in announced:
        return _announced(year)
    if year < announced[0] or year > date.max.year - 1:
        raise Invalid(f"没有{year}年的放假安排，最早是{announced[0]}年")
    return _presumed(year)


def announced_years() -> range:
    """Give the years whose notice we hold. A year without a single day off in the data does not count as announced."""
    from chinese_calendar import constants

    years = {day.year for day in constants.holidays}
    return range(min(years), max(years) + 1)


def _announced(year: int) -> list[Day]:
    """Read a year of the State Council's notices."""
    from chinese_calendar import constants

    days = []
    for day in _dates(year):
        if day in constants.holidays:
            known = Day(day, False, f"{_named(constants.holidays[day])}放假（{PAPER}）")
        elif day in constants.workdays:
            known = Day(day, True, f"{_named(constants.workdays[day])}调休上班（{PAPER}）")
        else:
            known = _plain(day, provisional=False)
        days.append(known)
    return days


def _named(holiday: str) -> str:
    """Give a holiday's name as the notices write it: 清明节, not 清明."""
    from chinese_calendar import Holiday

    name = str(Holiday(holiday).chinese)
    return f"{name}节" if name in _SHORT else name


def _presumed(year: int) -> list[Day]:
    """Fill a year from the statute alone."""
    from holidays import China

    statutory = China(years=year, language="zh_CN")
    return [
        Day(day, False, f"{statutory[day]}（{PRESUMED}）", provisional=True)
        if day in statutory
        else _plain(day, provisional=True)
        for day in _dates(year)
    ]


def _plain(day: date, *, provisional: bool) -> Day:
    """Give a day that no holiday touches."""
    worked = day.weekday() < 5
    return Day(day, worked, "工作日" if worked else "周末", provisional)


def _dates(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
