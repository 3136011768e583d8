"""One order through the real pages, from the call to the follow-up call; another goes overdue; a double click does no harm."""

from typing import Any

CALL = {
    "caller_name": "王秀英",
    "caller_phone": "13800010001",
    "occurred_at": "今早七点",
    "place": "解放路12号",
    "subject": "路面坑洼积水",
    "content": "人行道外侧有三个坑,雨天积水。",
    "demand": "尽快填平",
}


def take_call(agent: Any, **more: str) -> str:
    """Take a call down and give the order's number."""
    agent.open("/intake?process=mayor_hotline&phone=13800010001")
    agent.fill(**{**CALL, **more})
    agent.fill(category="request")
    agent.fill(request_kind="ordinary", outside_matter="none", emergency="none")
    agent.press("登记成工单")
    assert "已登记" in agent.text()
    return str(agent.number())


def open_task(person: Any, number: str, box: str) -> None:
    """Open a task of an order from a list."""
    person.open(box)
    person.page.get_by_role("link", name=number).click()


def test_an_order_goes_from_the_call_to_the_follow_up_call(somebody: Any, tmp_path: Any) -> None:
    agent, leader, clerk = somebody("agent_li"), somebody("leader_wang"), somebody("clerk_roads_zhou")
    number = take_call(agent)

    open_task(leader, number, "/pool")
    leader.fill(dispatch_choice="dispatch")
    leader.fill(unit="city_roads", urgency="normal")
    leader.press("提交“交办工单”")
    assert "已提交" in leader.text()

    open_task(clerk, number, "/pool")
    clerk.press("先签收,稍后再办")
    assert "为什么是这个时间" in clerk.text()
    clerk.press("提交“承办并填写反馈单”")
    assert "处要改" in clerk.text()
    clerk.fill(handle_result="finished")
    clerk.fill(
        reply="已填平三处坑洼,路面恢复平整。", told_caller="yes", handler_name="周海", feedback_channel="network"
    )
    photo = tmp_path / "现场.png"
    photo.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 200)
    clerk.page.set_input_files("input[type=file][name=evidence]", str(photo))
    clerk.press("提交“承办并填写反馈单”")

    open_task(agent, number, "/")
    agent.fill(verify_result="normal")
    agent.fill(follow_up_result="satisfied", caller_opinion="很满意")
    agent.press("提交“核实并回访”")
    agent.open(f"/orders/{number}")
    assert "已办结" in agent.text()
    with agent.page.expect_download() as arrived:
        agent.page.get_by_role("link", name="现场.png").first.click()
    assert arrived.value.suggested_filename == "现场.png"


def test_an_order_left_alone_goes_overdue_and_is_supervised(somebody: Any, office: Any) -> None:
    agent, leader = somebody("agent_wang"), somebody("leader_wang")
    number = take_call(agent, subject="路灯不亮")
    open_task(leader, number, "/pool")
    leader.fill(dispatch_choice="dispatch")
    leader.fill(unit="city_power", urgency="normal")
    leader.press("提交“交办工单”")
    try:
        office.shift(12 * 86400)
        chief = somebody("office_chen")
        for _ in range(40):
            chief.open("/pool")
            if number in chief.text():
                break
            chief.page.wait_for_timeout(500)
        assert number in chief.text()
        chief.open(f"/orders/{number}")
        assert "逾期" in chief.text()
    finally:
        office.shift(0)


def test_a_task_somebody_else_completed_says_who_and_keeps_what_was_typed(somebody: Any) -> None:
    agent, wang, zhao = somebody("agent_he"), somebody("leader_wang"), somebody("leader_zhao")
    number = take_call(agent, subject="占道经营")
    for leader in (wang, zhao):
        open_task(leader, number, "/pool")
        leader.fill(dispatch_choice="dispatch")
        leader.fill(unit="city_roads", urgency="normal", dispatch_note=f"请尽快{number}")
    wang.press("提交“交办工单”")
    zhao.press("提交“交办工单”")
    assert "王建平" in zhao.text()
    assert "草稿" in zhao.text()
