"""A limit a little longer, in the words it was written in."""

import pytest

from engine.bpmn.mutation.limits import limits_in, longer


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("3个工作日", "4个工作日"),
        ("1小时", "2小时"),
        ("PT10M", "PT20M"),
        ("P1D", "P2D"),
        ("10分钟", "20分钟"),
        ("半小时(工作时间)", "1小时(工作时间)"),
        ("上班后1小时", "上班后2小时"),
        ("5个工作日 从 received_at", "6个工作日 从 received_at"),
        ("R3/PT10M", "R3/PT20M"),
        ("当日", "1个工作日"),
        ("当天下班前", "1个工作日"),
        ("3-5个工作日", "3-6个工作日"),
        ("1-3个工作日(当日计)", "1-4个工作日(当日计)"),
        ("每30分钟,共3次", "每60分钟,共3次"),
        ("75%", "87%"),
        ("时限的50%", "时限的75%"),
    ],
)
def test_a_limit_grows(text, more):
    assert longer(text) == more


@pytest.mark.parametrize(
    "text",
    [
        "",
        "到期",
        "预警",
        "${handle_limit}",
        "2025-10-09T09:00",
        "hotline_leader",
        "3",
        "R3",
        "99%",
        "三个工作日(当日计)",
    ],
)
def test_what_is_no_limit_stays(text):
    assert longer(text) is None


def test_limits_stand_in_quotes_inside_expressions():
    text = "${'1小时' if hot else \"2个工作日\"}"
    assert [text[start:end] + "→" + more for start, end, more in limits_in(text)] == [
        "1小时→2小时",
        "2个工作日→3个工作日",
    ]
