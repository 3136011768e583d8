"""Calendars for pages that tell how much working time is left."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from engine.domain.errors import NotFound
from engine.domain.work_calendar import WorkCalendar
from engine.executor import Context
from engine.steps import limits
from engine.steps.calendar_choice import organisation
from engine.store import calendars
from engine.store.tables import calendar


@dataclass(frozen=True, slots=True)
class CalendarCalled:
    """One calendar in its current version, by its key or by the name people read."""

    said: str

    def read(self, ctx: Context) -> WorkCalendar:
        """Give the calendar; raise NotFound, naming those there are."""
        names = calendars.names(ctx.connection)
        found = [key for key, name in names.items() if self.said in (key, name)]
        if not found:
            listed = "、".join(f"{key}（{name}）" for key, name in names.items())
            raise NotFound(f"没有工作日历“{self.said}”，现有：{listed or '一个也没有'}")
        return limits.calendar(ctx, found[0])


@dataclass(frozen=True, slots=True)
class DefaultCalendar:
    """The calendar that counts where none is named."""

    def read(self, ctx: Context) -> WorkCalendar | None:
        """Give the organisation's; None on a database that has no calendars yet."""
        key = organisation(ctx)
        return limits.calendar(ctx, key) if key in calendars.names(ctx.connection) else None


@dataclass(frozen=True, slots=True)
class WorkingCalendars:
    """Every calendar in its current version, ready for arithmetic."""

    def read(self, ctx: Context) -> Mapping[str, WorkCalendar]:
        """Give them by key: one statement once they are compiled."""
        for row in ctx.connection.execute(select(calendar.c.key, calendar.c.version)):
            ctx.calendars[row.key] = row.version
        return {key: limits.calendar(ctx, key) for key in ctx.calendars}
