"""Plants and desks: two and three shifts, hours that change from a day on, days with hours of their own, standstills."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.domain.errors import Invalid
from engine.domain.work_calendar import Day, ShiftPattern, WorkCalendar
from tests.support.calendars import DAYS, at

WINTER = ShiftPattern.parse("冬季作息", "08:30-12:00,13:30-17:30")
SUMMER = ShiftPattern.parse("夏季作息", "08:00-12:00,14:30-18:30")
TWO = ShiftPattern.parse("车间两班", "06:00-14:00,14:00-22:00", every_day=True)
THREE = ShiftPattern.parse("车间三班", "06:00-14:00,14:00-22:00,22:00-06:00", every_day=True)
OFFICE = WorkCalendar("office", 1, DAYS, WINTER, ((date(2025, 5, 1), SUMMER), (date(2025, 10, 1), WINTER)))


def plant(pattern, **exceptions):
    """A plant whose table has exceptions of its own: `oct_03=Day…`."""
    own = {day.date: day for day in exceptions.values()}
    return WorkCalendar("plant", 1, [own.get(day.date, day) for day in DAYS], pattern)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2025-04-28 10:00", "2025-04-29 17:30"),
        ("2025-04-30 10:00", "2025-05-01 18:30"),
        ("2025-09-30 10:00", "2025-10-09 17:30"),
    ],
)
def test_hours_change_with_the_first_day_of_a_new_pattern(start, due):
    assert OFFICE.add_days(at(start), 1) == at(due)


def test_working_time_runs_across_a_change_of_hours():
    assert OFFICE.add(at("2025-04-30 17:00"), timedelta(hours=1)) == at("2025-05-01 08:30")
    assert OFFICE.between(at("2025-04-30 00:00"), at("2025-05-02 00:00")) == timedelta(hours=15.5)


def test_the_hours_of_a_day_can_be_asked_for():
    assert OFFICE.hours_on(date(2025, 4, 30)) == WINTER.intervals
    assert OFFICE.hours_on(date(2025, 10, 1)) == ()
    assert OFFICE.pattern_on(date(2025, 5, 1)) is SUMMER


def test_two_shifts_work_on_holidays_and_open_in_the_morning():
    calendar = plant(TWO)
    assert calendar.add(at("2025-10-01 21:00"), timedelta(hours=2)) == at("2025-10-02 07:00")
    assert calendar.next_opening(at("2025-10-01 23:00")) == at("2025-10-02 06:00")
    assert calendar.add_days(at("2025-10-01 10:00"), 1) == at("2025-10-02 22:00")


def test_three_shifts_never_close_and_a_day_ends_with_its_night_shift():
    calendar = plant(THREE)
    assert THREE.never_closes and not TWO.never_closes
    assert calendar.next_opening(at("2025-10-01 03:00")) == at("2025-10-01 03:00")
    assert calendar.day_of(at("2025-10-02 05:59")) == date(2025, 10, 1)
    assert calendar.add_days(at("2025-10-02 05:59"), 1) == at("2025-10-03 06:00")


def test_three_shifts_only_on_working_days_do_close():
    weekdays = ShiftPattern.parse("三班", "06:00-14:00,14:00-22:00,22:00-06:00")
    assert not weekdays.never_closes
    assert plant(weekdays).next_opening(at("2025-10-17 23:00")) == at("2025-10-20 06:00")


def test_a_standstill_stops_a_plant_that_works_every_day():
    still = Day(date(2025, 10, 3), False, "停产检修", provisional=True, local=True)
    calendar = plant(THREE, still=still)
    assert calendar.add(at("2025-10-03 05:00"), timedelta(hours=2)) == at("2025-10-04 07:00")
    assert calendar.next_opening(at("2025-10-03 07:00")) == at("2025-10-04 06:00")
    assert calendar.is_provisional(at("2025-10-03 12:00")) and not calendar.is_provisional(at("2026-01-05 12:00"))
    assert calendar.facts(date(2025, 10, 3), date(2025, 10, 3)) == [still]


def test_a_national_day_does_not_touch_a_plant_that_works_every_day():
    day = Day(date(2025, 10, 3), False, "国庆节", hours=((0, 60),))
    assert plant(TWO, day=day).hours_on(day.date) == TWO.intervals


def test_a_day_may_have_hours_of_its_own():
    half = Day(date(2025, 12, 31), True, "半天", hours=((510, 720),), local=True)
    calendar = WorkCalendar("office", 1, [half if day.date == half.date else day for day in DAYS], WINTER)
    assert calendar.close_of_day(at("2025-12-31 09:00")) == at("2025-12-31 12:00")
    assert calendar.add(at("2025-12-31 11:30"), timedelta(hours=1)) == at("2026-01-02 09:00")
    assert [span.end for span in calendar.intervals_between(at("2025-12-31 00:00"), at("2026-01-01 00:00"))] == [
        at("2025-12-31 12:00")
    ]


def test_a_special_opening_adds_a_working_day():
    fair = Day(date(2025, 10, 18), True, "开放日", hours=((540, 720),), local=True)
    calendar = WorkCalendar("office", 1, [fair if day.date == fair.date else day for day in DAYS], WINTER)
    assert calendar.add_days(at("2025-10-17 10:00"), 1) == at("2025-10-18 12:00")


@pytest.mark.parametrize(
    ("begin", "n", "start", "due"),
    [
        ("next_day", 3, "2025-10-04 10:00", "2025-10-11 17:30"),
        ("next_working_day", 3, "2025-10-04 10:00", "2025-10-13 17:30"),
        ("next_working_day", 1, "2025-10-09 23:00", "2025-10-10 17:30"),
        ("now", 1, "2025-10-09 10:00", "2025-10-09 17:30"),
        ("now", 1, "2025-10-09 17:30", "2025-10-10 17:30"),
        ("now", 2, "2025-10-04 10:00", "2025-10-10 17:30"),
    ],
)
def test_a_limit_in_working_days_begins_where_its_rule_says(begin, n, start, due):
    assert OFFICE.add_days(at(start), n, begin=begin) == at(due)


@pytest.mark.parametrize(
    ("begin", "n", "start", "due"),
    [
        ("next_day", 5, "2025-10-04 10:00", "2025-10-09 17:30"),
        ("next_working_day", 2, "2025-10-04 10:00", "2025-10-11 17:30"),
        ("now", 2, "2025-10-09 10:00", "2025-10-10 17:30"),
        ("now", 2, "2025-10-09 18:00", "2025-10-11 17:30"),
        ("now", 1, "2025-10-17 18:00", "2025-10-20 17:30"),
    ],
)
def test_a_limit_in_natural_days_begins_where_its_rule_says(begin, n, start, due):
    assert OFFICE.add_natural_days(at(start), n, begin=begin) == at(due)


def test_a_moment_at_closing_closes_that_day_and_the_following_day_begins_after_the_night_shift():
    assert OFFICE.closing(at("2025-10-09 17:30")) == at("2025-10-09 17:30")
    assert OFFICE.following_day(at("2025-10-09 10:00")) == at("2025-10-10 00:00")
    assert plant(THREE).following_day(at("2025-10-09 10:00")) == at("2025-10-10 06:00")


def test_the_name_people_read_is_given_or_that_of_the_hours():
    assert [OFFICE.name, WorkCalendar("k", 1, DAYS, replace(WINTER, name="")).name] == ["冬季作息", "k"]
    assert WorkCalendar("k", 1, DAYS, WINTER, name="机关").name == "机关"


@pytest.mark.parametrize(
    ("changes", "days", "why"),
    [
        (((date(2025, 5, 2), SUMMER), (date(2025, 5, 1), WINTER)), DAYS, "先后排列"),
        (((date(2025, 5, 6), ShiftPattern.parse("夜班", "22:00-09:00")),
          (date(2025, 5, 8), WINTER)), DAYS, "2025-05-07的夜班与次日的上班时间重叠"),
        ((), [replace(day, hours=((600, 540),)) for day in DAYS], "2025-01-01的时段不对|2025-01-02的时段不对"),
    ],
    ids=["out of order", "overlap", "own hours"],
)  # fmt: skip
def test_hours_that_contradict_each_other_are_refused(changes, days, why):
    with pytest.raises(Invalid, match=why):
        WorkCalendar("office", 1, days, WINTER, changes).is_open(at("2025-10-09 09:00"))
