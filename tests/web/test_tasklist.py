"""待办、待签收、已办、我发起, and the task page: what people see, what is kept, and who was first."""

from datetime import timedelta

import pytest

from engine import ClaimUserTask, CompleteUserTask
from tests.web.support_hotline import DISPATCHED, HANDLED, furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]


def test_a_free_task_stands_in_the_pool_of_its_candidates_and_goes_to_whoever_claims_it(hotline):
    task = hotline.task(hotline.start())
    leader = hotline.as_("leader_wang")
    assert "路灯不亮" in leader.get("/pool").text
    assert leader.post(f"/tasks/{task.id}/claim").location == f"/tasks/{task.id}"
    assert "路灯不亮" in leader.get("/").text
    assert "路灯不亮" not in hotline.as_("leader_zhao").get("/pool").text


def test_whoever_claims_second_learns_who_was_first_and_when(hotline):
    task = hotline.task(hotline.start())
    second = hotline.as_("leader_zhao")
    hotline.site.engine.execute(ClaimUserTask(task.id, "leader_wang"))
    assert second.post(f"/tasks/{task.id}/claim").location == "/pool"
    assert "已由王建平于9月22日 10:00签收" in second.get("/pool").text


def test_the_shortest_time_comes_first(hotline):
    first, second = hotline.start(subject="先来的"), hotline.start(subject="后来的")
    hotline.site.later(minutes=10)
    third = hotline.start(subject="最后的")
    text = hotline.as_("leader_wang").get("/pool").text
    assert text.index(first) < text.index(second) < text.index(third)


def test_a_list_goes_on_where_the_last_page_ended(hotline):
    numbers = [hotline.start(subject=f"第{n}件") for n in range(27)]
    browser = hotline.as_("leader_wang")
    first = browser.get("/pool").text
    onward = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = browser.get(onward).text
    assert [n in first for n in numbers] == [True] * 25 + [False] * 2
    assert [n in second for n in numbers] == [False] * 25 + [True] * 2


@pytest.mark.parametrize(
    "after", ["x", "2025-09-22~1", "2025-09-22T10:00:00+00:00~x", f"2025-09-22T10:00:00+00:00~{9**40}"]
)
def test_a_cursor_that_is_none_is_told_about(hotline, after):
    assert hotline.as_("agent_li").get("/pool", query_string={"after": after}).status_code == 422


def test_filters_narrow_a_list_and_stay_in_its_address(hotline):
    hotline.start(subject="自来水停了")
    late = hotline.start(subject="路灯坏了")
    browser = hotline.as_("leader_wang")
    assert late not in browser.get("/pool?q=自来水").text
    assert "没有符合条件的" in browser.get("/pool?due=late").text
    hotline.site.later(hours=2)
    browser = hotline.as_("leader_wang")
    assert late in browser.get("/pool?due=late&q=路灯").text


def test_the_process_filter_appears_only_where_there_are_several(hotline):
    assert 'name="process"' not in hotline.as_("leader_wang").get("/").text


def test_lists_are_counted_up_to_a_cap(hotline):
    hotline.start()
    assert '<span class="count">1</span>' in hotline.as_("leader_wang").get("/").text


def test_a_limit_in_working_days_tells_the_working_time_left(hotline):
    number = hotline.dispatched()
    text = hotline.as_("clerk_roads_zhou").get(f"/tasks/{hotline.task(number).id}").text
    assert "9月28日 18:00 · 还剩 5个工作日" in text
    assert "(工作时间)" in text


def test_a_limit_by_the_clock_tells_the_clock(hotline):
    number = hotline.start()
    text = hotline.as_("leader_wang").get(f"/tasks/{hotline.task(number).id}").text
    assert "9月22日 11:00 · 还剩 1小时0分<" in text


def test_what_is_late_says_by_how_much(hotline):
    number = hotline.start()
    hotline.site.later(hours=1, minutes=25)
    assert "逾期 25分钟" in hotline.as_("leader_wang").get(f"/tasks/{hotline.task(number).id}").text


def test_the_limit_explains_itself(hotline):
    number = hotline.dispatched()
    text = hotline.as_("clerk_roads_zhou").get(f"/tasks/{hotline.task(number).id}").text
    assert "为什么是这个时间" in text
    assert "计入" in text


def test_the_page_says_who_gets_it_next(hotline):
    number = hotline.start()
    text = hotline.as_("leader_wang").get(f"/tasks/{hotline.task(number).id}").text
    assert "办公室处理交办(市长热线办公室" in text
    assert "承办并填写反馈单(承办单位)" in text


def test_a_form_handed_in_leads_to_the_order_with_its_new_state(hotline):
    number = hotline.start()
    browser = hotline.as_("leader_wang")
    response = browser.post(f"/tasks/{hotline.task(number).id}/complete", DISPATCHED)
    assert response.location == f"/orders/{number}"
    text = browser.get(response.location).text
    assert "“交办工单”已提交。" in text
    assert "承办并填写反馈单" in text


