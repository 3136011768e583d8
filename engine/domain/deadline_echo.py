"""What a text means, said back to whoever writes it: in words, and with three dates that people get wrong."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from engine.domain.clock import SHANGHAI
from engine.domain.deadline_grammar import parse, parse_cycle, parse_warning
from engine.domain.deadline_meaning import Deadline
from engine.domain.work_calendar import Day, WorkCalendar

_NATIONAL_DAY = (10, 1)
_SATURDAY = 5


class Sample(NamedTuple):
    """What comes of a text begun at `start`; all moments UTC. For a warning or a cycle `due` is its (first) moment."""

    start: datetime
    due: datetime
    amber: datetime | None
    provisional: bool


@dataclass(frozen=True, slots=True)
class Echo:
    """A text's meaning in plain Chinese, and samples of it."""

    words: str
    samples: tuple[Sample, ...]


def echo(text: str, calendar: WorkCalendar, today: date, limit: str = "") -> Echo:
    """Say what a deadline, warning or cycle means; raises InvalidDeadline, CalendarExhausted.

    The samples begin on an ordinary working day at 10:00, on a Friday ten minutes before closing with a make-up
    Saturday behind it, and at 16:00 on the last working day before National Day. A share is one of `limit`, the
    text of the limit it belongs to; without it there are no samples. `today` is the local date.
    """
    plain = text.strip().strip("\"'“”").strip()
    if plain.startswith(("每", "R")):
        cycle = parse_cycle(text)
        return Echo(cycle.words(), _samples(calendar, today, cycle.interval))
    if not plain.endswith(("%", "％")):
        deadline = parse(text)
        return Echo(deadline.words(), _samples(calendar, today, deadline))
    warning = parse_warning(text)
    if not limit:
        return Echo(warning.words(), ())
    whole = parse(limit)
    told = [
        sample._replace(due=warning.moment(sample.start, sample.due, whole, calendar), amber=None)
        for sample in _samples(calendar, today, whole)
    ]
    return Echo(warning.words(), tuple(told))


def _samples(calendar: WorkCalendar, today: date, deadline: Deadline) -> tuple[Sample, ...]:
    found = []
    for start in _starts(calendar, today):
        due = deadline.due(start, calendar)
        found.append(Sample(start, due.at, due.amber, due.provisional))
    return tuple(found)


def _starts(calendar: WorkCalendar, today: date) -> Iterator[datetime]:
    """Give the starts that the table has; a table of a few days may lack one or the other."""
    known = calendar.span
    days = calendar.facts(*known)
    ahead, behind = [day for day in days if day.date >= today], [day for day in days if day.date < today]
    ordinary = _first(ahead or days, lambda day: day.open and day.date.weekday() < _SATURDAY)
    if ordinary:
        yield _at(ordinary.date, time(10))
    friday = _friday(calendar, ahead, behind)
    if friday:
        yield _at(friday.date, time()) + timedelta(minutes=calendar.hours_on(friday.date)[-1][1] - 10)
    settled = [day for day in days if not day.provisional and (day.date.month, day.date.day) == _NATIONAL_DAY]
    if settled:
        last = _first([day for day in reversed(days) if day.date < settled[-1].date], lambda day: day.open)
        if last:
            yield _at(last.date, time(16))


def _friday(calendar: WorkCalendar, ahead: Sequence[Day], behind: Sequence[Day]) -> Day | None:
    """Give the next working Friday with a make-up Saturday behind it, else the last one, else any next Friday."""

    def worked(day: Day) -> bool:
        return day.open and day.date.weekday() == _SATURDAY - 1

    def before_make_up(day: Day) -> bool:
        after = day.date + timedelta(days=1)
        return worked(day) and after <= calendar.span[1] and calendar.is_workday(after)

    return (
        _first(ahead, before_make_up)
        or _first(behind[::-1], before_make_up)
        or _first(ahead, worked)
        or _first(behind[::-1], worked)
    )


def _first(days: Sequence[Day], wanted: Callable[[Day], bool]) -> Day | None:
    return next((day for day in days if wanted(day)), None)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, SHANGHAI).astimezone(UTC)
