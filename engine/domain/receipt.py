"""The receipt of a working-time calculation: which days and hours were counted and which were not, in Chinese."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby, takewhile

from engine.domain.clock import in_words, local
from engine.domain.work_calendar import Day, EndRule, Interval, StartRule, WorkCalendar

_INSTANT = timedelta(microseconds=1)
_WEEKDAYS = "一二三四五六日"


def moment_words(at: datetime, *, begins: bool = False) -> str:
    """Give a moment with its weekday: 2025年10月9日 17:30（周四）; a midnight that begins nothing is told as 24:00 too."""
    shown = local(at)
    words = f"{in_words(at)}（周{_WEEKDAYS[shown.weekday()]}）"
    if not begins and (shown.hour, shown.minute, shown.second) == (0, 0, 0):
        eve = shown - timedelta(days=1)
        words += f"，即{eve.month}月{eve.day}日24:00"
    return words


def day_words(day: date) -> str:
    """Give a day without its year: 10月9日（周四）."""
    return f"{day.month}月{day.day}日（周{_WEEKDAYS[day.weekday()]}）"


def amount_words(amount: timedelta) -> str:
    """Give an amount of time in hours and minutes: 1小时30分钟; seconds only when there are any."""
    seconds, rest = divmod(amount, timedelta(seconds=1))
    parts = [(seconds // 3600, "小时"), (seconds // 60 % 60, "分钟"), (seconds % 60, "秒")]
    words = "".join(f"{value}{unit}" for value, unit in parts if value)
    return words or ("不到1秒" if rest else "0分钟")


def working_days(
    calendar: WorkCalendar, start: datetime, n: int, begin: StartRule = "next_day", end: EndRule = "close_of_day"
) -> list[str]:
    """Tell the days from that of `start` to the n-th working day of the limit."""
    first = calendar.day_of(start)
    last = calendar.day_of(calendar.add_days(start, n, begin=begin) - _INSTANT)
    days = calendar.facts(first, last)
    lines, days = _received(calendar, start, days, begin)
    counted = 0
    for worked, run in groupby(days, key=lambda day: day.open):
        listed = list(run)
        if not worked:
            lines += _skipped(listed)
            continue
        lines.append(f"计入{_span(listed)}：{_ordinals(counted, len(listed))}{_made_up(calendar, listed)}")
        counted += len(listed)
    return [*lines, *_to_the_minute(end)]


def natural_days(
    calendar: WorkCalendar, start: datetime, n: int, begin: StartRule = "next_day", end: EndRule = "close_of_day"
) -> list[str]:
    """Tell the n-th calendar day of the limit, and the days off it was moved over."""
    first = calendar.day_of(start)
    due = calendar.day_of(calendar.add_natural_days(start, n, begin=begin) - _INSTANT)
    lines, days = _received(calendar, start, calendar.facts(first, due), begin)
    last = days[0].date + timedelta(days=n - 1)
    lines.append(f"第{n}个自然日：{day_words(last)}")
    if due > last:
        lines += _skipped(calendar.facts(last, due)[:-1])
        lines.append(f"最后一日是休息日，顺延到{day_words(due)}")
    return [*lines, *_to_the_minute(end)]


def _received(
    calendar: WorkCalendar, start: datetime, days: list[Day], begin: StartRule
) -> tuple[list[str], list[Day]]:
    """Tell what becomes of the day of `start`, and give the days that are looked at after it."""
    first = days[0]
    if begin == "next_day" or (begin == "next_working_day" and first.open):
        reason = "" if first.open else f"，{first.source}"
        return [f"当日不计：{day_words(first.date)}{reason}"], days[1:]
    if begin == "next_working_day":
        off = list(takewhile(lambda day: not day.open, days))
        received = days[len(off)]
        lines = [*_skipped(off), f"视为{day_words(received.date)}收到，当日不计"]
        return lines, days[len(off) + 1 :]
    if first.open and calendar.day_of(calendar.close_of_day(start) - _INSTANT) > first.date:
        return [f"{day_words(first.date)}已经下班，不计"], days[1:]
    return [], days


def _to_the_minute(end: EndRule) -> list[str]:
    return ["到最后一日的同一时刻为止"] if end == "same_time" else []


def same_day(calendar: WorkCalendar, start: datetime) -> list[str]:
    """Tell why it is not the day of `start` whose close counts; nothing where it is."""
    first = calendar.day_of(start)
    due = calendar.day_of(calendar.close_of_day(start) - timedelta(microseconds=1))
    if due == first:
        return []
    off = [day for day in calendar.facts(first, due)[:-1] if not day.open]
    late = [] if calendar.facts(first, first)[0] in off else [f"{day_words(first)}已经下班"]
    return [*late, *_skipped(off), f"算到{day_words(due)}下班"]


def working_time(calendar: WorkCalendar, arrived: datetime, start: datetime, due: datetime) -> list[str]:
    """Tell the hours counted from `start` to `due`, day by day, with the days and nights since `arrived` left out."""
    spans = _by_day(calendar.intervals_between(start, due))
    last = calendar.day_of(max(start, due - _INSTANT))
    lines, total = [], timedelta()
    for idle, run in groupby(calendar.facts(calendar.day_of(arrived), last), key=lambda day: day.date not in spans):
        days = list(run)
        if idle:
            lines += _idle(days)
            continue
        for day in days:
            taken = sum((span.end - span.start for span in spans[day.date]), timedelta())
            total += taken
            hours = "、".join(f"{local(span.start):%H:%M}-{local(span.end):%H:%M}" for span in spans[day.date])
            note = _made_up(calendar, [day])
            lines.append(f"计入{day_words(day.date)}{hours}：{amount_words(taken)}，累计{amount_words(total)}{note}")
    return lines


def _idle(days: Sequence[Day]) -> list[str]:
    """Tell the days of which nothing was counted: worked ones whose hours were over, and days off, in order."""
    lines = []
    for worked, run in groupby(days, key=lambda day: day.open):
        listed = list(run)
        lines += [f"{day_words(day.date)}的上班时间不计" for day in listed] if worked else _skipped(listed)
    return lines


def _by_day(intervals: Iterable[Interval]) -> dict[date, list[Interval]]:
    """Sort intervals under the day whose shift they belong to."""
    return {day: list(spans) for day, spans in groupby(intervals, key=lambda span: span.day)}


def _skipped(days: Iterable[Day]) -> list[str]:
    """Tell days off, a line for each run of days with the same reason."""
    return [f"不计{_span(list(run))}：{source}" for source, run in groupby(days, key=lambda day: day.source)]


def _span(days: Sequence[Day]) -> str:
    if len(days) == 1:
        return day_words(days[0].date)
    return f"{day_words(days[0].date)}至{day_words(days[-1].date)}共{len(days)}天"


def _ordinals(counted: int, more: int) -> str:
    return f"第{counted + 1}个工作日" if more == 1 else f"第{counted + 1}至第{counted + more}个工作日"


def _made_up(calendar: WorkCalendar, days: Sequence[Day]) -> str:
    """Name weekend days that are worked, for they surprise people; a desk or plant that works every day surprises nobody."""
    odd = [
        f"{day_words(day.date)}是{day.source}"
        for day in days
        if day.open and day.date.weekday() >= 5 and not calendar.pattern_on(day.date).every_day
    ]
    return f"（{'；'.join(odd)}）" if odd else ""
