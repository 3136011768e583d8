"""From a limit's text to a due moment, by the calendar that applies."""

from dataclasses import dataclass
from datetime import datetime

from engine.bpmn.arrivals import Limit
from engine.domain.clock import SHANGHAI
from engine.domain.deadline import parse
from engine.domain.work_calendar import WorkCalendar
from engine.executor import Context
from engine.store import calendars


@dataclass(frozen=True, slots=True)
class Due:
    """A due moment with what it was computed from."""

    at: datetime
    text: str
    start: datetime
    calendar: str
    calendar_version: int


def calendar(ctx: Context, key: str) -> WorkCalendar:
    """Give the current version of a calendar, compiled once per version and process."""
    if key not in ctx.calendars:
        ctx.calendars[key] = calendars.version(ctx.connection, key)
    version = ctx.calendars[key]
    return ctx.engine.cached("calendar", (key, version), lambda: calendars.get(ctx.connection, key))


def due(ctx: Context, limit: Limit, calendar_key: str, start: datetime | None = None) -> Due:
    """Compute when a limit falls due; it counts from its own anchor, else from `start`, else from now."""
    begin = moment(limit.anchor) if limit.anchor else (start or ctx.now)
    working = calendar(ctx, calendar_key)
    found = parse(limit.text).due(begin, working)
    return Due(found.at, limit.text, begin, found.calendar_key, found.calendar_version)


def moment(text: str) -> datetime:
    """Read an ISO moment; one without offset is Asia/Shanghai."""
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=SHANGHAI) if at.tzinfo is None else at
