"""The dates of a holiday notice: 2月4日(星期六)、5日(星期日), 2007年12月30日至2008年1月1日. Read with their weekdays checked."""

import re
import unicodedata
from datetime import date, timedelta

from engine.domain.errors import Invalid

_POINT = r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})"
_NOTE = r"(?:\(([^()]*)\))?"
_SPAN = re.compile(rf"(?<!\d){_POINT}[日号]?{_NOTE}(?:至|到|-){_POINT}[日号]{_NOTE}|(?<!\d){_POINT}[日号]{_NOTE}")
_WEEKDAY = re.compile(r"(?:星期|周|礼拜)([一二三四五六日天])")
_LISTED = re.compile(r"D(?:[、和及与]*D)*")
_WEEK = "一二三四五六日"
_DROPPED = set("“”\"'‘’「」『』*#>")
_DASHES = set("—–─―~-−")


def plain(line: str) -> str:
    """Give a line with half-width signs, one kind of dash, and without spaces and quotation marks."""
    out: list[str] = []
    for sign in unicodedata.normalize("NFKC", line):
        if sign.isspace() or sign in _DROPPED or unicodedata.category(sign) == "Cf":
            continue
        kept = "-" if sign in _DASHES else sign
        if kept != "-" or out[-1:] != ["-"]:
            out.append(kept)
    return "".join(out)


def has_date(text: str) -> bool:
    """Say whether a normalised text names a day."""
    return _SPAN.search(text) is not None


class NoticeDates:
    """Reads the dates of one item in their order: a day without month is of the month named before it."""

    def __init__(self, year: int, *, new_year: bool) -> None:
        """Begin an item of the notice for `year`; under New Year's Day a December without year is the one before."""
        self.year = year
        self.new_year = new_year
        self.last: tuple[int, int] | None = None

    def read(self, clause: str) -> tuple[str, list[list[date]]]:
        """Give the clause with D for every run of dates, and each run's days in the order they stand.

        Raises Invalid for a day that does not exist, a reversed range and a weekday that the calendar contradicts.
        """
        skeleton = _SPAN.sub("D", clause)
        singles = [self._days(found) for found in _SPAN.finditer(clause)]
        return _LISTED.sub("D", skeleton), _grouped(skeleton, singles)

    def _days(self, found: re.Match[str]) -> list[date]:
        first, note, last, end_note = found.group(1, 2, 3), found[4], found.group(5, 6, 7), found[8]
        if found[11] is not None:
            return [self._day(found.group(9, 10, 11), found[12], found.group())]
        both = _WEEKDAY.findall(end_note or "")
        shared = len(both) == 2 and not note
        start = self._day(first, f"周{both[0]}" if shared else note, found.group())
        end = self._day(last, f"周{both[1]}" if shared else end_note, found.group())
        if not start < end <= start + timedelta(days=31):
            raise Invalid(f"“{found.group()}”的起止日期不对")
        return [start + timedelta(days=n) for n in range((end - start).days + 1)]

    def _day(self, said: tuple[str | None, ...], note: str | None, text: str) -> date:
        year, month, number = said
        weekdays = _weekdays(note or "", text)
        tried: list[str] = []
        for candidate in self._candidates(year, month, text):
            try:
                day = date(*candidate, int(number or 0))
            except ValueError:
                tried.append(f"“{text}”:没有这一天")
                continue
            if all(day.weekday() == weekday for weekday in weekdays):
                self.last = candidate
                return day
            tried.append(f"“{text}”与日历不符:{day:%Y-%m-%d}是星期{_WEEK[day.weekday()]}")
        raise Invalid(tried[0])

    def _candidates(self, year: str | None, month: str | None, text: str) -> list[tuple[int, int]]:
        """Give the (year, month) a date may mean, likeliest first."""
        if month is None:
            if self.last is None or year is not None:
                raise Invalid(f"“{text}”没有写明几月")
            return [self.last]
        if year is not None:
            if abs(int(year) - self.year) > 1:
                raise Invalid(f"“{text}”不在{self.year}年前后")
            return [(int(year), int(month))]
        if self.new_year and int(month) == 12:
            return [(self.year - 1, 12), (self.year, 12)]
        return [(self.year, int(month))]


def _grouped(skeleton: str, singles: list[list[date]]) -> list[list[date]]:
    """Join the dates that stand in one list (、和): give the days of every run."""
    runs: list[list[date]] = []
    place = 0
    for run in _LISTED.finditer(skeleton):
        count = run.group().count("D")
        runs.append([day for days in singles[place : place + count] for day in days])
        place += count
    return runs


def _weekdays(note: str, text: str) -> list[int]:
    found = [_WEEK.index("日" if sign == "天" else sign) for sign in _WEEKDAY.findall(note)]
    if not found and re.search(r"星期|礼拜|周(?!末)", note):
        raise Invalid(f"“{text}”括号里的星期看不懂")
    return found
