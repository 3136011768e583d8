"""Verbs about an order, at people's screens: what the page says will happen is what then has happened."""

import re
from typing import Any

from tests.browser.test_an_order_to_its_end import open_task, take_call
from tests.browser.test_people_and_their_tasks import dispatched, unfold


def ahead(person: Any) -> list[str]:
    """Names of the steps that the order's page expects."""
    return [str(name) for name in person.page.locator("#ahead ~ ol.ahead strong").all_inner_texts()]


def test_a_copy_is_read_and_remarked_upon_by_somebody_who_does_not_work_on_it(somebody: Any) -> None:
    agent, leader, reader = somebody("agent_li"), somebody("leader_wang"), somebody("clerk_water_wu")
    number = dispatched(agent, leader, "路缘石松动")
    agent.open(f"/orders/{number}")
    unfold(agent, "抄送给别人看")
    agent.page.locator("#copy-to").fill("吴倩")
    agent.page.locator("#copy-note").fill("旁边有你们的井")
    agent.press("抄送")
    assert "未阅" in agent.text()
    reader.open("/copies")
    reader.page.get_by_role("link", name=number).first.click()
    assert "旁边有你们的井" in reader.text()
    reader.press("已阅")
    unfold(reader, "评论")
    reader.page.locator("#comment-text").fill("井没有问题,可以直接修。")
    reader.press("写评论")
    agent.open(f"/orders/{number}")
    assert "已阅" in agent.text() and "井没有问题,可以直接修。" in agent.text()


def test_the_steps_that_an_order_expects_are_those_it_then_takes(somebody: Any) -> None:
    agent, leader = somebody("agent_li"), somebody("leader_wang")
    number = take_call(agent, subject="护栏倒伏")
    open_task(leader, number, "/pool")
    leader.fill(dispatch_choice="dispatch")
    leader.fill(unit="city_roads", urgency="normal")
    leader.press("提交“交办工单”")
    agent.open(f"/orders/{number}")
    expected = ahead(agent)
    clerk = somebody("clerk_roads_zhou")
    open_task(clerk, number, "/pool")
    clerk.fill(handle_result="finished")
    clerk.fill(reply="护栏已扶正。", told_caller="yes", handler_name="周海", feedback_channel="network")
    clerk.page.locator("#task-form button.primary").click()
    agent.open(f"/orders/{number}")
    opened = agent.page.locator("aside").inner_text()
    assert any(name in opened for name in expected[:2]), (expected, opened)


def test_a_task_is_extended_to_the_moment_that_was_shown(somebody: Any) -> None:
    agent, leader, chief = somebody("agent_li"), somebody("leader_wang"), somebody("office_chen")
    number = dispatched(agent, leader, "桥面裂缝")
    chief.open(f"/orders/{number}")
    ident = re.search(r"/tasks/(\d+)", chief.page.content())
    assert ident
    chief.open(f"/tasks/{ident[1]}")
    chief.press("延期…")
    chief.page.locator("#by").fill("2个工作日")
    chief.press("看看会到什么时候")
    chief.page.locator("#reason").fill("等检测报告")
    button = chief.page.locator("button", has_text="延期到")
    moment = str(button.inner_text()).removeprefix("延期到").strip()
    button.click()
    assert "已延期" in chief.text() and moment in chief.text()


def test_a_dispatch_changes_hands_and_the_call_is_withdrawn(somebody: Any) -> None:
    agent, leader, other = somebody("agent_li"), somebody("leader_wang"), somebody("leader_zhao")
    number = take_call(agent, subject="路名牌歪斜")
    open_task(leader, number, "/pool")
    leader.press("先签收,稍后再办")
    unfold(leader, "转办给别人")
    leader.page.locator("#to").select_option("leader_zhao")
    leader.page.locator("#why").fill("我去开会")
    leader.press("转办")
    open_task(other, number, "/")
    assert "我去开会" in other.text()
    agent.open(f"/orders/{number}")
    unfold(agent, "撤销工单")
    assert "收回“交办工单”" in agent.page.locator("#cancel-preview").inner_text()
    agent.page.locator("#cancel-reason").fill("来电人说已经扶正")
    agent.press("撤销工单")
    assert "已撤销" in agent.text()
    other.open("/")
    assert number not in other.text()


def test_a_leavers_work_goes_where_the_admin_was_shown(somebody: Any) -> None:
    agent, leaver = somebody("agent_li"), somebody("leader_zhao")
    admin, receiver = somebody("admin_tang"), somebody("leader_wang")
    number = take_call(agent, subject="公交站牌脱落")
    open_task(leaver, number, "/pool")
    leaver.press("先签收,稍后再办")
    admin.open("/admin/person/leader_zhao/hand-over?to=leader_wang")
    assert number in admin.page.locator("#fate-given ~ ul").inner_text()
    admin.page.locator("#reason").fill("调离本单位")
    admin.page.locator("aside button.primary").click()
    assert "已转办" in admin.text()
    receiver.open("/")
    assert number in receiver.text()
    leaver.open("/")
    assert number not in leaver.text()
