"""Sent back and withdrawn through the real pages: what is previewed is what happens."""

from typing import Any

from tests.browser.test_an_order_to_its_end import open_task, take_call


def dispatch(leader: Any, number: str, unit: str) -> None:
    """Fill in where an order goes, and hand it in."""
    leader.fill(dispatch_choice="dispatch")
    leader.fill(unit=unit, urgency="normal")
    leader.press("提交“交办工单”")


def handle(clerk: Any, reply: str) -> None:
    """Fill in the feedback, and hand it in."""
    clerk.fill(handle_result="finished")
    clerk.fill(reply=reply, told_caller="yes", handler_name="周海", feedback_channel="network")
    clerk.press("提交“承办并填写反馈单”")


def test_a_dispatch_is_withdrawn_until_the_unit_has_opened_it(somebody: Any) -> None:
    agent, leader, clerk = somebody("agent_li"), somebody("leader_wang"), somebody("clerk_roads_zhou")
    number = take_call(agent, subject="井盖松动")
    open_task(leader, number, "/pool")
    dispatch(leader, number, "city_water")
    leader.open(f"/orders/{number}")
    leader.page.get_by_role("link", name="撤回“交办工单”…").click()
    assert "承办并填写反馈单" in leader.text()
    leader.press("撤回,改好再提交")
    assert "你撤回了这一步" in leader.text()
    dispatch(leader, number, "city_roads")
    open_task(clerk, number, "/pool")
    leader.open(f"/orders/{number}")
    assert leader.page.get_by_role("link", name="撤回“交办工单”…").count() == 0


def test_a_reply_is_sent_back_and_mended(somebody: Any) -> None:
    agent, leader, clerk = somebody("agent_li"), somebody("leader_wang"), somebody("clerk_roads_zhou")
    number = take_call(agent, subject="路沿石破损")
    open_task(leader, number, "/pool")
    dispatch(leader, number, "city_roads")
    open_task(clerk, number, "/pool")
    handle(clerk, "已处理。")

    open_task(agent, number, "/")
    agent.page.get_by_role("link", name="退回…").click()
    assert "退回到“承办并填写反馈单”会这样" in agent.text()
    assert "恢复原值的内容" in agent.text()
    agent.fill(reason="没有写清怎么修的")
    agent.page.get_by_role("link", name="交办工单", exact=True).click()
    assert "退回到“交办工单”会这样" in agent.text()
    agent.page.get_by_role("link", name="承办并填写反馈单", exact=True).click()
    assert agent.page.locator("[name=reason]").input_value() == "没有写清怎么修的"
    agent.press("退回到“承办并填写反馈单”,由周海重办")
    assert "已退回" in agent.text()
    assert "作废:承办并填写反馈单" in agent.text()

    open_task(clerk, number, "/")
    assert "没有写清怎么修的" in clerk.text()
    assert clerk.page.locator("[name=reply]").input_value() == "已处理。"
    handle(clerk, "井盖已更换,周边加固。")
    open_task(agent, number, "/")
    agent.fill(verify_result="normal")
    agent.fill(follow_up_result="satisfied", caller_opinion="满意")
    agent.press("提交“核实并回访”")
    agent.open(f"/orders/{number}")
    assert "已办结" in agent.text()


def test_a_call_taken_down_wrongly_goes_back_to_the_desk(somebody: Any) -> None:
    agent, leader = somebody("agent_li"), somebody("leader_wang")
    number = take_call(agent, subject="路灯常亮", place="人民路8号")
    open_task(leader, number, "/pool")
    leader.page.get_by_role("link", name="退回…").click()
    assert "退回到“登记来电”会这样" in leader.text()
    assert "留着待改" in leader.text()
    leader.fill(reason="人民路8号是空地,请问清门牌")
    leader.press("退回到“登记来电”,由李晓岚重办")
    assert "已退回" in leader.text()

    open_task(agent, number, "/")
    assert "人民路8号是空地" in agent.text()
    assert agent.page.locator("[name=place]").input_value() == "人民路8号"
    assert agent.page.locator("[name=caller_phone]").input_value() == ""
    agent.fill(place="人民路18号", subject="人民路路灯常亮")
    agent.press("提交“登记来电”")
    assert "人民路路灯常亮" in agent.text()
    agent.open("/search?q=13800010001")
    assert number in agent.text()
    open_task(leader, number, "/pool")
    assert "人民路18号" in leader.text()
    dispatch(leader, number, "city_power")
    assert "已提交" in leader.text()


def test_a_call_just_taken_down_is_taken_back(somebody: Any) -> None:
    agent, leader = somebody("agent_li"), somebody("leader_wang")
    number = take_call(agent, subject="树枝压线", place="和平路2号")
    agent.open(f"/orders/{number}")
    agent.page.get_by_role("link", name="撤回“登记来电”…").click()
    assert "留着待改" in agent.text()
    assert "交办工单" in agent.text()
    agent.press("撤回,改好再提交")
    assert agent.page.locator("[name=place]").input_value() == "和平路2号"
    leader.open("/pool")
    assert number not in leader.text()
    agent.fill(place="和平路20号")
    agent.press("提交“登记来电”")
    open_task(leader, number, "/pool")
    assert "和平路20号" in leader.text()
    agent.open(f"/orders/{number}")
    assert agent.page.get_by_role("link", name="撤回“登记来电”…").count() == 0
