"""Deadlines: one grammar for timers, camunda:dueDate and decision tables, and what each form means.

The grammar is written down in docs/reference/dialect.md (时限), the conventions in docs/reference/working-time.md.
"""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from engine.domain import receipt
from engine.domain.clock import SHANGHAI, in_words
from engine.domain.duration import LONGEST, NUMBER, bounded, clock_amount, iso_duration, moment, number
from engine.domain.errors import InvalidDeadline
from engine.domain.work_calendar import WorkCalendar

_LONGEST_TEXT = 200
_ANCHORED = re.compile(r"(?P<body>.+?)\s*从\s*(?P<anchor>.*)", re.DOTALL)
_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_DAYS = re.compile(rf"(?P<n>{NUMBER})个?(?P<unit>工作日|自然日)内?")
_WORKING_TIME = re.compile(r"(?P<amount>.+)\(工作时间内?\)内?")
_AFTER_OPENING = re.compile(r"上班后(?P<amount>.+?)内?")
_RANGE = re.compile(rf"(?:上班后)?{NUMBER}[^\d\-~—–至到]{{0,4}}(?:[-~—–至到]+)(?P<upper>{NUMBER}.*)")
_BARE_DAYS = re.compile(rf"(?P<n>{NUMBER})个?(?:日|天)(?:以?内)?")
_LONG_UNIT = re.compile(rf"{NUMBER}个?(?:周|星期|礼拜|月|季度|年)(?:以?内)?")
_CYCLE_COUNT = re.compile(r"R(?P<count>[0-9]{0,6})")
_SAME_DAY = ("当日", "当天", "当日内", "当日下班前", "当天下班前")
_QUOTES = ('"', '"'), ("'", "'"), ("“", "”")
_FORMS = "可以写“3个工作日”“2小时(工作时间)”“24小时”“上班后1小时”“5个自然日”“P3D”或“2025-10-09T09:00”"


class Unit(StrEnum):
    """How a deadline counts."""

    WORKING_DAYS = "working_days"
    """Working days after the day of the start, to the close of the last."""
    WORKING_TIME = "working_time"
    """Only the hours somebody is at work."""
    CLOCK_TIME = "clock_time"
    """By the clock, nights and holidays included."""
    AFTER_OPENING = "after_opening"
    """Working time from the next opening that has not yet begun."""
    SAME_DAY = "same_day"
    """Until the close of the working day of the start; what comes after closing has until the next day's."""
    NATURAL_DAYS = "natural_days"
    """Calendar days after the day of the start, to the close of the last, which must be a working day."""
    ISO_DURATION = "iso_duration"
    """Months of the calendar (31 January + P1M = 28 February), then time by the clock."""
    MOMENT = "moment"
    """A fixed moment."""


@dataclass(frozen=True, slots=True)
class DueMoment:
    """A due moment, UTC, and the calendar it comes from; `provisional` if a holiday notice may still move it."""

    at: datetime
    calendar_key: str
    calendar_version: int
    provisional: bool


