"""When a deadline is due by its unit and rules, when a warning comes, and what both say in words."""

from datetime import datetime

import pytest

from engine.domain.deadline import explain, parse, parse_warning
from engine.domain.errors import InvalidDeadline
from engine.domain.work_calendar import CalendarExhausted, ShiftPattern, WorkCalendar
from tests.support.calendars import DAYS, OFFICE, at

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


RULED = [
    ("3个工作日", "2025-10-04 10:00", "2025-10-11 18:00"),
    ("3个工作日,休息日顺延起算", "2025-10-04 10:00", "2025-10-13 18:00"),
    ("3个工作日,休息日顺延起算", "2025-10-09 10:00", "2025-10-13 18:00"),
    ("1个工作日(当日计)", "2025-10-09 10:00", "2025-10-09 18:00"),
    ("1个工作日(当日计)", "2025-10-09 18:00", "2025-10-10 18:00"),
    ("3个工作日(同时到期)", "2025-09-29 10:15", "2025-10-10 10:15"),
    ("5个自然日,当日计", "2025-10-09 10:00", "2025-10-13 18:00"),
    ("2小时(工作时间),次日起算", "2025-10-09 10:00", "2025-10-10 11:00"),
    ("2小时(工作时间),休息日顺延起算", "2025-10-04 10:00", "2025-10-09 11:00"),
    ("2小时(工作时间,下班到期)", "2025-10-09 10:00", "2025-10-09 18:00"),
    ("8小时(工作时间,下班到期)", "2025-10-09 10:00", "2025-10-09 18:00"),
    ("24小时,次日起算", "2025-10-09 10:00", "2025-10-11 00:00"),
    ("24小时,休息日顺延起算", "2025-10-04 10:00", "2025-10-10 09:00"),
    ("24小时,下班到期", "2025-10-03 10:00", "2025-10-09 18:00"),
    ("上班后1小时,次日起算", "2025-10-09 08:00", "2025-10-10 10:00"),
    ("P1M,次日起算", "2025-10-09 08:00", "2025-11-10 00:00"),
]


@pytest.mark.parametrize(("text", "start", "due"), RULED, ids=[f"{text} {start}" for text, start, _ in RULED])
def test_a_limit_begins_and_ends_where_its_rules_say(text, start, due):
    assert parse(text).due(at(start), OFFICE).at == at(due)
    assert explain(parse(text), at(start), OFFICE)[-2].startswith("到期：")


def test_a_range_warns_at_its_lower_and_falls_due_at_its_upper_bound():
    due = parse("3-5个工作日").due(at("2025-09-29 10:00"), OFFICE)
    assert (due.amber, due.at) == (at("2025-10-10 18:00"), at("2025-10-13 18:00"))
    assert parse("30-60分钟(工作时间)").due(at("2025-10-09 10:00"), OFFICE).amber == at("2025-10-09 10:30")
    assert parse("3个工作日").due(at("2025-09-29 10:00"), OFFICE).amber is None


SPLIT = WorkCalendar("split", 1, DAYS, ShiftPattern.parse("机关作息", "08:30-12:00,14:00-18:00"))


@pytest.mark.parametrize(
    ("warning", "limit", "start", "moment"),
    [
        ("50%", "3个工作日", "2025-09-29 10:00", "2025-10-09 09:15"),
        ("50%", "3个工作日(同时到期)", "2025-09-29 10:00", "2025-09-30 15:45"),
        ("时限的75%", "27小时(工作时间)", "2025-09-30 17:00", "2025-10-11 14:45"),
        ("50%", "当日", "2025-10-09 08:30", "2025-10-09 14:15"),
        ("75%", "24小时", "2025-10-01 00:00", "2025-10-01 18:00"),
        ("50%", "P2D", "2025-10-01 00:00", "2025-10-02 00:00"),
        ("50%", "2025-10-03T00:00", "2025-10-01 00:00", "2025-10-02 00:00"),
        ("2个工作日", "3个工作日", "2025-09-29 10:00", "2025-10-09 18:00"),
    ],
)
def test_a_warning_comes_when_its_share_or_its_own_deadline_has_passed(warning, limit, start, moment):
    due = parse(limit).due(at(start), SPLIT).at
    assert parse_warning(warning).moment(at(start), due, parse(limit), SPLIT) == at(moment)


@pytest.mark.parametrize(
    ("text", "why"),
    [("0%", "1到99"), ("100%", "1到99"), ("7.5%", "1到99"), ("%", "1到99"), ("时限的一半", "不是时限"),
     ("3-5个工作日", "预警只能是一个时刻"), ("", "空的"), ("三天", "工作日还是自然日")],
)  # fmt: skip
def test_what_is_no_warning_is_refused_with_the_reason(text, why):
    with pytest.raises(InvalidDeadline, match=why):
        parse_warning(text)


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
        (
            "3-5个工作日(当日计)",
            "3个工作日至5个工作日（当日还没下班就算第1天，到最后一个工作日下班为止）；满3个工作日预警，满5个工作日到期",
        ),
        (
            "3个工作日,休息日顺延起算,同时到期",
            "3个工作日（当日不计，休息日来的算下一个工作日来的，到最后一个工作日的同一时刻为止）",
        ),
        ("5个自然日", "5个自然日（当日不计，到最后一日下班为止，最后一日休息的顺延到下一个工作日）"),
        ("2小时(工作时间,次日起算,下班到期)", "2小时（只计工作时间，次日起算，到那个工作日下班为止）"),
        ("30-60分钟", "30分钟至1小时（钟表时间，夜间和节假日照算）；满30分钟预警，满1小时到期"),
        ("24小时,休息日顺延起算", "24小时（钟表时间，夜间和节假日照算，休息日来的从下一个工作日上班起算）"),
        ("当日", "当日下班前（下班后、休息日来的，到下一个工作日下班前）"),
    ],
)
def test_a_deadline_says_in_words_what_it_means(text, words):
    assert parse(text).words() == words
