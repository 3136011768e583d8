"""Duty rosters: who is on call when, by a weekly pattern, exceptions to it, and duties passed from hand to hand.

Moments are aware, days and hours are those of Asia/Shanghai. A turn that crosses midnight belongs to the day it starts.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from engine.domain.clock import SHANGHAI, local
from engine.domain.errors import Invalid

_HOURS = re.compile(r"(\d{1,2}):([0-5]\d)\s*[-~—–至到]\s*(\d{1,2}):([0-5]\d)")
DAY = 1440


@dataclass(frozen=True, slots=True)
class DutyTurn:
    """A person's turn in every week: on `weekdays` (1 Monday … 7 Sunday) from `start` to `end`, minutes after midnight.

    An end above 1440 is past midnight. It holds from the day `first` to the day `last`, both included.
    """

    person: str
    weekdays: frozenset[int]
    start: int
    end: int
    first: date
    last: date | None = None
    id: int = 0

    def on(self, day: date) -> tuple[datetime, datetime] | None:
        """Give when the turn that begins on a day runs, UTC; None where it has no turn that day."""
        if day.isoweekday() not in self.weekdays or day < self.first or (self.last is not None and day > self.last):
            return None
        midnight = datetime.combine(day, time(), SHANGHAI).astimezone(UTC)
        return midnight + timedelta(minutes=self.start), midnight + timedelta(minutes=self.end)


@dataclass(frozen=True, slots=True)
class DutyChange:
    """From `start` to `end` another person is on duty: instead of `instead_of`, or (empty) instead of everybody.

    An empty `person` leaves the turn unmanned. `handed_over` tells a duty passed on from an exception an admin wrote.
    """

    start: datetime
    end: datetime
    person: str
    instead_of: str = ""
    reason: str = ""
    handed_over: bool = False
    id: int = 0


@dataclass(frozen=True, slots=True)
class Stretch:
    """Who is on duty from one moment to another; nobody where `people` is empty."""

    start: datetime
    end: datetime
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DutyRoster:
    """A roster; of changes that overlap, the one written later is applied after the earlier."""

    key: str
    name: str
    turns: tuple[DutyTurn, ...] = ()
    changes: tuple[DutyChange, ...] = ()
    calendar: str = ""
    """While this calendar's days are open, from opening to close, nobody need be on duty; empty: somebody always."""

    @property
    def people(self) -> frozenset[str]:
        """Everybody it mentions."""
        changed = {who for change in self.changes for who in (change.person, change.instead_of) if who}
        return frozenset({turn.person for turn in self.turns} | changed)

    def on_duty(self, at: datetime) -> tuple[str, ...]:
        """Give the people on duty at a moment, in the order of the pattern; a turn's end is no longer its own."""
        today = local(at).date()
        found = [
            turn.person
            for turn in self.turns
            for day in (today - timedelta(days=1), today)
            if (span := turn.on(day)) and span[0] <= at < span[1]
        ]
        for change in self.changes:
            if change.start <= at < change.end:
                found = _changed(found, change)
        return tuple(dict.fromkeys(found))

    def stretches(self, start: datetime, end: datetime) -> list[Stretch]:
        """Give who is on duty between two moments, without a gap: a new stretch begins where the people change."""
        cuts = sorted({start, end, *(at for at in self._cuts(start, end) if start < at < end)})
        found: list[Stretch] = []
        for low, high in pairwise(cuts):
            people = self.on_duty(low)
            if found and found[-1].people == people:
                found[-1] = Stretch(found[-1].start, high, people)
            else:
                found.append(Stretch(low, high, people))
        return found

    def covered(
        self, start: datetime, end: datetime, open_days: Sequence[tuple[datetime, datetime]] = ()
    ) -> list[Stretch]:
        """Give the stretches, without those in which nobody is on duty while the office is open (`open_days`, in order)."""
        found: list[Stretch] = []
        for stretch in self.stretches(start, end):
            found += [stretch] if stretch.people else _outside(stretch, open_days)
        return found

    def _cuts(self, start: datetime, end: datetime) -> Iterable[datetime]:
        day, last = local(start).date() - timedelta(days=1), local(end).date()
        while day <= last:
            for turn in self.turns:
                yield from turn.on(day) or ()
            day += timedelta(days=1)
        for change in self.changes:
            yield from (change.start, change.end)


def parse_hours(text: str) -> tuple[int, int]:
    """Read 18:00-08:30 as minutes after midnight; an end at or before its start is past midnight. Raises Invalid."""
    found = _HOURS.fullmatch(text.strip().replace("：", ":"))
    if found:
        start, end = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
        if start < DAY and end <= DAY:
            return start, end if end > start else end + DAY
    raise Invalid(f"值班时间“{text}”看不懂，请写成 18:00-08:30（结束不晚于开始即到次日）")


def parse_weekdays(text: str) -> frozenset[int]:
    """Read the days of the week as digits (1 Monday … 7 Sunday), 12345 or 1,2; raises Invalid for none or another sign."""
    days = frozenset(re.sub(r"[\s,，、]", "", text))
    if not days or not days <= set("1234567"):
        raise Invalid("请选星期几值班(1 是星期一,7 是星期日)")
    return frozenset(int(day) for day in days)


def _outside(stretch: Stretch, open_days: Sequence[tuple[datetime, datetime]]) -> Iterable[Stretch]:
    """What is left of a stretch without the hours of open days."""
    at = stretch.start
    for opens, closes in open_days:
        if at < min(opens, stretch.end):
            yield Stretch(at, min(opens, stretch.end), stretch.people)
        at = max(at, min(closes, stretch.end))
    if at < stretch.end:
        yield Stretch(at, stretch.end, stretch.people)


def _changed(people: list[str], change: DutyChange) -> list[str]:
    comes = [change.person] if change.person else []
    if not change.instead_of:
        return comes
    return [who for person in people for who in (comes if person == change.instead_of else [person])]
