"""The card of the steps still to come on the page of an order."""

import re

from tests.web.support_hotline import HANDLED, furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]


def card(text: str) -> str:
    """Give the words of the card; empty where there is none."""
    found = re.search(r'<section class="card" aria-labelledby="ahead">(.*?)</section>', text, re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", found[1])) if found else ""


def test_an_order_at_the_unit_tells_what_comes_next_what_may_come_and_why(hotline):
    number = hotline.dispatched()
    words = card(hotline.as_("leader_wang").get(f"/orders/{number}").text)
    assert "后面的步骤 核实并回访 话务员" in words
    assert "督办并作结论 热线办公室 可能 看“再次不满意？”:是" in words
    assert words.index("处理回复异常") < words.index(
        "交办工单 班长 可能 可能重办 看“由谁交办？”:班长 最迟 9月28日 19:00"
    )


def test_what_the_unit_answers_decides_the_choice_after_it(hotline):
    number = hotline.dispatched()
    hotline.hand_in("clerk_roads_zhou", number, **HANDLED)
    words = card(hotline.as_("leader_wang").get(f"/orders/{number}").text)
    assert "核实并回访" not in words.partition("可能")[0]
    assert "看“回访结果？”:满意" in words


def test_an_order_that_is_over_has_no_steps_to_come(hotline):
    number = hotline.start()
    assert card(hotline.as_("leader_wang").get(f"/orders/{number}").text)
    hotline.as_("agent_li").post(f"/orders/{number}/cancel", {"reason": "重复登记"})
    assert card(hotline.as_("leader_wang").get(f"/orders/{number}").text) == ""
