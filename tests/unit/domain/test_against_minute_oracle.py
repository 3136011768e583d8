"""Arithmetic in working time against a clock moved minute by minute: 2,400 seeded cases over every kind of calendar."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.domain.clock import SHANGHAI
from engine.domain.deadline import Deadline, Unit, WarningPoint
from engine.domain.national_days import national_days
from engine.domain.work_calendar import Day, ShiftPattern, WorkCalendar
from tests.unit.domain.minute_oracle import MinuteOracle

FIRST, LAST = datetime(2025, 8, 25), datetime(2026, 4, 1)
DAYS = {day.date: day for year in (2025, 2026) for day in national_days(year)}
STANDSTILLS = {
    date(2025, 10, 3): Day(date(2025, 10, 3), False, "停产", local=True),
    date(2025, 10, 16): Day(date(2025, 10, 16), True, "半天", hours=((540, 720),), local=True),
    date(2025, 10, 18): Day(date(2025, 10, 18), True, "开放日", hours=((600, 690), (780, 900)), local=True),
    date(2026, 1, 15): Day(date(2026, 1, 15), False, "检修", local=True),
}
SPLIT = ShiftPattern.parse("分段", "08:30-12:00,14:00-18:00")
SUMMER = ShiftPattern.parse("夏季", "08:00-11:30,14:30-18:30")
NIGHT = ShiftPattern.parse("夜班", "22:00-06:00")
TWO = ShiftPattern.parse("两班", "06:00-14:00,14:00-22:00", every_day=True)
THREE = ShiftPattern.parse("三班", "06:00-14:00,14:00-22:00,22:00-06:00", every_day=True)
KINDS = {
    "day": (DAYS, ShiftPattern.parse("白班", "09:00-18:00"), ()),
    "split": (DAYS, SPLIT, ()),
    "two shifts": (DAYS, TWO, ()),
    "three shifts": (DAYS, THREE, ()),
    "three shifts on working days": (DAYS, replace(THREE, every_day=False), ()),
    "night": (DAYS, NIGHT, ()),
    "round the clock": (DAYS, ShiftPattern.always("全天"), ()),
    "hours that change": (DAYS, SPLIT, ((date(2025, 10, 9), SUMMER), (date(2025, 12, 1), SPLIT))),
    "from office to two shifts to nights": (
        DAYS,
        SPLIT,
        ((date(2025, 10, 6), TWO), (date(2025, 11, 3), replace(NIGHT, every_day=True))),
    ),
    "exceptions": ({**DAYS, **STANDSTILLS}, SPLIT, ()),
    "a plant that stands still": ({**DAYS, **STANDSTILLS}, THREE, ()),
    "nights with exceptions": ({**DAYS, **STANDSTILLS}, NIGHT, ()),
}
EACH = 200


def aware(local):
    return local.replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: kind.replace(" ", "-"))
def kind(request):
    days, pattern, changes = KINDS[request.param]
    near = {day: known for day, known in days.items() if abs(day - FIRST.date()) < timedelta(days=400)}
    oracle = MinuteOracle(near, pattern, changes, FIRST, LAST)
    calendar = WorkCalendar(request.param, 1, list(days.values()), pattern, changes)
    return random.Random(f"banjie {request.param}"), calendar, oracle


def starts(chance, count):
    """Local moments from 1 September 2025 on, many of them around the National Day holidays and around openings."""
    for _ in range(count):
        days = chance.choice([chance.randrange(25, 50), chance.randrange(120)])
        minute = chance.choice([chance.randrange(1440), chance.choice([0, 360, 510, 540, 720, 840, 1080, 1320])])
        yield datetime(2025, 9, 1) + timedelta(days=days, minutes=minute)


def test_adding_agrees_with_the_moved_clock(kind):
    chance, calendar, oracle = kind
    for start in starts(chance, EACH // 4):
        minutes = chance.choice([chance.randrange(1, 90), chance.randrange(1, 3000)])
        due = calendar.add(aware(start), timedelta(minutes=minutes))
        assert due == aware(oracle.add(start, minutes)), (start, minutes)


def test_counting_agrees_with_the_moved_clock(kind):
    chance, calendar, oracle = kind
    for start in starts(chance, EACH // 4):
        end = start + timedelta(minutes=chance.choice([chance.randrange(300), chance.randrange(20_000)]))
        counted = calendar.between(aware(start), aware(end))
        assert counted == timedelta(minutes=oracle.between(start, end)), (start, end)


def test_pauses_agree_with_the_moved_clock(kind):
    chance, calendar, oracle = kind
    for start in starts(chance, EACH // 4):
        minutes = chance.randrange(1, 1500)
        pauses = []
        for _ in range(chance.randrange(1, 4)):
            begun = start + timedelta(minutes=chance.randrange(-600, 4000))
            pauses.append((begun, begun + timedelta(minutes=chance.randrange(1, 4000))))
        due = calendar.due_after_pauses(
            aware(start), timedelta(minutes=minutes), [(aware(begun), aware(over)) for begun, over in pauses]
        )
        assert due == aware(oracle.add_leaving_out(start, minutes, pauses)), (start, minutes, pauses)


def test_days_and_shares_agree_with_the_moved_clock(kind):
    chance, calendar, oracle = kind
    for start in starts(chance, EACH // 4):
        n = chance.randrange(1, 12)
        limit = Deadline(Unit.WORKING_DAYS, timedelta(days=n), start_rule="next_day", end_rule="close_of_day")
        due = limit.due(aware(start), calendar).at
        local_due = due.astimezone(SHANGHAI).replace(tzinfo=None)
        assert local_due == oracle.close_of_nth_day(_day_of(oracle, start), n), (start, n)
        share = chance.choice([20, 25, 50, 75])
        whole = oracle.between(start, local_due)
        warned = WarningPoint(share=share).moment(aware(start), due, limit, calendar)
        passed = oracle.between(start, warned.astimezone(SHANGHAI).replace(tzinfo=None, second=0, microsecond=0))
        assert passed == whole * share // 100, (start, n, share)


def _day_of(oracle, start):
    """A shift that has run past midnight belongs to the day it began."""
    eve = start.date() - timedelta(days=1)
    return eve if oracle.day_ends.get(eve, start) > start else start.date()
