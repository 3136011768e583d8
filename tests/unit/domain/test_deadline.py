"""The deadline grammar: what it reads, what it refuses and why, and when things are due."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.deadline import Cycle, Deadline, Unit, parse, parse_cycle
from engine.domain.errors import InvalidDeadline
from engine.domain.work_calendar import CalendarExhausted, ShiftPattern, WorkCalendar
from tests.support.calendars import DAYS, OFFICE, at


def days(n):
    return timedelta(days=n)


def hours(n):
    return timedelta(hours=n)


READ = [
    ("3个工作日", Deadline(Unit.WORKING_DAYS, days(3))),
    ("三个工作日", Deadline(Unit.WORKING_DAYS, days(3))),
    ("两个工作日内", Deadline(Unit.WORKING_DAYS, days(2))),
    ("十五个工作日", Deadline(Unit.WORKING_DAYS, days(15))),
    ("一百零五工作日", Deadline(Unit.WORKING_DAYS, days(105))),
    (" 3 个工作日 ", Deadline(Unit.WORKING_DAYS, days(3))),
    ("３个工作日", Deadline(Unit.WORKING_DAYS, days(3))),
    ("半小时(工作时间)", Deadline(Unit.WORKING_TIME, hours(0.5))),
    ("半小时（工作时间）", Deadline(Unit.WORKING_TIME, hours(0.5))),
    ("2小时(工作时间)", Deadline(Unit.WORKING_TIME, hours(2))),
    ("30分钟(工作时间)", Deadline(Unit.WORKING_TIME, hours(0.5))),
    ("2小时", Deadline(Unit.CLOCK_TIME, hours(2))),
    ("24小时内", Deadline(Unit.CLOCK_TIME, hours(24))),
    ("半小时", Deadline(Unit.CLOCK_TIME, hours(0.5))),
    ("一个半小时", Deadline(Unit.CLOCK_TIME, hours(1.5))),
    ("1.5小时", Deadline(Unit.CLOCK_TIME, hours(1.5))),
    ("1小时30分钟", Deadline(Unit.CLOCK_TIME, hours(1.5))),
    ("30分钟", Deadline(Unit.CLOCK_TIME, hours(0.5))),
    ("上班后1小时", Deadline(Unit.AFTER_OPENING, hours(1))),
    ("上班后半小时", Deadline(Unit.AFTER_OPENING, hours(0.5))),
    ("5个自然日", Deadline(Unit.NATURAL_DAYS, days(5))),
    ("当日", Deadline(Unit.SAME_DAY)),
    ("当日下班前 从 received_at", Deadline(Unit.SAME_DAY, anchor="received_at")),
    ("P3D", Deadline(Unit.ISO_DURATION, days(3))),
    ("P2W", Deadline(Unit.ISO_DURATION, days(14))),
    ("PT1H", Deadline(Unit.ISO_DURATION, hours(1))),
    ("PT0S", Deadline(Unit.ISO_DURATION)),
    ("PT1.5S", Deadline(Unit.ISO_DURATION, timedelta(seconds=1.5))),
    ("P1Y2M3DT4H5M6S", Deadline(Unit.ISO_DURATION, timedelta(3, 6, hours=4, minutes=5), months=14)),
    ('"P3D"', Deadline(Unit.ISO_DURATION, days(3))),
    ("“3个工作日”", Deadline(Unit.WORKING_DAYS, days(3))),
    ("2025-10-09T09:00", Deadline(Unit.MOMENT, moment=at("2025-10-09 09:00"))),
    ("2025-10-09 09:00", Deadline(Unit.MOMENT, moment=at("2025-10-09 09:00"))),
    ("2025-10-09T09:00:00+08:00", Deadline(Unit.MOMENT, moment=at("2025-10-09 09:00"))),
    ("2025-10-09T01:00Z", Deadline(Unit.MOMENT, moment=at("2025-10-09 09:00"))),
    ("5个工作日 从 received_at", Deadline(Unit.WORKING_DAYS, days(5), anchor="received_at")),
    ("半小时(工作时间) 从 caller.called_at", Deadline(Unit.WORKING_TIME, hours(0.5), anchor="caller.called_at")),
    ("P1M 从 签收时间", Deadline(Unit.ISO_DURATION, months=1, anchor="签收时间")),
    ('"5个自然日 从 received_at"', Deadline(Unit.NATURAL_DAYS, days(5), anchor="received_at")),
]


@pytest.mark.parametrize(("text", "deadline"), READ, ids=[text for text, _ in READ])
def test_a_deadline_is_read(text, deadline):
    assert parse(text) == deadline


REFUSED = [
    ("", "空的"),
    ('""', "空的"),
    ("尽快", "不是时限"),
    ("3-5个工作日", "范围.*没有说明按上限还是下限.*“5个工作日”"),
    ("3至5个工作日", "范围"),
    ("三到五个工作日", "范围.*“五个工作日”"),
    ("3个工作日～5个工作日", "范围"),
    ("上班后1-2小时", "范围"),
    ("3日", "没有说明是工作日还是自然日.*“3个工作日”或“3个自然日”"),
    ("三天内", "没有说明是工作日还是自然日"),
    ("半个工作日", "整数.*4小时"),
    ("1.5个自然日", "整数"),
    ("0个工作日", "大于零"),
    ("0小时", "大于零"),
    ("1个月", "P1M"),
    ("一周", "P1W"),
    ("一百五个工作日", "不是时限"),
    ("2小时(自然时间)", "不是时限"),
    ("上班后", "不是时限"),
    ("9999999个工作日", "一百年"),
    ("9999999小时", "一百年"),
    ("P999999999999D", "一百年"),
    ("-PT1H", "正负号"),
    ("PT-1H", "正负号"),
    ("PfooT1H", "不是 ISO 8601"),
    ("P", "不是 ISO 8601"),
    ("P1DT", "不是 ISO 8601"),
    ("PT1H1H", "不是 ISO 8601"),
    ("P1W2D", "周只能单独写"),
    ("P٣D", "不是 ISO 8601"),
    ("2025-10-09", "写到分钟"),
    ("2025-02-30T09:00", "日历上有"),
    ("2025-10-09T25:00", "日历上有"),
    ("0001-01-01T00:00", "日历上有"),
    ("5个工作日 从", "从.*事项数据名"),
    ("5个工作日 从 9点", "从.*事项数据名"),
    ("2025-10-09T09:00 从 received_at", "已经写明时刻"),
    ("3" * 300, "超过200个字"),
]


@pytest.mark.parametrize(("text", "why"), REFUSED, ids=[text[:20] for text, _ in REFUSED])
def test_what_is_no_deadline_is_refused_with_the_reason(text, why):
    with pytest.raises(InvalidDeadline, match=why):
        parse(text)


@given(st.text(alphabet='0123456789一二三十百半个工作自然日小时分钟(上班后)从 PTDHMWYSZ.:-+/R"xé', max_size=24))
def test_any_text_is_read_or_refused(text):
    for read in (parse, parse_cycle):
        try:
            assert read(text)
        except InvalidDeadline as refusal:
            assert str(refusal)


DUE = [
    ("3个工作日", "2025-09-30 10:00", "2025-10-11 18:00"),
    ("30分钟(工作时间)", "2025-10-10 17:50", "2025-10-11 09:20"),
    ("30分钟", "2025-10-10 17:50", "2025-10-10 18:20"),
    ("24小时", "2025-10-01 23:59", "2025-10-02 23:59"),
    ("上班后1小时", "2025-09-30 19:30", "2025-10-09 10:00"),
    ("当日", "2025-09-30 08:00", "2025-09-30 18:00"),
    ("当日", "2025-09-30 17:59", "2025-09-30 18:00"),
    ("当日", "2025-09-30 18:00", "2025-10-09 18:00"),
    ("当日", "2025-10-04 10:00", "2025-10-09 18:00"),
    ("当日", "2025-10-10 18:30", "2025-10-11 18:00"),
    ("5个自然日", "2025-09-24 10:00", "2025-09-29 18:00"),
    ("5个自然日", "2025-09-29 10:00", "2025-10-09 18:00"),
    ("P3D", "2025-09-30 10:00", "2025-10-03 10:00"),
    ("P1M", "2025-01-31 10:00", "2025-02-28 10:00"),
    ("P1M", "2025-02-01 05:00", "2025-03-01 05:00"),
    ("P1Y1M", "2024-12-31 10:00", "2026-01-31 10:00"),
    ("2025-10-09T09:00", "2025-09-30 10:00", "2025-10-09 09:00"),
]


@pytest.mark.parametrize(("text", "start", "due"), DUE, ids=[f"{text} {start}" for text, start, _ in DUE])
def test_a_deadline_is_due_when_its_words_say(text, start, due):
    assert parse(text).due(at(start), OFFICE).at == at(due)


def test_a_due_moment_names_the_calendar_it_was_computed_with():
    due = parse("3个工作日").due(at("2025-09-30 10:00"), OFFICE)
    assert (due.calendar_key, due.calendar_version, due.provisional) == ("office", 3, False)


@pytest.mark.parametrize(
    ("text", "provisional"), [("3个工作日", True), ("30小时(工作时间)", True), ("5个自然日", True), ("P5D", False)]
)
def test_a_due_moment_that_rests_on_days_not_yet_announced_is_provisional(text, provisional):
    assert parse(text).due(at("2025-12-30 10:00"), OFFICE).provisional is provisional


def test_a_due_moment_at_the_last_close_of_an_announced_year_is_not_provisional():
    until_midnight = WorkCalendar("late", 1, DAYS, ShiftPattern.parse("到24点", "12:00-24:00"))
    due = parse("1个工作日").due(at("2025-12-30 10:00"), until_midnight)
    assert (due.at, due.provisional) == (at("2026-01-01 00:00"), False)


def test_working_time_beyond_the_calendar_is_not_guessed_but_clock_time_needs_none():
    start = at("2026-02-03 10:00")
    assert parse("P30D").due(start, OFFICE).at == at("2026-03-05 10:00")
    with pytest.raises(CalendarExhausted):
        parse("3个工作日").due(start, OFFICE)


def test_a_start_without_a_zone_is_refused():
    with pytest.raises(TypeError):
        parse("24小时").due(datetime(2025, 10, 9, 9, 0), OFFICE)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("3个工作日 从 received_at", "从 received_at 起3个工作日（当日不计，次日起算，到最后一个工作日下班为止）"),
        ("半小时(工作时间)", "30分钟（只计工作时间）"),
        ("一个半小时", "1小时30分钟（钟表时间，夜间和节假日照算）"),
        ("P1M", "1个月（钟表时间，夜间和节假日照算）"),
        ("上班后1小时", "下一次上班后1小时（只计工作时间）"),
        ("2025-10-09T09:00", "2025年10月9日 09:00"),
    ],
)
def test_a_deadline_says_in_words_what_it_means(text, words):
    assert parse(text).words() == words


@pytest.mark.parametrize(
    ("text", "cycle"),
    [
        ("R3/PT10M", Cycle(3, parse("PT10M"))),
        ("R/1个工作日", Cycle(None, parse("1个工作日"))),
        ("R5/2025-10-09T09:00/PT1H", Cycle(5, parse("PT1H"), at("2025-10-09 09:00"))),
        ('"R2/P1D 从 received_at"', Cycle(2, parse("P1D 从 received_at"))),
    ],
)
def test_a_cycle_is_read(text, cycle):
    assert parse_cycle(text) == cycle


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("PT10M", "不是循环"),
        ("R3", "不是循环"),
        ("R-1/PT10M", "不是循环"),
        ("R3/2025-10-09T09:00/PT1H/PT1H", "不是循环"),
        ("R0/PT10M", "大于零"),
        ("R/PT0S", "大于零"),
        ("R/2025-10-09T09:00", "不能是一个时刻"),
        ("R3/当日", "不能是一个时刻"),
        ("R3/明天/PT1H", "写到分钟"),
        ("R3/PT1H/PT1H", "写到分钟"),
        ("R3/3日", "工作日还是自然日"),
        ("R3/2025-10-09T09:00/PT1H 从 received_at", "只留一个"),
    ],
)
def test_what_is_no_cycle_is_refused_with_the_reason(text, why):
    with pytest.raises(InvalidDeadline, match=why):
        parse_cycle(text)
