"""Asking a colleague on the task page: the question, the opinion, and what stays when somebody was too late."""

import pytest

from engine import ClaimUserTask, RecallDelegation
from tests.web.support_hotline import furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]
ASKED = {"to": "clerk_water_wu", "question": "下面有没有漏水?"}


@pytest.fixture
def task(hotline):
    """A task of the roads office in clerk zhou's hands."""
    found = hotline.task(hotline.dispatched()).id
    hotline.site.engine.execute(ClaimUserTask(found, "clerk_roads_zhou"))
    return found


def test_a_question_goes_to_a_colleague_and_the_opinion_comes_back_onto_the_page(hotline, task):
    clerk, colleague = hotline.as_("clerk_roads_zhou"), hotline.as_("clerk_water_wu")
    clerk.get(f"/tasks/{task}")
    assert clerk.post(f"/tasks/{task}/delegate", ASKED).status_code == 303
    assert "已委派" in clerk.get("/").text
    assert "问你意见" in colleague.get("/").text
    page = colleague.get(f"/tasks/{task}").text
    assert "下面有没有漏水?" in page and "提交意见" in page and 'id="task-form"' not in page
    assert colleague.post(f"/tasks/{task}/answer_delegation", {"answer": "没有漏水。"}).status_code == 303
    page = clerk.get(f"/tasks/{task}").text
    assert "没有漏水。" in page and 'id="task-form"' in page
    assert "吴倩" in page and "提意见" in page


def test_while_a_colleague_is_asked_the_form_is_away_and_the_task_can_be_taken_back(hotline, task):
    clerk = hotline.as_("clerk_roads_zhou")
    clerk.post(f"/tasks/{task}/delegate", ASKED)
    page = clerk.get(f"/tasks/{task}").text
    assert "收回委派" in page and 'id="task-form"' not in page
    assert clerk.post(f"/tasks/{task}/recall", {"reason": "已问到"}).status_code == 303
    page = clerk.get(f"/tasks/{task}").text
    assert 'id="task-form"' in page and "已问到" in page


def test_a_refused_question_stays_as_typed(hotline, task):
    refused = hotline.as_("clerk_roads_zhou").post(f"/tasks/{task}/delegate", {"to": "nobody", "question": "有水吗"})
    assert refused.status_code == 422
    assert "没有叫“nobody”的人" in refused.text and "有水吗" in refused.text and 'value="nobody"' in refused.text


def test_an_opinion_that_comes_too_late_is_shown_to_who_wrote_it(hotline, task):
    hotline.as_("clerk_roads_zhou").post(f"/tasks/{task}/delegate", ASKED)
    colleague = hotline.as_("clerk_water_wu")
    hotline.site.engine.execute(RecallDelegation(task, "clerk_roads_zhou"))
    late = colleague.post(f"/tasks/{task}/answer_delegation", {"answer": "写了半天的意见"})
    assert late.status_code == 409
    assert "不用再提意见" in late.text and "写了半天的意见" in late.text
