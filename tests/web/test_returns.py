"""The pages of returns: what would happen, refusals that keep what was typed, the order and the task afterwards."""

from tests.web.support_hotline import CALL, DISPATCHED, HANDLED, furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]

MENDED = {**CALL, "place": "解放路120号", "subject": "路灯不亮三天", "caller_phone": ""}
"""The call, mended; the number that is not shown again is left blank."""


def followed_up(hotline):
    """Give an order whose reply has come, and its follow-up task."""
    number = hotline.dispatched()
    hotline.hand_in("clerk_roads_zhou", number, **HANDLED)
    return number, hotline.task(number)


def test_the_page_names_what_would_happen_for_each_step(hotline):
    number, task = followed_up(hotline)
    browser = hotline.as_("agent_li")
    assert "退回…" in browser.get(f"/tasks/{task.id}").text
    text = browser.get(f"/tasks/{task.id}/return").text
    assert "退回到“承办并填写反馈单”会这样" in text
    assert text.count("上一步") == 1
    assert "由周海重办" in text
    first = next(t.id for t in hotline.site.rows("user_task") if t.element_id == "dispatch_order")
    assert "退回到“交办工单”会这样" in browser.get(f"/tasks/{task.id}/return?to={first}").text


def test_without_a_reason_it_comes_back_and_nothing_has_happened(hotline):
    number, task = followed_up(hotline)
    browser = hotline.as_("agent_li")
    to = next(t.id for t in hotline.site.rows("user_task") if t.element_id == "handle_order")
    response = browser.post(f"/tasks/{task.id}/return", {"to": str(to), "reason": "x"})
    assert response.status_code == 422
    assert "请写明退回的理由" in response.text
    assert ">x</textarea>" in response.text
    assert hotline.task(number).element_id == "follow_up"


def test_whoever_gets_it_back_reads_why_and_finds_what_was_said(hotline):
    number, task = followed_up(hotline)
    agent, clerk = hotline.as_("agent_li"), hotline.as_("clerk_roads_zhou")
    to = next(t.id for t in hotline.site.rows("user_task") if t.element_id == "handle_order")
    done = agent.post(f"/tasks/{task.id}/return", {"to": str(to), "reason": "没有写清修了哪一段"})
    order = agent.get(done.location).text
    assert "把“核实并回访”退回到“承办并填写反馈单”" in order
    assert "作废:承办并填写反馈单" in order
    text = clerk.get(f"/tasks/{hotline.task(number).id}").text
    assert "没有写清修了哪一段" in text
    assert "已换灯泡。</textarea>" in text


def test_a_step_is_withdrawn_until_the_next_is_opened(hotline):
    number = hotline.dispatched()
    leader, first = (
        hotline.as_("leader_wang"),
        next(t for t in hotline.site.rows("user_task") if t.state == "completed"),
    )
    assert "撤回“交办工单”…" in leader.get(f"/orders/{number}").text
    assert "撤回“交办工单”…" in leader.get(f"/tasks/{first.id}").text
    assert "撤回会这样" in leader.get(f"/tasks/{first.id}/withdraw").text
    hotline.as_("clerk_roads_zhou").get(f"/tasks/{hotline.task(number).id}")
    assert "撤回“交办工单”…" not in leader.get(f"/orders/{number}").text
    late = leader.post(f"/tasks/{first.id}/withdraw", {"reason": ""})
    assert late.status_code == 422
    assert "已经有人打开" in late.text


def test_withdrawn_it_is_open_again_with_what_was_said(hotline):
    number = hotline.dispatched()
    leader, first = (
        hotline.as_("leader_wang"),
        next(t for t in hotline.site.rows("user_task") if t.state == "completed"),
    )
    done = leader.post(f"/tasks/{first.id}/withdraw", {"reason": "派错了"})
    text = leader.get(done.location).text
    assert "你撤回了这一步" in text
    assert hotline.task(number).element_id == "dispatch_order"
    assert hotline.hand_in("leader_wang", number, **DISPATCHED).status_code == 303


