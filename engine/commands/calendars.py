"""Fill the day table and the shift patterns every installation starts with."""

from dataclasses import dataclass, field

from engine.domain.actors import SYSTEM
from engine.domain.national_days import announced_years, national_days
from engine.domain.work_calendar import ShiftPattern
from engine.executor import Context
from engine.store import calendars

OFFICE = "office"
DESK = "desk_24h"
FIRST_YEAR = 2004
AHEAD = 3
"""How many years after the last announced one, or after this one, are known provisionally."""

PATTERNS = {
    OFFICE: ShiftPattern.parse("机关作息", "08:30-12:00,14:00-18:00"),
    DESK: ShiftPattern.always("热线24小时"),
    "plant_two_shifts": ShiftPattern.parse("车间两班", "06:00-14:00,14:00-22:00", every_day=True),
    "plant_three_shifts": ShiftPattern.parse("车间三班", "06:00-14:00,14:00-22:00,22:00-06:00", every_day=True),
    "night_shift": ShiftPattern.parse("夜班", "22:00-06:00"),
}


def first_years() -> tuple[int, ...]:
    """Give the years every installation starts with: all announced ones, and provisional ones after them."""
    return tuple(range(FIRST_YEAR, announced_years()[-1] + AHEAD + 1))


@dataclass(frozen=True, slots=True)
class SeedCalendars:
    """Add the national days and calendars that are missing; what is there, and whatever an admin changed, stays."""

    years: tuple[int, ...] = field(default_factory=first_years)
    actor: str = SYSTEM.id

    def run(self, ctx: Context) -> int:
        """Give the number of days added. A database without versions begins with version 1; days added later make one."""
        connection = ctx.connection
        known = calendars.national_days(connection)
        missing = [day for year in self.years for day in national_days(year) if day.date not in known]
        first = {
            "at": ctx.now,
            "actor": self.actor,
            "calendar": calendars.NATIONAL,
            "reason": "",
            "text": "",
            "moved": 0,
        }
        calendars.add_first_version(connection, {"id": 1, "kind": "seed", "title": "安装时的放假安排和作息", **first})
        number = calendars.newest(connection)
        if known and missing:
            number += 1
            title = f"补充{_years(sorted({day.date.year for day in missing}))}的放假安排"
            calendars.add_version(connection, {"id": number, "kind": "years", "title": title, **first})
        calendars.put_days(connection, calendars.NATIONAL, number, missing)
        for key, pattern in PATTERNS.items():
            calendars.add(connection, key, pattern, number)
        if known and missing:
            calendars.touch(connection, number)
        return len(missing)


def _years(years: list[int]) -> str:
    return f"{years[0]}年" if len(years) == 1 else f"{years[0]}至{years[-1]}年"
