"""The receipt of a due moment, line by line in Chinese."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.clock import SHANGHAI
from engine.domain.deadline import explain, parse
from tests.support.calendars import DESK, OFFICE, at


def test_the_receipt_of_working_days_shows_the_days_counted_and_skipped():
    assert explain(parse("3个工作日"), at("2025-09-30 10:00"), OFFICE) == [
        "规则：3个工作日（当日不计，次日起算，到最后一个工作日下班为止）",
        "起算：2025年9月30日 10:00（周二）",
        "当日不计：9月30日（周二）",
        "不计10月1日（周三）至10月8日（周三）共8天：国庆节",
        "计入10月9日（周四）至10月11日（周六）共3天：第1至第3个工作日（10月11日（周六）是调休）",
        "到期：2025年10月11日 18:00（周六）",
        "依据：工作日历“白班”第3版",
    ]


def test_the_receipt_of_working_time_shows_the_hours_of_each_day():
    assert explain(parse("2小时(工作时间)"), at("2025-09-30 17:30"), OFFICE)[2:6] == [
        "计入9月30日（周二）17:30-18:00：30分钟，累计30分钟",
        "不计10月1日（周三）至10月8日（周三）共8天：国庆节",
        "计入10月9日（周四）09:00-10:30：1小时30分钟，累计2小时",
        "到期：2025年10月9日 10:30（周四）",
    ]


def test_the_receipt_of_an_hour_after_opening_names_the_opening():
    assert explain(parse("上班后1小时"), at("2025-10-09 19:30"), OFFICE)[2:5] == [
        "下一次上班：2025年10月10日 09:00（周五）",
        "10月9日（周四）的上班时间不计",
        "计入10月10日（周五）09:00-10:00：1小时，累计1小时",
    ]


def test_the_receipt_of_natural_days_shows_how_the_last_day_was_moved():
    assert explain(parse("5个自然日"), at("2025-09-29 10:00"), OFFICE)[3:6] == [
        "第5个自然日：10月4日（周六）",
        "不计10月4日（周六）至10月8日（周三）共5天：国庆节",
        "最后一日是休息日，顺延到10月9日（周四）",
    ]


def test_the_receipt_of_the_same_day_says_why_it_is_another():
    assert explain(parse("当日"), at("2025-09-30 10:00"), OFFICE)[2].startswith("到期：2025年9月30日 18:00")
    assert explain(parse("当日"), at("2025-09-30 18:30"), OFFICE)[2:5] == [
        "9月30日（周二）已经下班",
        "不计10月1日（周三）至10月8日（周三）共8天：国庆节",
        "算到10月9日（周四）下班",
    ]


def test_the_receipt_says_when_a_due_moment_may_still_move():
    assert "暂定：涉及的放假安排尚未公布，公布后到期时间可能变动" in explain(
        parse("3个工作日"), at("2025-12-30 10:00"), OFFICE
    )


def test_the_receipt_of_a_day_that_ends_at_midnight_says_so():
    assert explain(parse("1个工作日"), at("2025-10-01 10:00"), DESK)[-2] == (
        "到期：2025年10月3日 00:00（周五），即10月2日24:00"
    )


@pytest.mark.parametrize("text", ["3个工作日", "2小时(工作时间)", "上班后1小时", "当日", "5个自然日", "24小时", "P1M"])
@given(start=st.datetimes(datetime(2025, 1, 2), datetime(2025, 12, 1)))
def test_every_receipt_ends_with_the_due_moment_and_the_calendar(text, start):
    begun = start.replace(tzinfo=SHANGHAI)
    for calendar in (OFFICE, DESK):
        assert explain(parse(text), begun, calendar)[-1].startswith("依据：")


def test_the_receipt_tells_each_reason_of_the_days_it_skips():
    assert explain(parse("3个工作日,休息日顺延起算"), at("2025-09-27 10:00"), OFFICE)[2:6] == [
        "不计9月27日（周六）：周末",
        "视为9月28日（周日）收到，当日不计",
        "计入9月29日（周一）至9月30日（周二）共2天：第1至第2个工作日",
        "不计10月1日（周三）至10月8日（周三）共8天：国庆节",
    ]


def test_the_receipt_says_why_the_day_it_began_on_was_off():
    assert explain(parse("1个工作日"), at("2025-10-04 10:00"), OFFICE)[2] == "当日不计：10月4日（周六），国庆节"


def test_the_receipt_of_a_limit_that_counts_the_day_itself_says_whether_it_did():
    assert explain(parse("2个工作日(当日计)"), at("2025-10-09 10:00"), OFFICE)[2] == (
        "计入10月9日（周四）至10月10日（周五）共2天：第1至第2个工作日"
    )
    assert explain(parse("2个自然日(当日计)"), at("2025-10-09 18:00"), OFFICE)[2:5] == [
        "10月9日（周四）已经下班，不计",
        "第2个自然日：10月11日（周六）",
        "到期：2025年10月11日 18:00（周六）",
    ]


def test_the_receipt_of_natural_days_received_on_a_day_off():
    assert explain(parse("2个自然日,休息日顺延起算"), at("2025-10-04 10:00"), OFFICE)[2:5] == [
        "不计10月4日（周六）至10月8日（周三）共5天：国庆节",
        "视为10月9日（周四）收到，当日不计",
        "第2个自然日：10月11日（周六）",
    ]


def test_the_receipt_of_hours_says_where_their_rules_moved_them():
    assert explain(parse("2小时(工作时间,次日起算,下班到期)"), at("2025-10-09 10:00"), OFFICE)[2:-2] == [
        "按规则从 2025年10月10日 00:00（周五） 起算",
        "10月9日（周四）的上班时间不计",
        "计入10月10日（周五）09:00-11:00：2小时，累计2小时",
        "到那个工作日下班为止：2025年10月10日 18:00（周五）",
    ]
    assert explain(parse("3个工作日(同时到期)"), at("2025-10-09 10:00"), OFFICE)[-3] == "到最后一日的同一时刻为止"


def test_the_receipt_of_a_range_tells_its_lower_bound_too():
    assert explain(parse("1-2小时"), at("2025-10-09 10:00"), OFFICE)[2:4] == [
        "预警（范围的下限）：2025年10月9日 11:00（周四）",
        "到期：2025年10月9日 12:00（周四）",
    ]
