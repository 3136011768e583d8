"""Every unit with every rule on every kind of calendar: due after its start, lower bound before upper, a receipt that adds up."""

import random
from datetime import date, datetime, timedelta

import pytest

from engine.domain.clock import SHANGHAI
from engine.domain.deadline import explain, parse, parse_warning
from engine.domain.errors import InvalidDeadline
from engine.domain.work_calendar import Day, ShiftPattern, WorkCalendar
from tests.support.calendars import DAYS

AMOUNTS = (
    "2个工作日",
    "1-3个工作日",
    "4个自然日",
    "90分钟(工作时间)",
    "1-2小时(工作时间)",
    "30小时",
    "上班后1小时",
    "P1DT2H",
    "P1M",
)
STARTS = ("", "立即起算", "次日起算", "休息日顺延起算")
ENDS = ("", "同时到期", "下班到期")
STILL = Day(date(2025, 10, 16), False, "停产", local=True)
TABLE = [STILL if day.date == STILL.date else day for day in DAYS]
CALENDARS = [
    WorkCalendar("split", 1, DAYS, ShiftPattern.parse("机关作息", "08:30-12:00,14:00-18:00")),
    WorkCalendar("night", 1, DAYS, ShiftPattern.parse("夜班", "22:00-06:00")),
    WorkCalendar("plant", 1, TABLE, ShiftPattern.parse("三班", "06:00-14:00,14:00-22:00,22:00-06:00", every_day=True)),
    WorkCalendar("desk", 1, TABLE, ShiftPattern.always("全天")),
]


@pytest.mark.parametrize("calendar", CALENDARS, ids=lambda calendar: calendar.key)
@pytest.mark.parametrize("amount", AMOUNTS)
def test_a_limit_with_any_rules_is_due_after_its_start_and_can_be_explained(amount, calendar):
    chance = random.Random(f"{amount} {calendar.key}")
    for begin in STARTS:
        for end in ENDS:
            text = ",".join(word for word in (amount, begin, end) if word)
            try:
                limit = parse(text)
            except InvalidDeadline as refusal:
                assert "一开始就到期" in str(refusal)
                continue
            for _ in range(15):
                start = datetime(2025, 9, 20, tzinfo=SHANGHAI) + timedelta(minutes=chance.randrange(40 * 1440))
                due = limit.due(start, calendar)
                assert due.at > start, (text, start)
                assert due.amber is None or start < due.amber <= due.at, (text, start)
                half = parse_warning("50%").moment(start, due.at, limit, calendar)
                assert start <= half <= due.at, (text, start)
                told = explain(limit, start, calendar)
                assert told[-1].startswith("依据：") and told[-2].startswith("到期："), (text, start)