def test_after_the_call_the_page_offers_the_next_task_of_the_same_case_if_it_is_mine(hotline):
    browser = hotline.as_("agent_li")
    said = {
        "caller_phone": "13800001111",
        "subject": "供暖",
        "content": "何时供暖",
        "category": "enquiry",
        "enquiry_kind": "simple",
    }
    response = browser.post("/intake", said)
    assert response.location.startswith("/tasks/")
    assert "直接答复并记录" in browser.get(response.location).text


def test_what_is_refused_comes_back_as_typed_with_reasons(hotline):
    number = hotline.dispatched()
    said = {"handle_result": "finished", "reply": "换了三盏灯"}
    response = hotline.hand_in("clerk_roads_zhou", number, **said)
    assert response.status_code == 422
    assert "换了三盏灯" in response.text
    assert 'href="#field-handler_name"' in response.text
    assert 'value="finished" checked' in response.text


def test_the_same_form_sent_twice_by_one_person_is_no_conflict(hotline):
    number = hotline.start()
    task, browser = hotline.task(number), hotline.as_("leader_wang")
    browser.post(f"/tasks/{task.id}/complete", DISPATCHED)
    again = browser.post(f"/tasks/{task.id}/complete", DISPATCHED)
    assert again.location == f"/orders/{number}"
    assert "这件待办你已经提交过了" in browser.get(again.location).text
    assert hotline.drafts("task:") == []
    assert [r.kind for r in hotline.site.rows("history")].count("UserTaskCompleted") == 1


def test_whoever_was_slower_learns_who_and_when_and_keeps_what_was_typed(hotline):
    task = hotline.task(hotline.start())
    slow = hotline.as_("leader_zhao")
    slow.get(f"/tasks/{task.id}")
    hotline.site.engine.execute(CompleteUserTask(task.id, "leader_wang", DISPATCHED))
    response = slow.post(f"/tasks/{task.id}/complete", {**DISPATCHED, "dispatch_note": "请先抢修"})
    over = slow.get(response.location)
    assert (response.status_code, over.status_code) == (303, 410)
    assert "已由王建平于9月22日 10:00提交。你的意见已保存为草稿" in over.text
    assert "请先抢修" in over.text
    assert hotline.drafts("task:")[0]["dispatch_note"] == ["请先抢修"]


def test_a_draft_that_has_come_too_late_can_be_dropped(hotline):
    task = hotline.task(hotline.start())
    slow = hotline.as_("leader_zhao")
    hotline.site.engine.execute(CompleteUserTask(task.id, "leader_wang", DISPATCHED))
    slow.post(f"/tasks/{task.id}/complete", {**DISPATCHED, "dispatch_note": "请先抢修"})
    slow.post(f"/tasks/{task.id}/draft/drop")
    assert "请先抢修" not in slow.get(f"/tasks/{task.id}").text


def test_what_is_in_other_hands_shows_whose_and_one_s_own_draft(hotline):
    task = hotline.task(hotline.start())
    slow = hotline.as_("leader_zhao")
    slow.post(f"/tasks/{task.id}/draft", {"dispatch_note": "请先抢修"})
    hotline.site.engine.execute(ClaimUserTask(task.id, "leader_wang"))
    text = slow.get(f"/tasks/{task.id}").text
    assert "在王建平手上(9月22日 10:00 签收)" in text
    assert "请先抢修" in text
    assert "提交“交办工单”" not in text


def test_a_draft_is_kept_by_its_button_and_shown_next_time(hotline):
    task = hotline.task(hotline.start())
    browser = hotline.as_("leader_wang")
    assert browser.post(f"/tasks/{task.id}/draft", {"dispatch_note": "写了一半"}).status_code == 303
    text = browser.get(f"/tasks/{task.id}").text
    assert "写了一半" in text
    assert "这是 9月22日 10:00 保存的草稿" in text


def test_our_script_keeps_a_draft_in_passing_and_none_after_handing_in(hotline):
    task, part = hotline.task(hotline.start()), {"X-Part": "1"}
    browser = hotline.as_("leader_wang")
    assert "已自动保存" in browser.post(f"/tasks/{task.id}/draft", {"dispatch_note": "半句"}, headers=part).text
    browser.post(f"/tasks/{task.id}/complete", DISPATCHED)
    assert browser.post(f"/tasks/{task.id}/draft", {"dispatch_note": "半句"}, headers=part).status_code == 204
    assert hotline.drafts("task:") == []


def test_handing_in_forgets_the_draft(hotline):
    task = hotline.task(hotline.start())
    browser = hotline.as_("leader_wang")
    browser.post(f"/tasks/{task.id}/draft", {"dispatch_note": "写了一半"})
    browser.post(f"/tasks/{task.id}/complete", DISPATCHED)
    assert hotline.drafts("task:") == []


