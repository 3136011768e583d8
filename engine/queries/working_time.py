"""Calendars for pages that tell how much working time is left."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from engine.domain.work_calendar import WorkCalendar
from engine.executor import Context
from engine.steps import limits
from engine.store.tables import calendar


@dataclass(frozen=True, slots=True)
class WorkingCalendars:
    """Every calendar in its current version, ready for arithmetic."""

    def read(self, ctx: Context) -> Mapping[str, WorkCalendar]:
        """Give them by key: one statement once they are compiled."""
        for row in ctx.connection.execute(select(calendar.c.key, calendar.c.version)):
            ctx.calendars[row.key] = row.version
        return {key: limits.calendar(ctx, key) for key in ctx.calendars}
