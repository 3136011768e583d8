"""The course of a limit: where its text puts the due moment, and how pauses and extensions have moved it since. Pure.

What each kind of limit does in a pause is written down in docs/reference/working-time.md (暂停与延期).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.domain.deadline import Deadline, Unit, WarningPoint, parse, parse_warning
from engine.domain.work_calendar import WorkCalendar

BY_WORK = frozenset({Unit.WORKING_DAYS, Unit.WORKING_TIME, Unit.AFTER_OPENING, Unit.SAME_DAY})
"""Limits that a pause moves by the working time it takes."""
_BY_CLOCK = frozenset({Unit.CLOCK_TIME, Unit.ISO_DURATION})
_DAY, _TICK = timedelta(days=1), timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Pause:
    """A case stood still from `start` up to `end`."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Extension:
    """Granted `at` a moment: whatever moment the limit had by then is moved on by the limit `text`."""

    at: datetime
    text: str


Move = Pause | Extension


@dataclass(frozen=True, slots=True)
class Step:
    """One move and what it did to the due moment."""

    move: Move
    was: datetime
    due_at: datetime
    provisional: bool = False
    """Whether days of the move itself may still change."""


@dataclass(frozen=True, slots=True)
class Course:
    """Where a limit has got to, UTC; `steps` are the moves that concern it, in the order they took effect."""

    due_at: datetime
    warn_at: datetime | None
    provisional: bool
    steps: tuple[Step, ...]


def course(
    text: str,
    start: datetime,
    calendar: WorkCalendar,
    moves: Iterable[Move] = (),
    warn_text: str | None = None,
    warn_from: datetime | None = None,
) -> Course:
    """Follow a limit and its warning from their beginnings through all moves.

    A warning of its own counts from `warn_from`, else from `start`; a share is one of the whole limit as it has become, pauses
    left out; a range as its text means the lower bound of it. Raises InvalidDeadline for a text that is no limit and
    CalendarExhausted beyond the days the calendar knows.
    """
    limit, ordered = parse(text), in_order(moves)
    found = limit.due(start, calendar)
    steps = follow(limit, start, found.at, calendar, ordered)
    due_at = steps[-1].due_at if steps else found.at
    counted = limit.unit not in _BY_CLOCK and limit.unit is not Unit.MOMENT
    provisional = found.provisional or any(step.provisional for step in steps)
    return Course(
        due_at,
        _warning(warn_text, warn_from or start, limit, start, due_at, calendar, ordered) if warn_text else None,
        provisional or (counted and calendar.provisional_between(start, max(start, due_at))),
        steps,
    )


def in_order(moves: Iterable[Move]) -> tuple[Move, ...]:
    """Give moves in the order they take effect: a pause when it ends, an extension when it is granted."""
    return tuple(sorted(moves, key=lambda move: move.end if isinstance(move, Pause) else move.at))


def follow(
    limit: Deadline, start: datetime, at: datetime, calendar: WorkCalendar, moves: Sequence[Move]
) -> tuple[Step, ...]:
    """Give the steps by which moves, in order, carry the moment `at` of a limit that counts from `start`.

    A pause that was over before the start does not concern it and is left out.
    """
    steps: list[Step] = []
    for move in moves:
        if isinstance(move, Extension):
            further = parse(move.text).due(at, calendar)
            steps.append(Step(move, at, further.at, further.provisional))
        elif move.end > start:
            steps.append(Step(move, at, after_pause(limit, at, calendar, max(move.start, start), move.end)))
        else:
            continue
        at = steps[-1].due_at
    return tuple(steps)


def after_pause(limit: Deadline, at: datetime, calendar: WorkCalendar, start: datetime, end: datetime) -> datetime:
    """Give where a limit's moment lies once the case has stood still from `start` to `end`; a moment that had passed stays."""
    if start >= at or end <= start or limit.unit is Unit.MOMENT:
        return at
    if limit.unit in _BY_CLOCK:
        return at + (end - start)
    if limit.unit is Unit.NATURAL_DAYS:
        return calendar.add_natural_days(at + (end - start) - _DAY - _TICK, 1)
    if not calendar.between(start, end):
        return at
    return calendar.add(end, calendar.between(start, at))


def own_deadline(warn_text: str) -> Deadline | None:
    """Give the deadline that a warning is: its own, or the lower bound of a range; None for a share of the limit."""
    return parse_warning(warn_text).deadline if "%" in warn_text or "％" in warn_text else _lower(parse(warn_text))


def share_at(
    warn_text: str, limit: Deadline, start: datetime, due_at: datetime, calendar: WorkCalendar, pauses: Sequence[Pause]
) -> datetime:
    """Give when a share of a limit from `start` to `due_at` has been used up, the time of pauses left out."""
    stops = [Pause(max(p.start, start), p.end) for p in pauses if p.end > start and p.start < due_at]
    point = parse_warning(warn_text)
    if limit.unit in BY_WORK:
        lost = sum((calendar.between(p.start, p.end) for p in stops), timedelta())
        used = _used(point, limit, start, calendar.add(start, calendar.between(start, due_at) - lost), calendar)
        return calendar.due_after_pauses(start, calendar.between(start, used), [(p.start, p.end) for p in stops])
    at = _used(point, limit, start, due_at - sum((p.end - p.start for p in stops), timedelta()), calendar)
    for stop in sorted(stops, key=lambda stop: stop.start):
        at += (stop.end - stop.start) if stop.start < at else timedelta()
    return at


def _used(point: WarningPoint, limit: Deadline, start: datetime, due_at: datetime, calendar: WorkCalendar) -> datetime:
    return point.moment(start, max(start, due_at), limit, calendar)


def _lower(said: Deadline) -> Deadline:
    return said.amber or said


def _warning(
    text: str,
    start: datetime,
    limit: Deadline,
    limit_start: datetime,
    due_at: datetime,
    calendar: WorkCalendar,
    moves: Sequence[Move],
) -> datetime:
    warning = own_deadline(text)
    if warning is None:
        stops = [move for move in moves if isinstance(move, Pause)]
        return share_at(text, limit, limit_start, due_at, calendar, stops)
    at = warning.due(start, calendar).at
    steps = follow(warning, start, at, calendar, moves)
    return steps[-1].due_at if steps else at
