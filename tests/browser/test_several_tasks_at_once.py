"""Orders are ticked in a list with the keyboard and urged together; without scripts the ticks work as well."""

from typing import Any

from tests.browser.test_an_order_to_its_end import take_call
from tests.browser.test_pages_are_accessible import look

TICKED = "tbody input[type=checkbox]:checked"


def test_orders_are_ticked_with_the_keyboard_and_urged_together(somebody: Any) -> None:
    clerk = somebody("agent_li")
    for subject in ("广告牌倾斜一", "广告牌倾斜二"):
        take_call(clerk, subject=subject)
    clerk.open("/started?q=广告牌倾斜")
    page = clerk.page
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    assert page.locator(TICKED).count() == 2
    page.locator("[data-all]").check()
    page.locator("[data-all]").uncheck()
    assert page.locator(TICKED).count() == 0
    page.locator("[data-all]").check()
    look(clerk, "/started", 1280)
    clerk.press("催办")
    assert "催办选中的 2 件" in clerk.text()
    look(clerk, "/bulk/urge", 1280)
    page.fill("#text", "居民又来电")
    clerk.press("催办")
    assert "办成 2 件" in clerk.text()
    look(clerk, "/bulk/urge", 1280)


def test_without_scripts_ticked_tasks_are_claimed_too(somebody: Any) -> None:
    take_call(somebody("agent_li"), subject="路牌脱落")
    leader = somebody("leader_wang", width=390, java_script_enabled=False)
    leader.open("/pool?q=路牌脱落")
    leader.page.locator("tbody input[type=checkbox]").first.check()
    leader.page.locator("#bulk button").click()
    assert "办成 1 件" in leader.text()
