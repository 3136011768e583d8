"""Working calendars for those who keep them: the list, a year, the versions, and what a change would do."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from engine.domain.actors import SYSTEM
from engine.domain.calendar_change import Change, DayChange, told_by_paper
from engine.domain.clock import local
from engine.domain.errors import NotFound
from engine.domain.shift_pattern import ShiftPattern
from engine.domain.work_calendar import Day, WorkCalendar
from engine.executor import Context
from engine.queries.operations import require_admin
from engine.steps import limits
from engine.steps.calendar_change import missing_year, plan
from engine.steps.moved_limits import Moved, would_move
from engine.steps.released import released
from engine.store import calendars, definitions, people
from engine.store.tables import calendar, unit, user_task


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """A calendar in the list; `users` are the procedures and units that count by it, by name."""

    key: str
    name: str
    version: int
    pattern: ShiftPattern
    users: tuple[str, ...]
    open_limits: int


@dataclass(frozen=True, slots=True)
class CalendarList:
    """Every calendar; `missing` is the year whose notice should be here by now."""

    lines: list[CalendarLine]
    missing: int | None
    newest: int


@dataclass(frozen=True, slots=True)
class Calendars:
    """Every calendar with its hours today and who counts by it; for admins."""

    def read(self, ctx: Context) -> CalendarList:
        """Give them by name; raise NotFound for others."""
        require_admin(ctx)
        today = local(ctx.now).date()
        users = _users(ctx)
        counted = select(user_task.c.calendar, func.count()).where(
            user_task.c.state == "open", user_task.c.due_at.is_not(None)
        )
        waiting = {key: int(n) for key, n in ctx.connection.execute(counted.group_by(user_task.c.calendar))}
        lines = []
        for row in ctx.connection.execute(select(calendar.c.key, calendar.c.version).order_by(calendar.c.name)):
            ctx.calendars[row.key] = row.version
            known = limits.calendar(ctx, row.key)
            pattern = known.pattern_on(today)
            named = tuple(users.get(row.key, ()))
            lines.append(CalendarLine(row.key, known.name, row.version, pattern, named, waiting.get(row.key, 0)))
        return CalendarList(lines, missing_year(ctx), calendars.newest(ctx.connection))


@dataclass(frozen=True, slots=True)
class HoursChange:
    """Hours that hold from a day on."""

    first: date
    pattern: ShiftPattern


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version: what it changed, by whom and why; `days` are (day, open or None where an exception was taken back, source)."""

    number: int
    at: datetime
    actor: str
    kind: str
    title: str
    reason: str
    moved: int
    text: str
    days: tuple[tuple[date, bool | None, str], ...]
    more: int


@dataclass(frozen=True, slots=True)
class CalendarView:
    """One calendar: its days and hours, and the versions that concern it."""

    calendar: WorkCalendar
    hours: list[HoursChange]
    versions: list[VersionLine]
    newest: int
    today: date


@dataclass(frozen=True, slots=True)
class ShowCalendar:
    """One calendar as it is now, or as a version had it; for admins."""

    key: str
    version: int | None = None

    def read(self, ctx: Context) -> CalendarView:
        """Give it; raise NotFound."""
        require_admin(ctx)
        if self.version is None:
            shown = limits.calendar(ctx, self.key)
        else:
            shown = limits.calendar_at(ctx, self.key, self.version)
        hours = [HoursChange(first, pattern) for first, pattern in shown.changes]
        newest = calendars.newest(ctx.connection)
        if self.version is not None and not 1 <= self.version <= newest:
            raise NotFound("没有这个版本")
        return CalendarView(shown, hours, _versions(ctx, self.key), newest, local(ctx.now).date())


MOST_DAYS = 40
"""How many days of a version are listed."""


def _versions(ctx: Context, key: str) -> list[VersionLine]:
    rows = calendars.versions(ctx.connection, key)
    said = calendars.days_of(ctx.connection, [row.id for row in rows if row.kind in ("days", "exceptions")])
    found = []
    for row in rows:
        told = [d for d in said.get(row.id, ()) if row.kind == "exceptions" or told_by_paper(d.source)]
        days = [(d.day, d.open, d.source) for d in told]
        shown = tuple(days[:MOST_DAYS])
        who = row.actor_name or row.actor
        facts = row.id, row.at, who, row.kind, row.title, row.reason, row.moved, row.text
        found.append(VersionLine(*facts, shown, len(days) - len(shown)))
    return found


@dataclass(frozen=True, slots=True)
class NationalDays:
    """The national days as they are now, by date."""

    def read(self, ctx: Context) -> dict[date, Day]:
        """Give them in order."""
        return calendars.national_days(ctx.connection)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do if it were made now; `expects` goes with the command."""

    days: tuple[DayChange, ...]
    moved: list[Moved]
    expects: int
    units: dict[str, str]
    """Names of units by code."""
    calendars: tuple[str, ...]
    """Names of the calendars whose working time changes."""


@dataclass(frozen=True, slots=True)
class PreviewChange:
    """Work a change out without making it; for admins, and for the command line."""

    change: Change

    def read(self, ctx: Context) -> Preview:
        """Give the days that differ and every open limit that would move or be confirmed. Raises NotFound, Invalid."""
        if ctx.actor is not SYSTEM:
            require_admin(ctx)
        planned = plan(ctx, self.change)
        moved = would_move(ctx, planned.reach, planned.calendars) if planned.reach else []
        touched = tuple(after.name for _, after in planned.calendars.values())
        return Preview(planned.days, moved, planned.number - 1, people.unit_names(ctx.connection), touched)


def _users(ctx: Context) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for ident in definitions.active_ids(ctx.connection):
        procedure = released(ctx, ident).procedure
        found.setdefault(procedure.calendar, []).append(procedure.title)
    rows = ctx.connection.execute(select(unit.c.calendar, unit.c.name).where(unit.c.calendar.is_not(None)))
    for key, name in rows:
        found.setdefault(key, []).append(name)
    return found
