"""From a limit's text to a due moment, by the calendar that applies."""

from dataclasses import dataclass, replace
from datetime import datetime

from engine.bpmn.arrivals import Limit, TimerArmed
from engine.domain.clock import SHANGHAI
from engine.domain.deadline import parse, parse_warning
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
    return calendar_at(ctx, key, ctx.calendars[key])


def calendar_at(ctx: Context, key: str, version: int) -> WorkCalendar:
    """Give a calendar as a version had it: that of an old receipt."""
    return ctx.engine.cached("calendar", (key, version), lambda: calendars.get(ctx.connection, key, version))


def due(ctx: Context, limit: Limit, calendar_key: str, start: datetime | None = None) -> Due:
    """Compute when a limit falls due; it counts from its own anchor, else from `start`, else from now."""
    begin = moment(limit.anchor) if limit.anchor else (start or ctx.now)
    working = calendar(ctx, calendar_key)
    found = parse(limit.text).due(begin, working)
    return Due(found.at, limit.text, begin, found.calendar_key, found.calendar_version)


def warning(ctx: Context, warn: Limit | None, whole: Limit | None, calendar_key: str) -> Due | None:
    """Compute when a task's warning comes: by its own text, as a share of the whole limit, or at the lower bound of it.

    None when nothing warns. `text` and `start` of what is given are the warning's own; for a lower bound the limit's.
    """
    if warn is None:
        return lower_bound(ctx, whole, calendar_key) if whole else None
    point = parse_warning(warn.text)
    if point.deadline:
        return due(ctx, warn, calendar_key)
    if whole is None:
        return None
    limited = due(ctx, whole, calendar_key)
    at = point.moment(limited.start, limited.at, parse(whole.text), calendar(ctx, calendar_key))
    return replace(limited, at=at, text=warn.text)


def lower_bound(ctx: Context, limit: Limit, calendar_key: str) -> Due | None:
    """Compute the lower bound of a limit that is a range; None for one that is not."""
    below = parse(limit.text).amber
    limited = due(ctx, limit, calendar_key)
    return replace(limited, at=below.due(limited.start, calendar(ctx, calendar_key)).at) if below else None


def of_timer(ctx: Context, armed: TimerArmed, calendar_key: str) -> Due:
    """Compute when a timer fires that is no cycle; one that follows a warning fires with it."""
    if armed.role == "warn":
        found = warning(ctx, None if armed.lower else armed.limit, armed.whole, calendar_key)
        if found is not None:
            return found
    return due(ctx, armed.limit, calendar_key)


def moment(text: str) -> datetime:
    """Read an ISO moment; one without offset is Asia/Shanghai."""
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=SHANGHAI) if at.tzinfo is None else at
