"""What is left of a limit: by the clock or in working time, as the limit itself counts; and numbers with their middle hidden."""

from datetime import date, datetime, timedelta

import pytest

from engine.domain.clock import SHANGHAI
from engine.domain.personal import masked
from engine.domain.time_left import counts_working_time, share_gone, time_left
from engine.domain.work_calendar import Day, ShiftPattern, WorkCalendar

NINE_TO_FIVE = ShiftPattern("行政班", ((9 * 60, 12 * 60), (13 * 60, 17 * 60)))
SEPTEMBER = [Day(date(2025, 9, n), date(2025, 9, n).weekday() < 5, "周历") for n in range(1, 31)]
OFFICE = WorkCalendar("office", 1, SEPTEMBER, NINE_TO_FIVE)
FRIDAY = datetime(2025, 9, 19, 16, 0, tzinfo=SHANGHAI)
MONDAY = datetime(2025, 9, 22, 10, 0, tzinfo=SHANGHAI)


def test_a_limit_in_working_time_skips_the_weekend():
    left = time_left(FRIDAY, MONDAY, "2小时(工作时间)", OFFICE)
    assert (left.left, left.working, left.late) == (timedelta(hours=2), True, timedelta())


def test_a_limit_by_the_clock_does_not():
    left = time_left(FRIDAY, MONDAY, "66小时", OFFICE)
    assert (left.left, left.working) == (timedelta(hours=66), False)


def test_a_working_day_is_as_long_as_its_shifts():
    left = time_left(MONDAY, datetime(2025, 9, 24, 17, 0, tzinfo=SHANGHAI), "3个工作日", OFFICE)
    assert (left.days, left.rest) == (2, timedelta(hours=6))


def test_what_is_late_is_late_by_the_clock():
    left = time_left(MONDAY, FRIDAY, "1个工作日", OFFICE)
    assert (left.left, left.late) == (timedelta(), MONDAY - FRIDAY)


@pytest.mark.parametrize(
    "calendar", [None, WorkCalendar("short", 1, SEPTEMBER[:3], NINE_TO_FIVE)], ids=["none", "run out"]
)
def test_without_a_calendar_that_knows_the_days_the_clock_counts(calendar):
    assert time_left(FRIDAY, MONDAY, "1个工作日", calendar).left == MONDAY - FRIDAY


@pytest.mark.parametrize(
    ("text", "expected"),
    [("3个工作日", True), ("上班后1小时", True), ("24小时", False), ("P3D", False), (None, False), ("随便", False)],
)
def test_working_time_is_told_from_the_text(text, expected):
    assert counts_working_time(text) is expected


def test_the_share_gone_stays_between_nothing_and_all():
    due = datetime(2025, 9, 22, 17, 0, tzinfo=SHANGHAI)
    opened = datetime(2025, 9, 22, 9, 0, tzinfo=SHANGHAI)
    at = [opened, datetime(2025, 9, 22, 12, 30, tzinfo=SHANGHAI), due, due + timedelta(days=1)]
    assert [share_gone(now, opened, due, "7小时(工作时间)", OFFICE) for now in at] == [0, 43, 100, 100]


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13800005678", "138****5678"),
        ("110101199001011234", "110***********1234"),
        ("62345678", "******78"),
        ("110", "***"),
        ("0312-6234567", "*********567"),
        (None, ""),
    ],
)
def test_numbers_are_masked(number, shown):
    assert masked(number) == shown
