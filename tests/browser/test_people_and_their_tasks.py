"""What people do with a task between them, at their screens."""

from datetime import datetime, timedelta
from typing import Any

from tests.browser.test_an_order_to_its_end import open_task, take_call


def dispatched(agent: Any, leader: Any, subject: str) -> str:
    """An order in the hands of the roads office; give its number."""
    number = take_call(agent, subject=subject)
    open_task(leader, number, "/pool")
    leader.fill(dispatch_choice="dispatch")
    leader.fill(unit="city_roads", urgency="normal")
    leader.press("提交“交办工单”")
    return number


def unfold(person: Any, summary: str) -> None:
    """Unfold a part of the page."""
    person.page.locator("summary").get_by_text(summary, exact=True).click()


def test_a_colleague_is_asked_and_the_opinion_comes_back(somebody: Any) -> None:
    agent, leader = somebody("agent_li"), somebody("leader_wang")
    clerk, colleague = somebody("clerk_roads_zhou"), somebody("clerk_water_wu")
    number = dispatched(agent, leader, "人行道塌陷")
    open_task(clerk, number, "/pool")
    clerk.press("先签收,稍后再办")
    unfold(clerk, "委派别人提意见")
    clerk.page.locator("#delegate-to").fill("clerk_water_wu")
    clerk.page.locator("#question").fill("下面有没有漏水?")
    clerk.press("委派")
    assert "吴倩在提意见" in clerk.text()
    open_task(colleague, number, "/")
    assert "下面有没有漏水?" in colleague.text()
    colleague.page.locator("#opinion").fill("查过,没有漏水。")
    colleague.press("提交意见")
    open_task(clerk, number, "/")
    assert "查过,没有漏水。" in clerk.page.locator("main").inner_text()
    assert clerk.page.locator("#task-form").is_visible()


def test_a_colleague_stands_in_and_does_a_task_in_anothers_name(somebody: Any) -> None:
    agent, leader, other = somebody("agent_wang"), somebody("leader_wang"), somebody("leader_zhao")
    clerk = somebody("clerk_water_wu")
    clerk.open("/substitutes")
    clerk.page.locator("#person").fill("leader_zhao")
    clerk.page.locator("#end").fill("2099-01-01T18:00")
    clerk.fill(reason="休假")
    clerk.press("设代理")
    assert "代理最长" in clerk.text() and clerk.page.locator("#person").input_value() == "leader_zhao"
    start = datetime.fromisoformat(clerk.page.locator("#start").input_value())
    clerk.page.locator("#end").fill((start + timedelta(days=3)).isoformat(timespec="minutes"))
    clerk.press("设代理")
    assert "代理中" in clerk.text()
    number = take_call(agent, subject="水压不足")
    open_task(leader, number, "/pool")
    leader.fill(dispatch_choice="dispatch")
    leader.fill(unit="city_water", urgency="normal")
    leader.press("提交“交办工单”")
    open_task(other, number, "/pool")
    assert "你在代吴倩办理" in other.text()
    other.press("先签收,稍后再办")
    open_task(clerk, number, "/")
    assert "签收" in clerk.page.locator("aside").inner_text()
    clerk.open("/substitutes")
    clerk.press("结束吴倩的代理")
    assert "代理已结束" in clerk.text()


def test_a_colleague_signs_what_is_handed_in_before_it_goes_on(somebody: Any) -> None:
    agent, leader = somebody("agent_li"), somebody("leader_wang")
    clerk, colleague = somebody("clerk_roads_zhou"), somebody("clerk_water_wu")
    number = dispatched(agent, leader, "井盖松动")
    open_task(clerk, number, "/pool")
    clerk.press("先签收,稍后再办")
    unfold(clerk, "加签,请别人签署")
    clerk.page.locator("#signers-to").fill("吴倩")
    clerk.page.locator("#signers-mode").select_option("before")
    clerk.page.locator("#signers-question").fill("井盖归不归你们管?")
    clerk.page.get_by_role("button", name="加签", exact=True).click()
    assert "还差吴倩" in clerk.text()
    open_task(colleague, number, "/")
    assert "井盖归不归你们管?" in colleague.text()
    colleague.page.locator("#sign-answer").fill("归我们,已派人。")
    colleague.press("签署同意")
    open_task(clerk, number, "/")
    assert "归我们,已派人。" in clerk.text() and clerk.page.locator("#task-form button.primary").is_visible()
