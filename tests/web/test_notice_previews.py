"""The notices of a procedure on a page: each with its rules and template, filled from an order the reader may see, masked."""

import pytest

from tests.web.support_hotline import furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]

PAGE = "/procedures/mayor_hotline/1/notices"


@pytest.fixture
def number(hotline):
    return hotline.start("agent_li", caller_phone="13911112222", place="人民路1号", subject="水质发黄 13911112222")


def test_every_notice_is_listed_with_how_it_goes(hotline):
    shown = hotline.as_("agent_li").get(PAGE).text
    assert "major_emergency" in shown
    assert "短信 → 企业微信" in shown
    assert "必须送到" in shown
    assert "还没有你看得到的工单" in shown


def test_a_notice_says_which_steps_and_acts_put_it_in_words(hotline):
    shown = hotline.as_("agent_li").get(PAGE).text
    assert "“提醒班长”" in shown
    assert "<dd>催办</dd>" in shown
    assert "<dd>urge</dd>" not in shown


def test_the_text_is_filled_from_the_newest_order_in_sight_with_numbers_masked(hotline, number):
    shown = hotline.as_("agent_li").get(PAGE).text
    assert f"退单 {number}：水质发黄 139****2222" in shown
    assert "13911112222" not in shown


def test_another_order_may_be_asked_for_by_its_number(hotline, number):
    hotline.start("agent_li", caller_phone="13933334444", place="和平路3号", subject="楼道堆物")
    assert "退单" in hotline.as_("agent_li").get(PAGE, query_string={"number": number}).text
    assert "水质发黄" in hotline.as_("agent_li").get(PAGE, query_string={"number": number}).text


def test_an_order_out_of_sight_is_not_there(hotline, number):
    answer = hotline.as_("agent_he").get(PAGE, query_string={"number": number})
    assert (answer.status_code, "水质发黄" in answer.text) == (404, False)


def test_the_procedures_page_leads_there(hotline):
    assert PAGE in hotline.as_("office_chen").get("/procedures/mayor_hotline").text
