"""The pages of returns: what would happen, refusals that keep what was typed, the order and the task afterwards."""

from tests.web.support_hotline import DISPATCHED, HANDLED, furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]


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
