"""Who is on duty, now and in the days to come."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.domain.duty_roster import DutyChange, DutyRoster, DutyTurn, Stretch
from engine.domain.errors import NotFound
from engine.executor import Context
from engine.steps import duty, limits
from engine.store import people

AHEAD = timedelta(days=7)
LONGEST = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A roster in the list: who is on duty now, and the first stretch of the coming week in which nobody is."""

    key: str
    name: str
    now: tuple[str, ...]
    gap: Stretch | None


@dataclass(frozen=True, slots=True)
class RosterView:
    """A roster with who is on duty from one moment to another; `names` of everybody it mentions."""

    key: str
    name: str
    calendar: str
    turns: tuple[DutyTurn, ...]
    changes: tuple[DutyChange, ...]
    stretches: list[Stretch]
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class Rosters:
    """All rosters."""

    def read(self, ctx: Context) -> list[RosterRow]:
        """Give them by name."""
        found = list(duty.every(ctx).values())
        names = people.names_of(ctx.connection, {who for roster in found for who in roster.people})
        return [_row(ctx, roster, names) for roster in found]


@dataclass(frozen=True, slots=True)
class ShowRoster:
    """One roster: its turns that are not over, its changes that are not over, and who is on duty from `start` on.

    Hours of its calendar in which nobody is on duty are left out: then the office itself is open.
    """

    roster: str
    start: datetime | None = None
    days: int = 14

    def read(self, ctx: Context) -> RosterView:
        """Give it; raise NotFound."""
        roster = duty.every(ctx).get(self.roster)
        if roster is None:
            raise NotFound(f"没有值班表 {self.roster}")
        begin = self.start or ctx.now
        today = ctx.now.date()
        return RosterView(
            roster.key,
            roster.name,
            roster.calendar,
            tuple(turn for turn in roster.turns if turn.last is None or turn.last >= today - timedelta(days=1)),
            tuple(change for change in roster.changes if change.end > ctx.now),
            _covered(ctx, roster, begin, begin + min(timedelta(days=self.days), LONGEST)),
            people.names_of(ctx.connection, roster.people),
        )


@dataclass(frozen=True, slots=True)
class MyDuty:
    """A turn of mine, running or to come."""

    roster: str
    name: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class MyDuties:
    """The turns of the asker in the days to come, the running one first."""

    days: int = 30

    def read(self, ctx: Context) -> list[MyDuty]:
        """Give them in order of time."""
        end, found = ctx.now + timedelta(days=self.days), []
        for roster in duty.every(ctx).values():
            if ctx.actor.id in roster.people:
                found += [
                    MyDuty(roster.key, roster.name, s.start, s.end)
                    for s in roster.stretches(ctx.now - timedelta(days=1), end)
                    if ctx.actor.id in s.people and s.end > ctx.now
                ]
        return sorted(found, key=lambda mine: (mine.start, mine.roster))


def _row(ctx: Context, roster: DutyRoster, names: dict[str, str]) -> RosterRow:
    gap = next((s for s in _covered(ctx, roster, ctx.now, ctx.now + AHEAD) if not s.people), None)
    people_now = tuple(names.get(who, who) for who in roster.on_duty(ctx.now))
    return RosterRow(roster.key, roster.name, people_now, gap)


def _covered(ctx: Context, roster: DutyRoster, start: datetime, end: datetime) -> list[Stretch]:
    return roster.covered(start, end, _open_days(ctx, roster.calendar, start, end) if roster.calendar else ())


def _open_days(ctx: Context, key: str, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """From opening to close of every working day: the lunch break needs nobody on call."""
    days: dict[date, tuple[datetime, datetime]] = {}
    for span in limits.calendar(ctx, key).intervals_between(start - timedelta(days=1), end + timedelta(days=1)):
        opens = days[span.day][0] if span.day in days else span.start
        days[span.day] = opens, span.end
    return list(days.values())
