"""A calendar as months of a page: what each day is, in a word and a sign besides its colour, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import format_date
from flask_babel import gettext as _

from engine.domain.calendar_change import told_by_paper
from engine.domain.shift_pattern import hours_words
from engine.domain.work_calendar import Day, WorkCalendar


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day: `kind` is work, weekend, holiday, made_up or own (an exception of this calendar)."""

    date: date
    kind: str
    sign: str
    open: bool
    provisional: bool
    today: bool
    source: str
    hours: str

    @property
    def words(self) -> str:
        """What a pointer or a screen reader is told."""
        parts = [format_date(self.date, _("M月d日 EEE")), _("上班") if self.open else _("不上班"), self.source]
        parts += [self.hours] if self.hours else []
        parts += [_("暂定")] if self.provisional else []
        return " · ".join(parts)


@dataclass(frozen=True, slots=True)
class MonthView:
    """A month as weeks from Monday; days of other months are None."""

    first: date
    weeks: list[list[DayCell | None]]

    @property
    def days(self) -> list[DayCell]:
        """Every day in order."""
        return [cell for week in self.weeks for cell in week if cell is not None]

    @property
    def special(self) -> list[list[DayCell]]:
        """The days that are not what their weekday says, for the list below; a holiday's days together."""
        runs: list[list[DayCell]] = []
        for cell in self.days:
            if cell.kind not in ("holiday", "made_up", "own"):
                continue
            last = runs[-1][-1] if runs else None
            if (
                last
                and (last.kind, last.source, last.hours) == (cell.kind, cell.source, cell.hours)
                and (cell.date - last.date == timedelta(days=1))
            ):
                runs[-1].append(cell)
            else:
                runs.append([cell])
        return runs


def month(calendar: WorkCalendar, first: date, today: date) -> MonthView:
    """Give a month of a calendar; days it does not know are left blank."""
    known = {day.date: day for day in _facts(calendar, first)}
    cells = [_cell(calendar, known[day], today) if day in known else None for day in _dates(first)]
    padded = [None] * first.weekday() + cells
    padded += [None] * (-len(padded) % 7)
    return MonthView(first, [padded[n : n + 7] for n in range(0, len(padded), 7)])


def year(calendar: WorkCalendar, number: int, today: date) -> list[MonthView]:
    """Give the twelve months of a year."""
    return [month(calendar, date(number, n, 1), today) for n in range(1, 13)]


def years(calendar: WorkCalendar) -> tuple[int, int]:
    """Give the first and the last year a calendar knows."""
    return min(day.date for day in calendar.days).year, max(day.date for day in calendar.days).year


def _dates(first: date) -> Iterator[date]:
    day = first
    while day.month == first.month:
        yield day
        day += timedelta(days=1)


def _facts(calendar: WorkCalendar, first: date) -> list[Day]:
    low, high = (bound for bound in (min(d.date for d in calendar.days), max(d.date for d in calendar.days)))
    last = list(_dates(first))[-1]
    return calendar.facts(max(low, first), min(high, last)) if first <= high and last >= low else []


def _cell(calendar: WorkCalendar, day: Day, today: date) -> DayCell:
    kind, sign = _kind(day, calendar.pattern_on(day.date).every_day)
    hours = hours_words(day.hours) if day.open and day.hours else ""
    return DayCell(day.date, kind, sign, day.open, day.provisional, day.date == today, day.source, hours)


def _kind(day: Day, every_day: bool) -> tuple[str, str]:
    if day.local:
        return "own", _("例")
    if day.open:
        return ("made_up", _("班")) if day.date.weekday() > 4 and not every_day else ("work", "")
    plain = day.date.weekday() > 4 and not told_by_paper(day.source)
    return ("weekend", "") if plain else ("holiday", _("休"))
