"""Fill the day table and the shift patterns every installation starts with."""

from dataclasses import dataclass, field

from engine.domain.actors import SYSTEM
from engine.domain.national_days import national_days
from engine.domain.work_calendar import ShiftPattern
from engine.executor import Context
from engine.store import calendars

OFFICE = "office"
DESK = "desk_24h"
_DAYTIME = "08:30-12:00,14:00-18:00"


@dataclass(frozen=True, slots=True)
class SeedCalendars:
    """Write national days for some years (provisional ones marked) and the calendars `office` and `desk_24h`."""

    years: tuple[int, ...] = field(default_factory=lambda: tuple(range(2024, 2030)))
    actor: str = SYSTEM.id

    def run(self, ctx: Context) -> int:
        """Give the number of days written."""
        days = [day for year in self.years for day in national_days(year)]
        calendars.put_days(ctx.connection, days)
        calendars.put_pattern(ctx.connection, OFFICE, ShiftPattern.parse("机关作息", _DAYTIME), 1)
        calendars.put_pattern(ctx.connection, DESK, ShiftPattern.always("热线24小时"), 1)
        return len(days)
