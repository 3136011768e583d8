"""Written reminders on an order's page: a supervisor issues one, whoever holds the step answers, the timeline tells."""

import pytest

from tests.web.support_hotline import HANDLED, furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]


@pytest.fixture
def number(hotline):
    return hotline.dispatched()


def supervise(hotline, number, text="请说明进展", person="office_chen", task=None):
    said = {"task": str(task or hotline.task(number).id), "text": text, "within": "2小时(工作时间)"}
    return hotline.as_(person).post(f"/orders/{number}/supervise", said, follow_redirects=True)


def slip(hotline):
    return hotline.site.rows("slip")[-1]


def test_a_supervisor_finds_the_button_and_others_do_not(hotline, number):
    assert "发督办单" in hotline.as_("office_chen").get(f"/orders/{number}").text
    assert "发督办单" not in hotline.as_("clerk_roads_zhou").get(f"/orders/{number}").text


def test_a_slip_stands_on_the_order_with_its_number_and_the_time_for_its_answer(hotline, number):
    shown = supervise(hotline, number).text
    assert f"{number}-督1" in shown
    assert "前答复" in shown
    assert "请说明进展" in shown


def test_whoever_does_the_step_answers_on_the_page_and_everybody_reads_it(hotline, number):
    supervise(hotline, number)
    assert "提交答复" in hotline.as_("clerk_roads_zhou").get(f"/orders/{number}").text
    answered = {"slip": str(slip(hotline).id), "text": "材料明天到，后天办完"}
    hotline.as_("clerk_roads_zhou").post(f"/orders/{number}/answer", answered)
    shown = hotline.as_("office_chen").get(f"/orders/{number}").text
    assert shown.count("材料明天到，后天办完") >= 2
    assert "提交答复" not in shown


@pytest.mark.parametrize("text", ["", "好"])
def test_an_answer_without_words_is_refused_beside_its_field(hotline, number, text):
    supervise(hotline, number)
    answer = hotline.as_("clerk_roads_zhou").post(f"/orders/{number}/answer", {"slip": slip(hotline).id, "text": text})
    assert (answer.status_code, "请写明答复" in answer.text) == (422, True)


def test_a_step_that_is_done_is_supervised_no_more(hotline, number):
    assert "已经办完" in supervise(hotline, number, task=1).text


def test_a_slip_of_another_order_cannot_be_answered_here(hotline, number):
    supervise(hotline, number)
    other = hotline.dispatched()
    said = {"slip": slip(hotline).id, "text": "不归我"}
    assert hotline.as_("clerk_roads_zhou").post(f"/orders/{other}/answer", said).status_code == 404


def test_the_task_page_shows_its_slips_and_takes_the_answer(hotline, number):
    supervise(hotline, number)
    task, zhou = hotline.task(number), hotline.as_("clerk_roads_zhou")
    assert "提交答复" in zhou.get(f"/tasks/{task.id}").text
    short = zhou.post(f"/tasks/{task.id}/answer", {"slip": slip(hotline).id, "text": "好"})
    assert (short.status_code, "请写明答复" in short.text) == (422, True)
    said = {"slip": slip(hotline).id, "text": "材料明天到"}
    shown = zhou.post(f"/tasks/{task.id}/answer", said, follow_redirects=True).text
    assert "材料明天到" in shown
    assert "提交答复" not in shown


def test_a_slip_of_another_task_cannot_be_answered_there(hotline, number):
    supervise(hotline, number)
    other = hotline.task(hotline.dispatched())
    said = {"slip": slip(hotline).id, "text": "不归我"}
    assert hotline.as_("clerk_roads_zhou").post(f"/tasks/{other.id}/answer", said).status_code == 404


def test_a_task_that_owes_an_answer_is_marked_in_the_lists_until_it_is_given(hotline, number):
    zhou, urging = hotline.as_("clerk_roads_zhou"), "催办单要在"
    assert urging not in zhou.get("/pool").text
    hotline.as_("leader_wang").post(f"/tasks/{hotline.task(number).id}/urge", {"text": "请抓紧"})
    assert (urging in zhou.get("/pool").text, ">催</span>" in zhou.get("/pool").text) == (True, True)
    supervise(hotline, number)
    zhou.post(f"/tasks/{hotline.task(number).id}/claim")
    assert ("督办单要在" in zhou.get("/").text, urging in zhou.get("/").text) == (True, False)
    for each in hotline.site.rows("slip"):
        zhou.post(f"/orders/{number}/answer", {"slip": each.id, "text": "马上办"})
    assert "要在" not in zhou.get("/").text


def test_a_cancelled_order_says_why_no_answer_is_possible(hotline, number):
    supervise(hotline, number)
    hotline.as_("office_chen").post(f"/orders/{number}/cancel", {"reason": "重复登记"})
    shown = hotline.as_("clerk_roads_zhou").get(f"/orders/{number}").text
    assert "工单已经结束,不用再答复" in shown
    assert "提交答复" not in shown


def test_a_step_that_is_done_says_who_did_it_instead_of_an_answer(hotline, number):
    supervise(hotline, number)
    hotline.hand_in("clerk_roads_zhou", number, **HANDLED)
    shown = hotline.as_("office_chen").get(f"/orders/{number}").text
    assert "这一步已由" in shown
    assert "提交答复" not in shown


def test_in_a_paused_order_the_answer_waits_too(hotline, number):
    supervise(hotline, number)
    hotline.as_("office_chen").post(f"/orders/{number}/pause", {"reason": "等来电人", "kind": "caller", "review": ""})
    assert "恢复后,要答复的时间往后移" in hotline.as_("clerk_roads_zhou").get(f"/orders/{number}").text


def test_urging_again_too_soon_is_refused_with_the_time(hotline, number):
    urge = f"/tasks/{hotline.task(number).id}/urge"
    hotline.as_("leader_wang").post(urge, {"text": "请抓紧"})
    again = hotline.as_("leader_wang").post(urge, {"text": "再催一次"})
    assert (again.status_code, "以后才能再催" in again.text) == (422, True)
