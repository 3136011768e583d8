"""Signatures on the task page: who is asked, what they say, what waits for them, and what stays when somebody was too late."""

import pytest

from engine import ClaimUserTask, DropSigner
from tests.web.support_hotline import furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]
ASKED = {"to": "吴倩", "mode": "before", "question": "管线是否受影响?"}
FORM = {"handle_result": "finished", "reply": "已修补平整", "told_caller": "yes", "handler_name": "周海"}
FORM |= {"feedback_channel": "network"}

SUBMIT = 'class="primary">提交“'


@pytest.fixture
def task(hotline):
    """A task of the roads office in clerk zhou's hands."""
    found = hotline.task(hotline.dispatched()).id
    hotline.site.engine.execute(ClaimUserTask(found, "clerk_roads_zhou"))
    return found


def post(hotline, person, task, act, said, follow=True):
    return hotline.as_(person).post(f"/tasks/{task}/{act}", said, follow_redirects=follow)


def test_who_is_asked_finds_an_opinion_form_instead_of_the_tasks_own(hotline, task):
    page = post(hotline, "clerk_roads_zhou", task, "ask_signers", ASKED).text
    assert "已加签" in page and "还差吴倩" in page and SUBMIT not in page
    colleague = hotline.as_("clerk_water_wu")
    assert "请你签署" in colleague.get("/").text
    page = colleague.get(f"/tasks/{task}").text
    assert "管线是否受影响?" in page and "签署同意" in page and 'id="task-form"' not in page
    post(hotline, "clerk_water_wu", task, "sign", {"verdict": "agree", "answer": "不受影响"})
    page = hotline.as_("clerk_roads_zhou").get(f"/tasks/{task}").text
    assert "不受影响" in page and SUBMIT in page and "吴倩签署“" in page


def test_answers_that_wait_are_shown_to_who_signs_them_and_come_back_as_a_draft(hotline, task):
    post(hotline, "clerk_roads_zhou", task, "ask_signers", {**ASKED, "mode": "after"})
    page = post(hotline, "clerk_roads_zhou", task, "complete", FORM).text
    assert "签完以后流程继续" in page and 'id="task-form"' not in page
    assert "已修补平整" in hotline.as_("clerk_water_wu").get(f"/tasks/{task}").text
    page = post(hotline, "clerk_water_wu", task, "sign", {"verdict": "disagree", "answer": " "})
    assert (page.status_code, "不同意要写明理由" in page.text) == (422, True)
    post(hotline, "clerk_water_wu", task, "sign", {"verdict": "disagree", "answer": "请写日期"})
    page = hotline.as_("clerk_roads_zhou").get(f"/tasks/{task}").text
    assert "保存的草稿" in page and "已修补平整" in page and "退给周海改" in page


def test_the_same_form_sent_again_while_it_waits_is_no_news(hotline, task):
    post(hotline, "clerk_roads_zhou", task, "ask_signers", {**ASKED, "mode": "after"})
    post(hotline, "clerk_roads_zhou", task, "complete", FORM)
    assert "你已经提交过了" in post(hotline, "clerk_roads_zhou", task, "complete", FORM).text
    changed = post(hotline, "clerk_roads_zhou", task, "complete", {**FORM, "reply": "另一种说法"}).text
    assert "正在等吴倩签署" in changed
    assert [row.answers["reply"] for row in hotline.site.rows("draft")] == [["另一种说法"]]


def test_a_refused_request_stays_as_typed(hotline, task):
    refused = post(hotline, "clerk_roads_zhou", task, "ask_signers", {**ASKED, "to": "吴倩、某某", "mode": "parallel"})
    assert refused.status_code == 422
    assert "没有叫“某某”的人" in refused.text and 'value="吴倩、某某"' in refused.text
    assert '<option value="parallel" selected>' in refused.text and "管线是否受影响?" in refused.text


def test_taking_off_the_last_says_that_the_case_goes_on_and_asks_why(hotline, task):
    post(hotline, "clerk_roads_zhou", task, "ask_signers", {**ASKED, "mode": "after"})
    page = post(hotline, "clerk_roads_zhou", task, "complete", FORM).text
    assert "减签以后流程就继续" in page
    without = post(hotline, "clerk_roads_zhou", task, "drop_signer", {"person": "clerk_water_wu", "reason": ""})
    assert without.status_code == 422
    said = {"person": "clerk_water_wu", "reason": "与管线无关"}
    assert "已减签" in post(hotline, "clerk_roads_zhou", task, "drop_signer", said).text
    assert [row.state for row in hotline.site.rows("user_task") if row.id == task] == ["completed"]


def test_words_that_come_too_late_are_shown_to_who_wrote_them(hotline, task):
    post(hotline, "clerk_roads_zhou", task, "ask_signers", ASKED)
    hotline.site.engine.execute(DropSigner(task, "clerk_roads_zhou", "clerk_water_wu", "不用了"))
    late = post(hotline, "clerk_water_wu", task, "sign", {"verdict": "agree", "answer": "写了半天的意见"})
    assert late.status_code == 409
    assert "不用再签" in late.text and "写了半天的意见" in late.text
