"""The deadline grammar: what it reads, and what it refuses and why."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.deadline import Cycle, Deadline, Unit, parse, parse_cycle, parse_warning
from engine.domain.errors import InvalidDeadline
from tests.support.calendars import at


def days(n):
    return timedelta(days=n)


def hours(n):
    return timedelta(hours=n)


def limit(unit, amount=timedelta(), **more):
    """A deadline with the rules its unit has unless a text says otherwise."""
    in_days = unit in (Unit.WORKING_DAYS, Unit.NATURAL_DAYS)
    rules = {
        "start_rule": "next_day" if in_days else "now",
        "end_rule": "close_of_day" if in_days or unit is Unit.SAME_DAY else "same_time",
    }
    return Deadline(unit, amount, **{**rules, **more})


def spread(unit, amount, amber, **rules):
    return limit(unit, amount, amber=limit(unit, amber, **rules), **rules)


READ = [
    ("3个工作日", limit(Unit.WORKING_DAYS, days(3))),
    ("三个工作日", limit(Unit.WORKING_DAYS, days(3))),
    ("两个工作日内", limit(Unit.WORKING_DAYS, days(2))),
    ("十五个工作日", limit(Unit.WORKING_DAYS, days(15))),
    ("一百零五工作日", limit(Unit.WORKING_DAYS, days(105))),
    (" 3 个工作日 ", limit(Unit.WORKING_DAYS, days(3))),
    ("３个工作日", limit(Unit.WORKING_DAYS, days(3))),
    ("半小时(工作时间)", limit(Unit.WORKING_TIME, hours(0.5))),
    ("半小时（工作时间）", limit(Unit.WORKING_TIME, hours(0.5))),
    ("2小时(工作时间)", limit(Unit.WORKING_TIME, hours(2))),
    ("30分钟(工作时间)", limit(Unit.WORKING_TIME, hours(0.5))),
    ("2小时", limit(Unit.CLOCK_TIME, hours(2))),
    ("24小时内", limit(Unit.CLOCK_TIME, hours(24))),
    ("半小时", limit(Unit.CLOCK_TIME, hours(0.5))),
    ("一个半小时", limit(Unit.CLOCK_TIME, hours(1.5))),
    ("1.5小时", limit(Unit.CLOCK_TIME, hours(1.5))),
    ("1小时30分钟", limit(Unit.CLOCK_TIME, hours(1.5))),
    ("30分钟", limit(Unit.CLOCK_TIME, hours(0.5))),
    ("上班后1小时", limit(Unit.AFTER_OPENING, hours(1))),
    ("上班后半小时", limit(Unit.AFTER_OPENING, hours(0.5))),
    ("5个自然日", limit(Unit.NATURAL_DAYS, days(5))),
    ("当日", limit(Unit.SAME_DAY)),
    ("当日下班前 从 received_at", limit(Unit.SAME_DAY, anchor="received_at")),
    ("P3D", limit(Unit.ISO_DURATION, days(3))),
    ("P2W", limit(Unit.ISO_DURATION, days(14))),
    ("PT1H", limit(Unit.ISO_DURATION, hours(1))),
    ("PT0S", limit(Unit.ISO_DURATION)),
    ("PT1.5S", limit(Unit.ISO_DURATION, timedelta(seconds=1.5))),
    ("P1Y2M3DT4H5M6S", limit(Unit.ISO_DURATION, timedelta(3, 6, hours=4, minutes=5), months=14)),
    ('"P3D"', limit(Unit.ISO_DURATION, days(3))),
    ("“3个工作日”", limit(Unit.WORKING_DAYS, days(3))),
    ("2025-10-09T09:00", limit(Unit.MOMENT, moment=at("2025-10-09 09:00"))),
    ("2025-10-09 09:00", limit(Unit.MOMENT, moment=at("2025-10-09 09:00"))),
    ("2025-10-09T09:00:00+08:00", limit(Unit.MOMENT, moment=at("2025-10-09 09:00"))),
    ("2025-10-09T01:00Z", limit(Unit.MOMENT, moment=at("2025-10-09 09:00"))),
    ("5个工作日 从 received_at", limit(Unit.WORKING_DAYS, days(5), anchor="received_at")),
    ("半小时(工作时间) 从 caller.called_at", limit(Unit.WORKING_TIME, hours(0.5), anchor="caller.called_at")),
    ("P1M 从 签收时间", limit(Unit.ISO_DURATION, months=1, anchor="签收时间")),
    ('"5个自然日 从 received_at"', limit(Unit.NATURAL_DAYS, days(5), anchor="received_at")),
    ("3个工作日(当日计)", limit(Unit.WORKING_DAYS, days(3), start_rule="now")),
    ("1个工作日,当日起算", limit(Unit.WORKING_DAYS, days(1), start_rule="now")),
    ("3个工作日（次日起算，同时到期）", limit(Unit.WORKING_DAYS, days(3), end_rule="same_time")),
    ("3个工作日，休息日顺延起算", limit(Unit.WORKING_DAYS, days(3), start_rule="next_working_day")),
    ("3个工作日(休息日收到算下一个工作日)", limit(Unit.WORKING_DAYS, days(3), start_rule="next_working_day")),
    ("5个自然日,当日计", limit(Unit.NATURAL_DAYS, days(5), start_rule="now")),
    ("2小时(工作时间),次日起算", limit(Unit.WORKING_TIME, hours(2), start_rule="next_day")),
    (
        "2小时(工作时间,次日起算,下班到期)",
        limit(Unit.WORKING_TIME, hours(2), start_rule="next_day", end_rule="close_of_day"),
    ),
    ("24小时,休息日顺延起算", limit(Unit.CLOCK_TIME, hours(24), start_rule="next_working_day")),
    ("P3D(次日起算) 从 received_at", limit(Unit.ISO_DURATION, days(3), start_rule="next_day", anchor="received_at")),
    ("3-5个工作日", spread(Unit.WORKING_DAYS, days(5), days(3))),
    ("3—5个工作日", spread(Unit.WORKING_DAYS, days(5), days(3))),
    ("3～5个工作日", spread(Unit.WORKING_DAYS, days(5), days(3))),
    ("三至五个工作日内", spread(Unit.WORKING_DAYS, days(5), days(3))),
    ("3个工作日到5个工作日", spread(Unit.WORKING_DAYS, days(5), days(3))),
    ("3到5个工作日(当日计)", spread(Unit.WORKING_DAYS, days(5), days(3), start_rule="now")),
    ("30-60分钟(工作时间)", spread(Unit.WORKING_TIME, hours(1), hours(0.5))),
    ("30分钟至2小时", spread(Unit.CLOCK_TIME, hours(2), hours(0.5))),
    ("上班后1-2小时", spread(Unit.AFTER_OPENING, hours(2), hours(1))),
]


@pytest.mark.parametrize(("text", "deadline"), READ, ids=[text for text, _ in READ])
def test_a_deadline_is_read(text, deadline):
    assert parse(text) == deadline


REFUSED = [
    ("", "空的"),
    ('""', "空的"),
    ("尽快", "不是时限"),
    ("5-3个工作日", "范围要从小到大"),
    ("3-3个工作日", "范围要从小到大"),
    ("0-3个工作日", "大于零"),
    ("3-5日", "没有说明是工作日还是自然日.*“5个工作日”"),
    ("3个工作日-5个自然日", "不是同一种算法"),
    ("3个工作日-", "不是时限"),
    ("3-4-5个工作日", "不是时限"),
    ("3个工作日(工作时间)", "按天计"),
    ("3个工作日(当日计,次日起算)", "起算的算法写了两次"),
    ("2小时(同时到期),下班到期", "到期的算法写了两次"),
    ("1个工作日(当日计,同时到期)", "一开始就到期"),
    ("1-3个工作日(当日计,同时到期)", "一开始就到期"),
    ("3个工作日(尽快)", "“尽快”不是时限的说法；可以写工作时间、.*次日起算"),
    ("当日(次日起算)", "不是时限"),
    ("3个工作日()", "不是时限"),
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


@given(
    st.text(
        alphabet='0123456789一二三十百半个工作自然日小时分钟(上班后)从 PTDHMWYSZ.:-+/R"xé每共次,至%计起算', max_size=24
    )
)
def test_any_text_is_read_or_refused(text):
    for read in (parse, parse_cycle, parse_warning):
        try:
            assert read(text)
        except InvalidDeadline as refusal:
            assert str(refusal)


@pytest.mark.parametrize(
    ("text", "cycle"),
    [
        ("R3/PT10M", Cycle(3, parse("PT10M"))),
        ("R/1个工作日", Cycle(None, parse("1个工作日"))),
        ("R5/2025-10-09T09:00/PT1H", Cycle(5, parse("PT1H"), at("2025-10-09 09:00"))),
        ('"R2/P1D 从 received_at"', Cycle(2, parse("P1D 从 received_at"))),
        ("每30分钟,仅工作时间", Cycle(None, parse("30分钟(工作时间)"))),
        ("每30分钟(工作时间)", Cycle(None, parse("30分钟(工作时间)"))),
        ("每30分钟（工作时间，共3次）", Cycle(3, parse("30分钟(工作时间)"))),
        ("每2小时,最多十次", Cycle(10, parse("2小时"))),
        ("每半小时", Cycle(None, parse("30分钟"))),
        ("每小时", Cycle(None, parse("1小时"))),
        ("每个工作日", Cycle(None, parse("1个工作日"))),
        ("每3个工作日,共3次", Cycle(3, parse("3个工作日"))),
        ("每个工作日(同时到期),共5次", Cycle(5, parse("1个工作日(同时到期)"))),
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
        ("每天", "不是时限"),
        ("每3天", "工作日还是自然日"),
        ("每30分钟,共0次", "大于零"),
        ("每30分钟,共半次", "次数看不懂"),
        ("每当日", "不能是一个时刻"),
        ("每1-2小时", "间隔是一个范围"),
        ("R3/1-2小时", "间隔是一个范围"),
        ("R3/2025-10-09T09:00/PT1H 从 received_at", "只留一个"),
    ],
)
def test_what_is_no_cycle_is_refused_with_the_reason(text, why):
    with pytest.raises(InvalidDeadline, match=why):
        parse_cycle(text)
