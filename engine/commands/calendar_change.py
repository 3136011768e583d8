"""Change days and hours of calendars; every open limit that the change touches moves with it, in the same transaction."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from engine.domain.accounts import shown_name, word_id
from engine.domain.actors import SYSTEM
from engine.domain.calendar_change import Change
from engine.domain.clock import in_words
from engine.domain.errors import Conflict, Invalid, NotFound
from engine.domain.shift_pattern import ShiftPattern
from engine.domain.texts import free_text
from engine.executor import Context
from engine.steps import office_notices
from engine.steps.acts import note
from engine.steps.calendar_change import Plan, plan
from engine.steps.late_limits import WATCHED, late
from engine.steps.moved_limits import Moved, move
from engine.steps.performers import people_behind
from engine.store import calendars, people

NOTICE = "calendar_changed"
RESERVED = frozenset({"confirm", "import"})
"""Codes that no calendar may have: its page would be one of the pages for all calendars."""
MOST_TOLD = 20
"""How many limits one notice lists; beyond them it says how many more."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What came of a change: the version it made, and how many limits moved."""

    version: int
    moved: int


@dataclass(frozen=True, slots=True)
class ChangeCalendar:
    """Change national days, or exceptions or hours of one calendar, as previewed at version `expects`.

    `text` is the notice as it was pasted, kept with the version.
    """

    change: Change
    expects: int
    reason: str
    actor: str
    text: str = ""

    def run(self, ctx: Context) -> Changed:
        """Write the version, move the limits, tell those concerned. Raises Conflict when somebody was first, Invalid."""
        calendars.lock(ctx.connection)
        if calendars.newest(ctx.connection) != self.expects:
            raise Conflict("预览之后有人又改了工作日历,请重新预览再确认")
        reason = free_text("改动的理由", self.reason).strip()
        if not reason:
            raise Invalid("请写改动的理由:历史里会写明")
        planned = plan(ctx, self.change)
        _version(ctx, planned.number, self.change.kind, self.change.calendar, self.change.title, reason, self.text)
        self._write(ctx, planned)
        said = {"title": self.change.title, "reason": reason}
        found = move(ctx, planned.reach, planned.calendars, planned.number, said) if planned.reach else []
        moved = [one for one in found if one.moves]
        calendars.count_moved(ctx.connection, planned.number, len(moved))
        _tell(ctx, _Told(planned.number, self.change.title, reason), moved)
        note(ctx, "CalendarChanged", self.change.calendar, version=planned.number, moved=len(moved), **said)
        return Changed(planned.number, len(moved))

    def _write(self, ctx: Context, planned: Plan) -> None:
        change, number = self.change, planned.number
        if change.kind == "hours" and change.first is not None:
            calendars.put_hours(ctx.connection, change.calendar, number, change.first, change.pattern)
        else:
            back = set(change.back)
            days = [day.now for day in planned.days if day.now.date not in back]
            calendars.put_days(ctx.connection, change.calendar, number, days, sorted(back))
        calendars.touch(ctx.connection, number, [change.calendar] if change.calendar else None)
        ctx.calendars.clear()


@dataclass(frozen=True, slots=True)
class AddCalendar:
    """Open a calendar with hours of its own; `every_day` works on weekends and holidays too."""

    calendar: str
    name: str
    hours: str
    actor: str
    every_day: bool = False

    def run(self, ctx: Context) -> str:
        """Give the code as kept. Raises Invalid, Conflict where the code is taken."""
        ident, name = word_id(self.calendar, "日历"), shown_name(self.name, "日历名称")
        if ident in RESERVED:
            raise Invalid(f"日历代码 {ident} 留给系统的页面用,请换一个")
        calendars.lock(ctx.connection)
        _unused(ctx, name, ident)
        number = calendars.newest(ctx.connection) + 1
        pattern = ShiftPattern.parse(name, self.hours, every_day=self.every_day)
        if not calendars.add(ctx.connection, ident, pattern, number):
            raise Conflict(f"日历代码 {ident} 已经有了")
        _version(ctx, number, "new", ident, f"新增日历“{name}”", "", "")
        note(ctx, "CalendarAdded", ident, name=name, hours=self.hours)
        return ident


