"""Written reminders on an order's page: a supervisor issues one, whoever holds the step answers, the timeline tells."""

import pytest

from tests.web.support_hotline import furnished_hotline, hotline

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


def test_urging_again_too_soon_is_refused_with_the_time(hotline, number):
    urge = f"/tasks/{hotline.task(number).id}/urge"
    hotline.as_("leader_wang").post(urge, {"text": "请抓紧"})
    again = hotline.as_("leader_wang").post(urge, {"text": "再催一次"})
    assert (again.status_code, "以后才能再催" in again.text) == (422, True)
