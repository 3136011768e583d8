"""How much of a limit is left, counted the way the limit itself counts: by the clock, or in working time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.domain.clock import local
from engine.domain.deadline import Unit, parse
from engine.domain.errors import InvalidDeadline
from engine.domain.work_calendar import CalendarExhausted, WorkCalendar

_BY_WORK = frozenset({Unit.WORKING_DAYS, Unit.WORKING_TIME, Unit.AFTER_OPENING, Unit.SAME_DAY})
_BY_CALENDAR = _BY_WORK | {Unit.NATURAL_DAYS}


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """What is left of a limit: never negative; `late` says by how much it is over, by the clock."""

    left: timedelta
    late: timedelta
    working: bool
    """Counted in working time."""
    day: timedelta
    """One day of it: 24 hours, or the hours of a working day."""

    @property
    def days(self) -> int:
        """Whole days left."""
        return self.left // self.day

    @property
    def rest(self) -> timedelta:
        """What is left beyond whole days."""
        return self.left - self.days * self.day


def counts_working_time(due_text: str | None) -> bool:
    """Say whether a limit's text counts working time; a text that cannot be read does not."""
    try:
        return due_text is not None and parse(due_text).unit in _BY_WORK
    except InvalidDeadline:
        return False


def counts_by_calendar(due_text: str | None) -> bool:
    """Say whether a change of the calendar may move a limit: every kind but clock time and fixed moments."""
    try:
        return due_text is not None and parse(due_text).unit in _BY_CALENDAR
    except InvalidDeadline:
        return False


def time_left(now: datetime, due_at: datetime, due_text: str | None, calendar: WorkCalendar | None) -> TimeLeft:
    """Give what is left at `now`; beyond the days a calendar knows, and without one, the clock counts."""
    span = due_at - now
    late = max(-span, timedelta())
    worked = _worked(calendar, now, due_at) if calendar is not None and counts_working_time(due_text) else None
    if calendar is None or worked is None:
        return TimeLeft(max(span, timedelta()), late, False, timedelta(days=1))
    return TimeLeft(max(worked, timedelta()), late, True, _length(calendar, now))


def is_provisional(
    start: datetime | None, due_at: datetime, due_text: str | None, calendar: WorkCalendar | None
) -> bool:
    """Say whether a holiday notice may still move a limit that runs from `start`; by the clock none can."""
    if calendar is None or start is None or not counts_by_calendar(due_text):
        return False
    try:
        return calendar.provisional_between(min(start, due_at), due_at)
    except CalendarExhausted:
        return False


def share_gone(
    now: datetime, opened_at: datetime, due_at: datetime, due_text: str | None, calendar: WorkCalendar | None
) -> int:
    """Give how much of a limit has passed, 0 to 100."""
    whole, left = (time_left(at, due_at, due_text, calendar).left for at in (opened_at, now))
    return max(0, min(100, round(100 * (1 - left / whole)))) if whole > timedelta() else 100


def _worked(calendar: WorkCalendar, start: datetime, end: datetime) -> timedelta | None:
    try:
        return calendar.between(start, end)
    except CalendarExhausted:
        return None


def _length(calendar: WorkCalendar, at: datetime) -> timedelta:
    """Give how long a working day is by the hours that hold at a moment."""
    return timedelta(minutes=sum(end - start for start, end in calendar.pattern_on(local(at).date()).intervals))
