"""What a text means, said back with three dates: a working day, a Friday before a make-up Saturday, National Day."""

from datetime import date

import pytest

from engine.domain.deadline import Sample, echo
from engine.domain.errors import InvalidDeadline
from engine.domain.work_calendar import WorkCalendar
from tests.support.calendars import DAYS, DESK, OFFICE, at


def test_a_deadline_is_said_back_with_three_dates():
    told = echo("3-5个工作日", OFFICE, date(2025, 9, 22))
    assert told.words.startswith("3个工作日至5个工作日（")
    assert told.samples == (
        Sample(at("2025-09-22 10:00"), at("2025-09-28 18:00"), at("2025-09-25 18:00"), False),
        Sample(at("2025-10-10 17:50"), at("2025-10-16 18:00"), at("2025-10-14 18:00"), False),
        Sample(at("2025-09-30 16:00"), at("2025-10-14 18:00"), at("2025-10-11 18:00"), False),
    )


def test_a_make_up_saturday_behind_is_taken_when_none_is_ahead_and_the_last_dates_may_be_provisional():
    told = echo("30分钟(工作时间)", OFFICE, date(2025, 12, 31))
    assert [sample.start for sample in told.samples] == [
        at("2025-12-31 10:00"),
        at("2025-10-10 17:50"),
        at("2025-09-30 16:00"),
    ]
    assert [sample.due for sample in told.samples][1] == at("2025-10-11 09:20")
    assert echo("3个工作日", OFFICE, date(2025, 12, 31)).samples[0].provisional


def test_a_cycle_is_said_back_with_its_first_turn():
    told = echo("每个工作日,共3次", OFFICE, date(2025, 9, 22))
    assert told.words == "每1个工作日（当日不计，次日起算，到最后一个工作日下班为止）一次，最多3次"
    assert told.samples[0].due == at("2025-09-23 18:00")
    assert echo("R/2025-10-09T09:00/PT1H", OFFICE, date(2025, 9, 22)).words == (
        "从2025年10月9日 09:00起，每1小时（钟表时间，夜间和节假日照算）一次，次数不限"
    )


def test_a_share_needs_the_limit_it_is_one_of():
    assert echo("75%", OFFICE, date(2025, 9, 22)).samples == ()
    told = echo("50%", OFFICE, date(2025, 9, 22), "2小时(工作时间)")
    assert told.words == "时限过去50%时（按时限自己的算法：工作时间或钟表时间）"
    assert [sample.due for sample in told.samples] == [
        at("2025-09-22 11:00"),
        at("2025-10-11 09:50"),
        at("2025-09-30 17:00"),
    ]


def test_a_desk_that_never_closes_and_a_short_table_have_samples_too():
    assert len(echo("24小时", DESK, date(2025, 9, 22)).samples) == 3
    short = WorkCalendar("short", 1, DAYS[:4], OFFICE.pattern)
    assert [sample.start for sample in echo("1小时", short, date(2025, 9, 22)).samples] == [
        at("2025-01-01 10:00"),
        at("2025-01-03 17:50"),
    ]


def test_what_is_no_text_of_the_grammar_is_refused():
    with pytest.raises(InvalidDeadline):
        echo("尽快", OFFICE, date(2025, 9, 22))
