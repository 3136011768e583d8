"""The hand-checked cases of business time (A1 to J), on the national days as announced: each was worked out on paper."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.domain.clock import SHANGHAI
from engine.domain.deadline import parse, parse_warning
from engine.domain.national_days import national_days
from engine.domain.work_calendar import ShiftPattern, WorkCalendar

DAYS = [day for year in (2025, 2026, 2027) for day in national_days(year)]
PATTERNS = {
    "day": ShiftPattern.parse("白班", "09:00-18:00"),
    "split": ShiftPattern.parse("机关作息", "08:30-12:00,14:00-18:00"),
    "night": ShiftPattern.parse("夜班", "22:00-06:00"),
    "desk": ShiftPattern.always("热线24小时"),
}
CALENDARS = {name: WorkCalendar(name, 1, DAYS, pattern) for name, pattern in PATTERNS.items()}

CASES = {
    "A1 the last day of September, then 9 and 10 October": ("day", "2025-09-29 10:00", "3个工作日", "2025-10-10 18:00"),
    "A2 make-up Sunday 28 September counts": ("day", "2025-09-26 10:00", "3个工作日", "2025-09-30 18:00"),
    "A3 make-up Saturday 11 October counts": ("day", "2025-09-30 10:00", "3个工作日", "2025-10-11 18:00"),
    "A4 from a holiday, the next day is the first": ("day", "2025-10-04 10:00", "3个工作日", "2025-10-11 18:00"),
    "A4 from a holiday, deemed received on the next working day": (
        "day", "2025-10-04 10:00", "3个工作日,休息日顺延起算", "2025-10-13 18:00"),
    "B half an hour before a make-up Saturday": ("day", "2025-10-10 17:50", "30分钟(工作时间)", "2025-10-11 09:20"),
    "B half an hour before a weekend": ("day", "2025-10-17 17:50", "30分钟(工作时间)", "2025-10-20 09:20"),
    "C1 after opening, over eight days off": ("day", "2025-09-30 19:30", "上班后1小时", "2025-10-09 10:00"),
    "C2 after opening, on a make-up Sunday": ("day", "2025-09-28 07:00", "上班后1小时", "2025-09-28 10:00"),
    "D1 lunch": ("split", "2025-10-10 11:45", "30分钟(工作时间)", "2025-10-10 14:15"),
    "D2 used up exactly at closing": ("split", "2025-09-30 17:30", "8小时(工作时间)", "2025-10-09 18:00"),
    "E nothing is lost at midnight": ("desk", "2025-10-10 23:59", "24小时(工作时间)", "2025-10-11 23:59"),
    "F1 make-up day before Spring Festival": ("day", "2026-02-13 17:00", "10小时(工作时间)", "2026-02-14 18:00"),
    "F2 nine days off": ("day", "2026-02-14 17:30", "1小时(工作时间)", "2026-02-24 09:30"),
    "G a night shift belongs to the day it starts": ("night", "2025-09-30 23:00", "3小时(工作时间)", "2025-10-01 02:00"),
    "I into a year not announced": ("day", "2026-12-30 10:00", "3个工作日", "2027-01-05 18:00"),
}  # fmt: skip


def at(text):
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(("calendar", "start", "text", "due"), CASES.values(), ids=CASES.keys())
def test_a_hand_checked_case(calendar, start, text, due):
    assert parse(text).due(at(start), CALENDARS[calendar]).at == at(due)


def test_a_hand_checked_case_h_a_pause_without_working_time_moves_nothing():
    pause = (at("2025-10-17 18:00"), at("2025-10-20 09:00"))
    due = CALENDARS["day"].due_after_pauses(at("2025-10-17 16:00"), timedelta(hours=8), [pause])
    assert due == at("2025-10-20 15:00")


def test_a_hand_checked_case_i_is_provisional_and_the_others_are_not():
    told = {
        case: parse(text).due(at(start), CALENDARS[key]).provisional for case, (key, start, text, _) in CASES.items()
    }
    assert [case for case, provisional in told.items() if provisional] == ["I into a year not announced"]


def test_a_hand_checked_case_j_three_quarters_are_of_the_working_time():
    limit, start = parse("27小时(工作时间)"), at("2025-09-30 17:00")
    due = limit.due(start, CALENDARS["day"]).at
    assert parse_warning("75%").moment(start, due, limit, CALENDARS["day"]) == at("2025-10-11 10:15")