@dataclass(frozen=True, slots=True)
class RenameCalendar:
    """Call a calendar by another name; its code stays."""

    calendar: str
    name: str
    actor: str

    def run(self, ctx: Context) -> None:
        """Raises NotFound, Invalid where another calendar has the name."""
        calendars.lock(ctx.connection)
        was = calendars.names(ctx.connection).get(self.calendar)
        if was is None:
            raise NotFound(f"没有工作日历 {self.calendar}")
        name = shown_name(self.name, "日历名称")
        if name == was:
            return
        _unused(ctx, name, self.calendar)
        calendars.rename(ctx.connection, self.calendar, name)
        number = calendars.newest(ctx.connection) + 1
        _version(ctx, number, "name", self.calendar, f"“{was}”改名为“{name}”", "", "")
        calendars.touch(ctx.connection, number, [self.calendar])
        note(ctx, "CalendarRenamed", self.calendar, name=name, was=was)


def _unused(ctx: Context, name: str, but: str) -> None:
    if any(name in (known, key) for key, known in calendars.names(ctx.connection).items() if key != but):
        raise Invalid(f"已经有叫“{name}”的工作日历")


def _version(ctx: Context, number: int, kind: str, calendar: str, title: str, reason: str, text: str) -> None:
    said = {"kind": kind, "calendar": calendar, "title": title[:200], "reason": reason, "text": text, "moved": 0}
    calendars.add_version(ctx.connection, {"id": number, "at": ctx.now, "actor": ctx.actor.id, **said})


@dataclass(frozen=True, slots=True)
class CatchUpCalendar:
    """Move the limits that steps computed with the version before while this one was made, as the change moves its own.

    Whoever comes second finds none: what was looked at is of the version.
    """

    version: int
    actor: str = SYSTEM.id

    def run(self, ctx: Context) -> int:
        """Give how many limits moved; 0 for a version that was not made lately."""
        calendars.lock(ctx.connection)
        made = calendars.changes_since(ctx.connection, ctx.now - WATCHED)
        version = next((row for row in made if row.id == self.version), None)
        if version is None:
            return 0
        reach, pairs = late(ctx, version)
        said = {"title": version.title, "reason": version.reason}
        found = move(ctx, reach, pairs, version.id, said) if reach else []
        moved = [one for one in found if one.moves]
        calendars.count_moved(ctx.connection, version.id, version.moved + len(moved))
        _tell(ctx, _Told(version.id, version.title, version.reason, f"+{version.moved}"), moved)
        return len(moved)


@dataclass(frozen=True, slots=True)
class _Told:
    """What a notice says of a change; `more` tells the notices about late limits from those of the change itself."""

    number: int
    title: str
    reason: str
    more: str = ""


def _tell(ctx: Context, change: _Told, moved: Sequence[Moved]) -> None:
    """Put one notice for everybody who holds, may take or started something that moves."""
    behind = {term: people_behind(ctx, [term], 0, "") for term in {term for one in moved for term in one.holders}}
    starters = set(people.active(ctx.connection, {one.starter for one in moved})) if moved else set()
    told: dict[str, list[Moved]] = defaultdict(list)
    for one in moved:
        concerned = {who for term in one.holders for who in behind[term]} | (starters & {one.starter})
        for who in sorted(concerned):
            told[who].append(one)
    said = {who: _notice(change, lines) for who, lines in sorted(told.items())}
    office_notices.put(ctx, NOTICE, said, f"{change.number}{change.more}")


def _notice(change: _Told, moved: Sequence[Moved]) -> tuple[str, str]:
    lines = [
        f"{m.number}“{m.name}”:{in_words(m.was)} → {in_words(m.due_at)}{'(暂定)' if m.provisional else ''}"
        for m in moved[:MOST_TOLD]
    ]
    if len(moved) > MOST_TOLD:
        lines.append(f"还有 {len(moved) - MOST_TOLD} 件")
    body = "\n".join([f"{change.title}。{change.reason}。与您有关的时限跟着变:", *lines])
    return f"工作日历有变,{len(moved)} 件待办的到期时间跟着变", body
