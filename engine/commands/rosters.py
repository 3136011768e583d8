"""Duty rosters: the weekly pattern, exceptions, and a duty passed from hand to hand."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.domain.accounts import shown_name, word_id
from engine.domain.clock import in_words, local
from engine.domain.duty_roster import DutyChange, DutyRoster, DutyTurn
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.domain.rights import ADMIN
from engine.domain.texts import free_text
from engine.executor import Context
from engine.steps import duty, office_notices
from engine.steps.acts import note
from engine.store import calendars, people, rosters

LONGEST = timedelta(days=62)
"""No exception is longer: who is away for months leaves the pattern."""


@dataclass(frozen=True, slots=True)
class PutRoster:
    """Open a roster, or give it another name; while `calendar` is open nobody need be on duty."""

    roster: str
    name: str
    actor: str
    calendar: str = ""

    def run(self, ctx: Context) -> str:
        """Give its code as kept. Raises Invalid."""
        key, name = word_id(self.roster, "值班表"), shown_name(self.name, "值班表名称")
        if self.calendar and self.calendar not in calendars.names(ctx.connection):
            raise Invalid(f"没有工作日历 {self.calendar}")
        rosters.put(ctx.connection, key, name, self.calendar or None)
        note(ctx, "RosterPut", key, name=name, calendar=self.calendar)
        return key


@dataclass(frozen=True, slots=True)
class AddDutyTurn:
    """Put somebody on duty in every week, on `weekdays` from `start` to `end` (minutes after midnight), from the day `first`."""

    roster: str
    person: str
    weekdays: frozenset[int]
    start: int
    end: int
    first: date
    actor: str
    last: date | None = None

    def run(self, ctx: Context) -> int:
        """Give the turn's id. Raises NotFound, Invalid."""
        _known(ctx, self.roster)
        _able(ctx, self.person)
        if self.last is not None and self.last < self.first:
            raise Invalid("值班的最后一天不能早于第一天")
        turn = DutyTurn(self.person, self.weekdays, self.start, self.end, self.first, self.last)
        ident = rosters.add_turn(ctx.connection, self.roster, turn)
        days = "".join(str(day) for day in sorted(self.weekdays))
        note(ctx, "DutyTurnAdded", self.roster, person=self.person, weekdays=days, start=self.start, end=self.end)
        return ident


@dataclass(frozen=True, slots=True)
class EndDutyTurn:
    """Let a weekly turn hold for the last time on the day `last`; one that would never have begun is removed."""

    roster: str
    turn: int
    last: date
    actor: str

    def run(self, ctx: Context) -> None:
        """What was, stays. Raises NotFound; Invalid for a day that has passed."""
        turn = next((turn for turn in _known(ctx, self.roster).turns if turn.id == self.turn), None)
        if turn is None:
            raise NotFound("没有这一班")
        if self.last < local(ctx.now).date() - timedelta(days=1):
            raise Invalid("已经过去的值班不能改")
        if self.last < turn.first:
            rosters.drop_turn(ctx.connection, self.roster, self.turn)
        else:
            rosters.end_turn(ctx.connection, self.roster, self.turn, self.last)
        note(ctx, "DutyTurnEnded", self.roster, person=turn.person, last=self.last.isoformat())


@dataclass(frozen=True, slots=True)
class ChangeDuty:
    """Write an exception: from `start` to `end` `person` (empty: nobody) is on duty instead of one, or of everybody (empty)."""

    roster: str
    person: str
    instead_of: str
    start: datetime
    end: datetime
    reason: str
    actor: str

    def run(self, ctx: Context) -> int:
        """Give its id; who comes and who goes are told. Raises NotFound, Invalid."""
        roster = _known(ctx, self.roster)
        if self.person:
            _able(ctx, self.person)
        change = DutyChange(self.start, self.end, self.person, self.instead_of, _reason(self.reason), handed_over=False)
        _sane(ctx, change)
        return _write(ctx, roster, change, [p for p in (self.person, self.instead_of) if p])


@dataclass(frozen=True, slots=True)
class HandOverDuty:
    """Pass one's own duty on to a colleague (交班、换班) from `start` to `end`; an admin may do it for somebody."""

    roster: str
    person: str
    to: str
    start: datetime
    end: datetime
    reason: str
    actor: str

    def run(self, ctx: Context) -> int:
        """Give the change's id; the receiver is told. Raises NotFound, NotAllowed, Invalid, Conflict where there is no duty to pass on."""
        roster = _known(ctx, self.roster)
        if self.person != ctx.actor.id and ADMIN not in ctx.actor.roles:
            raise NotAllowed("只能交自己的班")
        _able(ctx, self.to)
        if self.to == self.person:
            raise Invalid("不能交给自己")
        change = DutyChange(self.start, self.end, self.to, self.person, _reason(self.reason), handed_over=True)
        _sane(ctx, change)
        if not any(self.person in stretch.people for stretch in roster.stretches(change.start, change.end)):
            raise Conflict(f"{people.name_of(ctx.connection, self.person)}在这段时间没有班,不用交")
        return _write(ctx, roster, change, [self.to])


@dataclass(frozen=True, slots=True)
class DropDutyChange:
    """Take an exception or a duty passed on back, before it has begun."""

    roster: str
    change: int
    actor: str

    def run(self, ctx: Context) -> None:
        """Raises NotFound; Conflict once it has begun."""
        change = next((one for one in _known(ctx, self.roster).changes if one.id == self.change), None)
        if change is None:
            raise NotFound("没有这条换班")
        if change.start <= ctx.now:
            raise Conflict("已经开始的换班不能撤,请另写一条")
        rosters.drop_change(ctx.connection, self.roster, self.change)
        note(ctx, "DutyChangeDropped", self.roster, person=change.person, instead_of=change.instead_of)


def _known(ctx: Context, key: str) -> DutyRoster:
    roster = duty.every(ctx).get(key)
    if roster is None:
        raise NotFound(f"没有值班表 {key}")
    return roster


def _able(ctx: Context, person: str) -> None:
    if not people.active(ctx.connection, [person]):
        raise Invalid(f"没有在用的账号 {person}" if person else "请选值班的人")


def _reason(text: str) -> str:
    said = free_text("换班原因", text).strip()
    if not said:
        raise Invalid("请写明换班原因")
    return said


def _sane(ctx: Context, change: DutyChange) -> None:
    if not change.start < change.end:
        raise Invalid("结束时间要晚于开始时间")
    if change.end - change.start > LONGEST:
        raise Invalid(f"换班最长 {LONGEST.days} 天,更久的请改每周的班")
    if change.end <= ctx.now:
        raise Invalid("已经过去的值班不能改")


def _write(ctx: Context, roster: DutyRoster, change: DutyChange, told: list[str]) -> int:
    ident = rosters.add_change(ctx.connection, roster.key, change, {"by": ctx.actor.id, "at": ctx.now})
    said = {"person": change.person, "instead_of": change.instead_of, "reason": change.reason}
    note(ctx, "DutyHandedOver" if change.handed_over else "DutyChanged", roster.key, **said)
    names = {who: people.name_of(ctx.connection, who) for who in (change.person, change.instead_of) if who}
    body = (
        f"{in_words(change.start)}至{in_words(change.end)},“{roster.name}”由{names.get(change.person, '无人')}值班"
        f"(原为{names.get(change.instead_of, '排定的人员')})。原因:{change.reason}。"
    )
    notice = f"值班变动:{roster.name}", body
    concerned = dict.fromkeys((who for who in told if who != ctx.actor.id), notice)
    office_notices.put(ctx, "duty_changed", concerned, ctx.now.isoformat())
    return ident
