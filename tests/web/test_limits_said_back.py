"""Limits said back to whoever draws them: words and three dates, one across National Day."""

import pytest

from tests.web.support_hotline import furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]


def text(response):
    return response.get_data(as_text=True)


@pytest.fixture
def owner(hotline):
    return hotline.as_("admin_tang")


def test_every_limit_of_a_procedure_is_said_back_with_three_samples(owner):
    page = text(owner.get("/procedures/mayor_hotline/1/limits"))
    assert page.count("<strong>") >= 3
    assert "算不出" not in page
    assert "个工作日" in page
    assert "判断表给出的时限" in page


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"text": "3-5个工作日"}, "预警"),
        ({"text": "30分钟(工作时间)", "calendar": "desk_24h"}, "热线24小时"),
        ({"text": "75%", "limit": "3个工作日"}, "75%"),
        ({"text": "每30分钟,仅工作时间"}, "30分钟"),
        ({"text": "5-3个工作日"}, "从小到大"),
        ({"text": "一会儿"}, "不是时限"),
    ],
)
def test_a_text_can_be_tried(owner, asked, said):
    answer = owner.get("/procedures/limits", query_string=asked)
    assert answer.status_code == 200
    assert said in text(answer)


def test_a_sample_runs_across_national_day(owner):
    page = text(owner.get("/procedures/limits", query_string={"text": "1个工作日"}))
    assert "9月30日 周三 16:00" in page
    assert "10月8日 周四 18:00" in page