def back_at_the_desk(hotline):
    """Give an order that the shift leader has sent back to the start form."""
    number = hotline.start()
    done = hotline.as_("leader_wang").post(
        f"/tasks/{hotline.task(number).id}/return", {"to": "0", "reason": "门牌不对,请问清"}
    )
    assert done.status_code == 303
    return number, hotline.task(number)


def test_the_start_form_can_be_returned_to_and_says_what_stays(hotline):
    number = hotline.start()
    leader = hotline.as_("leader_wang")
    assert "退回…" in leader.get(f"/tasks/{hotline.task(number).id}").text
    text = leader.get(f"/tasks/{hotline.task(number).id}/return").text
    assert "退回到“登记来电”会这样" in text
    assert "留着待改" in text
    assert "<dt>作废</dt>" not in text
    assert "退回到“登记来电”,由" in text


def test_a_return_that_names_no_step_goes_nowhere(hotline):
    number = hotline.start()
    refused = hotline.as_("leader_wang").post(f"/tasks/{hotline.task(number).id}/return", {"reason": "门牌不对"})
    assert refused.status_code == 422
    assert hotline.task(number).element_id == "dispatch_order"


def test_the_start_form_comes_back_filled_in_but_for_personal_numbers(hotline):
    number, task = back_at_the_desk(hotline)
    text = hotline.as_("agent_li").get(f"/tasks/{task.id}").text
    assert "门牌不对,请问清" in text
    assert 'value="路灯不亮"' in text
    assert "电话不再显示,留空就保持原样" in text
    assert 'value="13800005678"' not in text
    assert "登记来电" in hotline.as_("agent_li").get("/").text


def test_mended_it_goes_on_under_its_new_words_and_the_old_ones_can_be_read(hotline):
    number, task = back_at_the_desk(hotline)
    agent = hotline.as_("agent_li")
    wrong = agent.post(f"/tasks/{task.id}/complete", {**MENDED, "subject": ""})
    assert wrong.status_code == 422
    assert 'value="解放路120号"' in wrong.text
    assert 'value="13800005678"' not in wrong.text
    done = agent.post(f"/tasks/{task.id}/complete", MENDED)
    assert done.status_code == 303
    order = hotline.order(number)
    assert (order.title, order.record["caller_phone"], order.record["place"]) == (
        "【诉求】路灯不亮三天",
        "13800005678",
        "解放路120号",
    )
    page = agent.get(f"/orders/{number}").text
    assert "退回到“登记来电”" in page
    assert "改前" in page
    assert (page.count("<dd>解放路12号</dd>"), page.count("<dd>解放路120号</dd>")) == (1, 1)


def test_a_call_just_taken_down_is_taken_back_and_mended(hotline):
    number = hotline.start()
    agent = hotline.as_("agent_li")
    assert "撤回“登记来电”…" in agent.get(f"/orders/{number}").text
    text = agent.get(f"/orders/{number}/withdraw").text
    assert "撤回会这样" in text
    assert "留着待改" in text
    done = agent.post(f"/orders/{number}/withdraw", {"reason": "门牌写错"})
    assert 'value="解放路12号"' in agent.get(done.location).text
    assert hotline.hand_in("agent_li", number, **MENDED).status_code == 303
    assert hotline.order(number).record["place"] == "解放路120号"


def test_opened_by_the_next_it_is_too_late_and_others_are_told_so(hotline):
    number = hotline.start()
    assert "只能撤回自己发起的工单" in hotline.as_("leader_wang").get(f"/orders/{number}/withdraw").text
    hotline.as_("leader_wang").get(f"/tasks/{hotline.task(number).id}")
    late = hotline.as_("agent_li").post(f"/orders/{number}/withdraw", {"reason": "门牌写错"})
    assert late.status_code == 422
    assert "已经有人打开" in late.text
    assert "撤回“登记来电”…" not in hotline.as_("agent_li").get(f"/orders/{number}").text
