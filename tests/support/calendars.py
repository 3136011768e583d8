"""A table of days made by hand, and two calendars on it."""

from datetime import UTC, date, datetime, timedelta

from engine.domain.clock import SHANGHAI
from engine.domain.work_calendar import Day, ShiftPattern, WorkCalendar

OFF = {date(2025, 10, day) for day in range(1, 9)} | {date(2026, 1, 1)}
MADE_UP = {date(2025, 9, 28), date(2025, 10, 11)}


def known(day: date) -> Day:
    """A day of the hand table; 2026 is not announced."""
    worked = day in MADE_UP or (day.weekday() < 5 and day not in OFF)
    source = "国庆节" if day in OFF else "调休" if day in MADE_UP else "工作日" if worked else "周末"
    return Day(day, worked, source, provisional=day.year == 2026)


DAYS = [known(date(2025, 1, 1) + timedelta(days=n)) for n in range(400)]
OFFICE = WorkCalendar("office", 3, DAYS, ShiftPattern.parse("白班", "09:00-18:00"))
DESK = WorkCalendar("desk_24h", 1, DAYS, ShiftPattern.always("全天候"))


def at(text: str) -> datetime:
    """Read a moment as people write it: `2025-09-22 10:00`, Asia/Shanghai; UTC."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI).astimezone(UTC)
