"""Amounts and moments as people and diagrams write them: Chinese numerals, 一个半小时, ISO 8601."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from engine.domain.clock import SHANGHAI
from engine.domain.errors import InvalidDeadline

NUMBER = r"(?:\d{1,7}(?:\.\d{1,3})?|[零一二两三四五六七八九十百半]+)"
"""A number in a regular expression: digits, with decimals or without, or Chinese numerals below a thousand, or 半."""

LONGEST = timedelta(days=36600)
"""No deadline is longer: a hundred years are a slip of the pen, and larger numbers leave the calendar."""

_DIGITS = {word: value for value, word in enumerate("零一二三四五六七八九")} | {"两": 2}
_DIGIT = "[一二两三四五六七八九]"
_CHINESE = re.compile(rf"(?:(?P<hundreds>{_DIGIT})百)?(?:(?P<tens>{_DIGIT})?十|(?P<zero>零))?(?P<ones>{_DIGIT})?")
_CLOCK = re.compile(rf"(?:(?P<hours>{NUMBER})个?(?P<half>半)?(?:小时|钟头))?(?:(?P<minutes>{NUMBER})分钟?)?")
_ISO = re.compile(
    r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d{1,6})?)S)?)?",
    re.ASCII,
)
_ISO_WEEKS = re.compile(r"P(\d+)W", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class IsoDuration:
    """An ISO 8601 duration: whole months of the calendar, then time by the clock."""

    months: int
    time: timedelta


def number(text: str) -> Fraction | None:
    """Read 3, 1.5, 三, 十五, 一百零五 or 半; None when it is no number (一百五 is left open: 105 or 150?)."""
    if text == "半":
        return Fraction(1, 2)
    if text[:1].isascii() and re.fullmatch(NUMBER, text):
        return Fraction(text)
    found = _CHINESE.fullmatch(text)
    if not text or not found:
        return None
    hundreds, ones, zero = found["hundreds"], found["ones"], found["zero"]
    tens = _DIGITS[found["tens"] or "一"] if "十" in text else 0
    if bool(zero) != bool(hundreds and ones and not tens):
        return None
    return Fraction(_DIGITS[hundreds or "零"] * 100 + tens * 10 + _DIGITS[ones or "零"])


def clock_amount(text: str) -> timedelta | None:
    """Read 2小时, 半小时, 一个半小时, 30分钟, 1小时30分钟; None if it is none. Raises InvalidDeadline if too long."""
    found = _CLOCK.fullmatch(text)
    if not found or not text:
        return None
    hours, minutes = number(found["hours"] or "0"), number(found["minutes"] or "0")
    if hours is None or minutes is None:
        return None
    if found["half"]:
        hours += Fraction(1, 2)
    return bounded(text, seconds=hours * 3600 + minutes * 60)


def iso_duration(text: str) -> IsoDuration:
    """Read an ISO 8601 duration; raises InvalidDeadline for anything but P…Y…M…DT…H…M…S or P…W, signs included."""
    weeks = _ISO_WEEKS.fullmatch(text)
    if weeks:
        return IsoDuration(0, bounded(text, days=int(weeks[1]) * 7))
    found = _ISO.fullmatch(text)
    if not found or text == "P":
        raise InvalidDeadline(f"“{text}”{_iso_fault(text)}")
    years, months, days, hours, minutes = (
        int(found[part] or 0) for part in ("years", "months", "days", "hours", "minutes")
    )
    total = years * 12 + months
    seconds = hours * 3600 + minutes * 60 + Fraction(found["seconds"] or 0)
    bounded(text, days=total * 30 + days, seconds=seconds)
    return IsoDuration(total, bounded(text, days=days, seconds=seconds))


def moment(text: str) -> datetime:
    """Read an ISO 8601 date with time, UTC out; without an offset it is Asia/Shanghai. Raises InvalidDeadline."""
    if not _MOMENT.fullmatch(text):
        raise InvalidDeadline(f"“{text}”不是完整的时刻，请写到分钟，例如 2025-10-09T09:00（不写时区即北京时间）")
    try:
        read = datetime.fromisoformat(text)
        return (read if read.tzinfo else read.replace(tzinfo=SHANGHAI)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidDeadline(f"“{text}”不是日历上有的时刻，请检查年月日和时分") from None


def bounded(text: str, *, days: int = 0, seconds: Fraction = Fraction()) -> timedelta:
    """Give the amount as a timedelta, or raise InvalidDeadline, naming `text`, when it exceeds a hundred years."""
    if days + seconds / 86400 > LONGEST.days:
        raise InvalidDeadline(f"“{text}”超过了一百年，请检查数字")
    return timedelta(days=days, microseconds=round(seconds * 1_000_000))


def _iso_fault(text: str) -> str:
    """Say what is wrong with a text that begins like an ISO 8601 duration."""
    if "-" in text or "+" in text:
        return "带了正负号；时限只能往后算，请去掉符号，例如 PT1H"
    if "W" in text:
        return "把周与其他单位混在一起；周只能单独写，例如 P2W，否则请写成天，例如 P15D"
    return "不是 ISO 8601 时长；请写成 P3D（3天）、PT1H（1小时）、P1M（1个月）这样，大写，时分秒在 T 之后"