@dataclass(frozen=True, slots=True)
class Deadline:
    """A parsed deadline: `amount` counted in `unit` (days of it for the day units), or the `moment` it names, UTC.

    `anchor` is the record name the start is to be taken from; None means from arrival at the element.
    """

    unit: Unit
    amount: timedelta = timedelta()
    months: int = 0
    moment: datetime | None = None
    anchor: str | None = None

    def due(self, start: datetime, calendar: WorkCalendar) -> DueMoment:
        """Give the due moment counted from `start`, which the caller has read from the anchor if there is one.

        Raises CalendarExhausted when working time is counted beyond the calendar, TypeError for a naive `start`.
        """
        if start.tzinfo is None:
            raise TypeError("a deadline starts at an aware datetime")
        at = self._at(start, calendar)
        by_calendar = self.unit not in (Unit.CLOCK_TIME, Unit.ISO_DURATION, Unit.MOMENT)
        provisional = by_calendar and calendar.provisional_between(start, at)
        return DueMoment(at, calendar.key, calendar.version, provisional)

    def _at(self, start: datetime, calendar: WorkCalendar) -> datetime:
        match self.unit:
            case Unit.WORKING_DAYS:
                return calendar.add_days(start, self.amount.days)
            case Unit.NATURAL_DAYS:
                return calendar.add_natural_days(start, self.amount.days)
            case Unit.SAME_DAY:
                return calendar.close_of_day(start)
            case Unit.WORKING_TIME:
                return calendar.add(start, self.amount)
            case Unit.AFTER_OPENING:
                return calendar.after_opening(start, self.amount)
            case _:
                return self.moment or _months_after(start, self.months) + self.amount

    @property
    def is_plain(self) -> bool:
        """Whether it is the same span of time wherever it starts: no calendar, no months."""
        return self.unit in (Unit.CLOCK_TIME, Unit.ISO_DURATION) and not self.months

    def words(self) -> str:
        """Say in plain Chinese what the deadline means, anchor included."""
        span = receipt.amount_words(self.amount)
        match self.unit:
            case Unit.WORKING_DAYS:
                words = f"{self.amount.days}个工作日（当日不计，次日起算，到最后一个工作日下班为止）"
            case Unit.NATURAL_DAYS:
                words = f"{self.amount.days}个自然日（当日不计，到最后一日下班为止，最后一日休息的顺延到下一个工作日）"
            case Unit.WORKING_TIME:
                words = f"{span}（只计工作时间）"
            case Unit.AFTER_OPENING:
                words = f"下一次上班后{span}（只计工作时间）"
            case Unit.SAME_DAY:
                words = "当日下班前（下班后、休息日来的，到下一个工作日下班前）"
            case Unit.MOMENT if self.moment:
                words = in_words(self.moment)
            case _:
                words = f"{f'{self.months}个月' if self.months else ''}{span if self.amount or not self.months else ''}"
                words += "（钟表时间，夜间和节假日照算）"
        return f"从 {self.anchor} 起{words}" if self.anchor else words


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repeated timer: `count` times (None: without end), `interval` apart.

    The first is at `start`, UTC, if there is one, else one interval after arrival.
    """

    count: int | None
    interval: Deadline
    start: datetime | None = None


@lru_cache(maxsize=4096)
def parse(text: str) -> Deadline:
    """Read a deadline; raises InvalidDeadline with a sentence that says how to write it."""
    plain = _plain(text)
    anchored = _ANCHORED.fullmatch(plain)
    if not anchored:
        return _body(plain)
    deadline, anchor = _body(anchored["body"]), anchored["anchor"]
    if not _NAME.fullmatch(anchor):
        raise InvalidDeadline(f"“{plain}”的“从”后面要写一个事项数据名，例如“5个工作日 从 received_at”")
    if deadline.unit is Unit.MOMENT:
        raise InvalidDeadline(f"“{plain}”已经写明时刻，不能再写“从 {anchor}”")
    return replace(deadline, anchor=anchor)


@lru_cache(maxsize=1024)
def parse_cycle(text: str) -> Cycle:
    """Read R3/PT10M, R/1个工作日 or R5/2025-10-09T09:00/PT1H; raises InvalidDeadline."""
    plain = _plain(text)
    head, *rest = plain.split("/")
    repeated = _CYCLE_COUNT.fullmatch(head.strip())
    if not repeated or len(rest) not in (1, 2):
        raise InvalidDeadline(f"“{plain}”不是循环，请写成“R3/PT10M”“R/1个工作日”或“R5/2025-10-09T09:00/PT1H”")
    count = int(repeated["count"]) if repeated["count"] else None
    interval = parse(rest[-1])
    if count == 0 or interval.unit in (Unit.MOMENT, Unit.SAME_DAY) or not (interval.amount or interval.months):
        raise InvalidDeadline(f"“{plain}”循环不起来：次数和间隔都要大于零，间隔不能是一个时刻")
    start = moment(rest[0].strip()) if len(rest) == 2 else None
    if start and interval.anchor:
        raise InvalidDeadline(f"“{plain}”既写了开始时刻又写了“从 {interval.anchor}”，请只留一个")
    return Cycle(count, interval, start)


def explain(deadline: Deadline, start: datetime, calendar: WorkCalendar) -> list[str]:
    """Give the receipt, line by line in Chinese: rule, start, what was counted and what not, due moment, calendar.

    Raises what `Deadline.due` raises.
    """
    due = deadline.due(start, calendar)
    lines = [f"规则：{deadline.words()}", f"起算：{receipt.moment_words(start)}"]
    match deadline.unit:
        case Unit.WORKING_DAYS:
            lines += receipt.working_days(calendar, start, deadline.amount.days)
        case Unit.NATURAL_DAYS:
            lines += receipt.natural_days(calendar, start, deadline.amount.days)
        case Unit.SAME_DAY:
            lines += receipt.same_day(calendar, start)
        case Unit.WORKING_TIME:
            lines += receipt.working_time(calendar, start, due.at)
        case Unit.AFTER_OPENING:
            lines.append(f"下一次上班：{receipt.moment_words(calendar.next_opening(start))}")
            lines += receipt.working_time(calendar, start, due.at)
    lines.append(f"到期：{receipt.moment_words(due.at)}")
    if due.provisional:
        lines.append("暂定：涉及的放假安排尚未公布，公布后到期时间可能变动")
    lines.append(f"依据：工作日历“{calendar.name}”第{due.calendar_version}版")
    return lines


def _plain(text: str) -> str:
    """Fold full-width characters, take off the quotes of a literal."""
    plain = unicodedata.normalize("NFKC", text).strip()
    for left, right in _QUOTES:
        if len(plain) > 1 and plain.startswith(left) and plain.endswith(right):
            plain = plain[1:-1].strip()
            break
    if not plain:
        raise InvalidDeadline(f"时限是空的；{_FORMS}")
    if len(plain) > _LONGEST_TEXT:
        raise InvalidDeadline(f"时限的文字超过{_LONGEST_TEXT}个字；{_FORMS}")
    return plain


def _body(text: str) -> Deadline:
    """Read a deadline without its anchor."""
    if re.match(r"[+-]?P", text):
        duration = iso_duration(text)
        return Deadline(Unit.ISO_DURATION, duration.time, duration.months)
    if re.match(r"\d{4}-\d\d-\d\d", text):
        return Deadline(Unit.MOMENT, moment=moment(text))
    words = re.sub(r"\s+", "", text)
    if words in _SAME_DAY:
        return Deadline(Unit.SAME_DAY)
    found = _days(words) or _hours(words)
    if found is None:
        raise InvalidDeadline(f"“{text}”{_fault(words)}")
    if not found.amount:
        raise InvalidDeadline(f"“{text}”是零，时限要大于零")
    return found


def _days(words: str) -> Deadline | None:
    found = _DAYS.fullmatch(words)
    n = number(found["n"]) if found else None
    if not found or n is None:
        return None
    if n.denominator != 1:
        raise InvalidDeadline(f"“{words}”的天数要是整数；半天请按小时写，例如“4小时(工作时间)”")
    unit = Unit.WORKING_DAYS if found["unit"] == "工作日" else Unit.NATURAL_DAYS
    return Deadline(unit, bounded(words, days=min(int(n), LONGEST.days + 1)))


def _hours(words: str) -> Deadline | None:
    for shape, unit in ((_WORKING_TIME, Unit.WORKING_TIME), (_AFTER_OPENING, Unit.AFTER_OPENING)):
        found = shape.fullmatch(words)
        if found:
            amount = clock_amount(found["amount"])
            return None if amount is None else Deadline(unit, amount)
    amount = clock_amount(words.removesuffix("内"))
    return None if amount is None else Deadline(Unit.CLOCK_TIME, amount)


def _fault(words: str) -> str:
    """Say what is wrong with a text that is no deadline."""
    spread = _RANGE.fullmatch(words)
    if spread:
        return f"是一个范围，没有说明按上限还是下限算；请只写一个数，例如按上限写“{spread['upper']}”"
    bare = _BARE_DAYS.fullmatch(words)
    if bare:
        return f"没有说明是工作日还是自然日；请写“{bare['n']}个工作日”或“{bare['n']}个自然日”"
    if _LONG_UNIT.fullmatch(words):
        return "的单位太大，算法不止一种；请换算成工作日或自然日，或写 ISO 8601 时长，例如 P1W、P1M、P1Y"
    return f"不是时限；{_FORMS}"


def _months_after(start: datetime, months: int) -> datetime:
    """Give the same local day and time `months` on, or the last day of a month that is too short; UTC."""
    shown = start.astimezone(SHANGHAI)
    year, month = divmod(shown.year * 12 + shown.month - 1 + months, 12)
    day = min(shown.day, monthrange(year, month + 1)[1])
    return shown.replace(year=year, month=month + 1, day=day).astimezone(UTC)