def test_a_second_round_starts_with_an_empty_form(hotline):
    number = hotline.dispatched()
    hotline.hand_in("clerk_roads_zhou", number, handle_result="rejected", reject_reason="不归我们管,请转交")
    text = hotline.as_("leader_wang").get(f"/tasks/{hotline.task(number).id}").text
    assert "不归我们管,请转交" in text
    assert 'value="city_roads" selected' not in text


def test_the_wrong_actor_may_look_and_not_touch(hotline):
    number = hotline.dispatched()
    task, leader = hotline.task(number), hotline.as_("leader_wang")
    page = leader.get(f"/tasks/{task.id}")
    assert "这件待办等候市政道路管理处 承办人员" in page.text
    assert leader.post(f"/tasks/{task.id}/complete", HANDLED).status_code == 403
    assert leader.post(f"/tasks/{task.id}/claim").status_code == 403


def test_strangers_find_no_task(hotline):
    task = hotline.task(hotline.dispatched())
    stranger = hotline.as_("clerk_water_wu")
    assert stranger.get(f"/tasks/{task.id}").status_code == 404
    for act in ("claim", "release", "complete", "draft", "draft/drop", "reveal", "urge", "extend", "transfer"):
        assert stranger.post(f"/tasks/{task.id}/{act}", HANDLED).status_code == 404, act


def test_a_limit_is_extended_by_the_office_with_a_reason_only(hotline):
    task, office = hotline.task(hotline.dispatched()), hotline.as_("office_chen")
    refused = office.post(f"/tasks/{task.id}/extend", {"by": "2个工作日", "reason": ""})
    assert (refused.status_code, "请写明延期的理由" in refused.text) == (422, True)
    assert 'value="2个工作日"' in refused.text
    office.post(f"/tasks/{task.id}/extend", {"by": "2个工作日", "reason": "等配件"})
    row = next(t for t in hotline.site.rows("user_task") if t.id == task.id)
    assert row.due_at - task.due_at > timedelta(days=1)


def test_an_extension_is_shown_before_it_is_granted_and_only_what_was_shown_is(hotline):
    task, office = hotline.task(hotline.dispatched()), hotline.as_("office_chen")
    shown = office.post(f"/tasks/{task.id}/extend", {"by": "2个工作日", "reason": "等配件", "look": "yes"}).text
    assert "延长 2个工作日 会这样" in shown and "等配件" in shown and 'name="shown" value="2个工作日"' in shown
    changed = office.post(f"/tasks/{task.id}/extend", {"by": "1个工作日", "shown": "2个工作日", "reason": "等配件"})
    assert (changed.status_code, "延长 1个工作日 会这样" in changed.text) == (200, True)
    assert next(t for t in hotline.site.rows("user_task") if t.id == task.id).due_at == task.due_at
    assert office.get(f"/tasks/{task.id}/extend").status_code == 200
    assert hotline.as_("clerk_roads_zhou").get(f"/tasks/{task.id}/extend").status_code == 303


def test_whoever_has_just_urged_is_told_when_they_may_again(hotline):
    task, leader = hotline.task(hotline.dispatched()), hotline.as_("leader_wang")
    assert "以后才能再催" not in leader.get(f"/tasks/{task.id}").text
    leader.post(f"/tasks/{task.id}/urge", {"text": "请尽快"})
    text = leader.get(f"/tasks/{task.id}").text
    assert "以后才能再催" in text and 'id="urge"' not in text


def test_a_limit_that_cannot_be_read_is_told_about_beside_it(hotline):
    task = hotline.task(hotline.dispatched())
    response = hotline.as_("office_chen").post(f"/tasks/{task.id}/extend", {"by": "好几天", "reason": "等配件"})
    assert response.status_code == 422
    assert "等配件" in response.text


def test_a_task_is_given_to_a_colleague_with_a_reason(hotline):
    task = hotline.task(hotline.start())
    browser = hotline.as_("leader_wang")
    assert browser.post(f"/tasks/{task.id}/transfer", {"to": "leader_zhao", "reason": ""}).status_code == 422
    browser.post(f"/tasks/{task.id}/transfer", {"to": "leader_zhao", "reason": "我要开会"})
    text = hotline.as_("leader_zhao").get("/").text
    assert "路灯不亮" in text
    assert browser.post(f"/tasks/{task.id}/transfer", {"to": "leader_zhao", "reason": "再转"}).status_code == 409


def test_a_task_is_put_back_for_the_others(hotline):
    task = hotline.task(hotline.start())
    browser = hotline.as_("leader_wang")
    browser.post(f"/tasks/{task.id}/claim")
    assert browser.post(f"/tasks/{task.id}/release").location == "/pool"
    assert "路灯不亮" in hotline.as_("leader_zhao").get("/pool").text


def test_done_and_started_lists_keep_what_one_did(hotline):
    number = hotline.dispatched()
    assert number in hotline.as_("leader_wang").get("/done").text
    agent = hotline.as_("agent_li")
    assert number in agent.get("/started?status=open").text
    assert number not in agent.get("/started?status=closed").text
