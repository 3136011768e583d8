"""Whoever's form comes too late, because somebody was faster, gets back every word they wrote and learns what happened."""

import pytest

from engine import CancelOrder, CompleteUserTask
from tests.web.support_hotline import HANDLED, furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]

WORDS = "这几句是我刚刚写的,不能丢"
ON_TASK = {
    "transfer": ("leader_wang", {"to": "clerk_roads_wu", "reason": WORDS}),
    "urge": ("leader_wang", {"text": WORDS}),
    "extend": ("office_chen", {"by": "1个工作日", "reason": WORDS}),
    "delegate": ("clerk_roads_zhou", {"to": "leader_wang", "question": WORDS}),
    "ask_signers": ("clerk_roads_zhou", {"to": "leader_wang", "mode": "before", "question": WORDS}),
    "return": ("clerk_roads_zhou", {"to": "1", "reason": WORDS}),
    "answer_delegation": ("clerk_roads_zhou", {"answer": WORDS}),
    "sign": ("clerk_roads_zhou", {"agrees": "yes", "answer": WORDS}),
    "drop_signer": ("clerk_roads_zhou", {"person": "leader_wang", "reason": WORDS}),
}
ON_ORDER = {
    "pause": ("clerk_roads_zhou", {"kind": "other", "reason": WORDS}),
    "resume": ("office_chen", {"note": WORDS}),
    "cancel": ("office_chen", {"reason": WORDS}),
    "supervise": ("office_chen", {"text": WORDS}),
    "suspend": ("admin_tang", {"reason": WORDS}),
    "terminate": ("admin_tang", {"reason": WORDS}),
    "go_on": ("admin_tang", {"reason": WORDS}),
}


@pytest.fixture
def begun(hotline):
    """Gives an order in the hands of the roads office's clerk, and the task."""
    number = hotline.dispatched()
    task = hotline.task(number)
    hotline.as_("clerk_roads_zhou").post(f"/tasks/{task.id}/claim")
    return number, task.id


def kept(answer):
    assert answer.status_code in (403, 404, 409, 410, 422), answer.headers.get("Location")
    assert WORDS in answer.text
    return answer.text


@pytest.mark.parametrize("act", ON_TASK)
def test_of_a_task_that_is_done_meanwhile(hotline, begun, act):
    number, task = begun
    who, said = ON_TASK[act]
    browser = hotline.as_(who)
    browser.get(f"/tasks/{task}")
    hotline.site.engine.execute(CompleteUserTask(task, "clerk_roads_zhou", HANDLED))
    kept(browser.post(f"/tasks/{task}/{act}", said))


@pytest.mark.parametrize("act", ON_ORDER)
def test_of_an_order_that_is_cancelled_meanwhile(hotline, begun, act):
    number, task = begun
    who, said = ON_ORDER[act]
    browser = hotline.as_(who)
    browser.get(f"/orders/{number}")
    hotline.site.engine.execute(CancelOrder(number, "agent_li", "来电人不再要"))
    kept(browser.post(f"/orders/{number}/{act}", {"task": task, **said}))
