"""Search: by number, full phone, name, place and words; only among what one may see; signs are taken literally."""

import pytest

from tests.web.support_hotline import furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]


@pytest.mark.parametrize(
    "q",
    [
        "13800005678",
        "138 0000-5678",
        "王先生",
        "解放路12号",
        "路灯",
        "三天不亮",
        "王先生 路灯",
        "１３８００００５６７８",
    ],
)
def test_an_order_is_found_by(hotline, q):
    number = hotline.start()
    hotline.start(
        caller_name="刘女士", caller_phone="13911112222", place="人民路1号", subject="噪声", content="夜间施工。"
    )
    text = hotline.as_("agent_li").get("/search", query_string={"q": q}).text
    assert number in text
    assert "噪声" not in text


def test_an_order_is_found_by_its_number_in_small_letters(hotline):
    number = hotline.start()
    assert f'href="/orders/{number}"' in hotline.as_("agent_li").get(f"/search?q={number.lower()}").text


@pytest.mark.parametrize("q", ["1380000567", "%", "_", "\\", "' or 1=1 --", "王先生 噪声"])
def test_nothing_is_found_by(hotline, q):
    hotline.start()
    assert "没有找到" in hotline.as_("agent_li").get("/search", query_string={"q": q}).text


def test_a_phone_found_is_shown_masked(hotline):
    hotline.start()
    text = hotline.as_("agent_li").get("/search?q=路灯").text
    assert "138****5678" in text
    assert "13800005678" not in text


def test_strangers_find_nothing(hotline):
    number = hotline.dispatched()
    for q in (number, "13800005678", "路灯"):
        assert "没有找到" in hotline.as_("clerk_water_wu").get("/search", query_string={"q": q}).text
    assert number in hotline.as_("clerk_roads_zhou").get("/search?q=路灯").text


def test_without_words_the_page_says_what_can_be_asked(hotline):
    assert "输入工单号" in hotline.as_("agent_li").get("/search").text
