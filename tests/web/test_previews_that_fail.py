"""The pages that show what a verb would do, where the drawing fails on this very record: the reason, never an error page."""

import pytest

from engine import CompleteUserTask, Deploy, JumpPositions, StartInstance
from engine.domain.actors import SYSTEM
from tests.support.procedures import gateway, procedure, service, user
from tests.support.service_tasks import LetterBox, register_with
from tests.web.support_hotline import furnished_hotline, hotline

__all__ = ["furnished_hotline", "hotline"]

ADMIN, ZHOU = "admin_tang", "clerk_roads_zhou"
WRITTEN = "理由写了很长一段"


@pytest.fixture
def failing(hotline):
    """An order beside which somebody has said what makes the drawing fail: its number, and its tasks by element."""
    files = procedure(
        "failing",
        gateway("fork", "parallel"),
        user("a", priority="${10 // share}"),
        user("b"),
        user("c"),
        service("ask", "explode", {"word": "${value}"}, value="boom"),
        gateway("meet", "parallel"),
        flows="start >> fork >> a >> meet >> c >> ask >> end; fork >> b >> meet",
        forms={"b": "share:number"},
        fields="share:number word",
    )
    files["procedure.toml"] = files["procedure.toml"].replace(b'"agent"', b'"hotline_agent"')
    engine = hotline.site.engine
    engine.register = register_with(LetterBox())
    engine.execute(Deploy(files, SYSTEM.id))
    number = engine.execute(StartInstance("failing", "agent_li", {"share": 1})).number
    for element, said in (("b", {"share": 0}), ("a", {})):
        engine.execute(CompleteUserTask(hotline.task(number, element).id, ZHOU, said))
    return number, {row.element_id: row.id for row in hotline.site.rows("user_task")}


def test_a_jump_over_a_decision_with_a_bug(hotline, failing):
    number, _ = failing
    (at,) = [p.ident for p in hotline.site.engine.ask(JumpPositions(number), ADMIN)]
    said = "ask(ask):服务任务 explode 出错了:RuntimeError: 决定里有错误"
    browser = hotline.as_(ADMIN)
    shown = browser.get(f"/orders/{number}/jump?at={at}&to=ask")
    assert (shown.status_code, said in shown.text) == (200, True)
    done = browser.post(f"/orders/{number}/jump", {"at": at, "to": "ask", "reason": WRITTEN})
    assert (done.status_code, said in done.text, WRITTEN in done.text) == (422, True, True)
    assert hotline.task(number, "c")


def test_a_withdrawal_of_a_step_that_cannot_be_entered_again(hotline, failing):
    number, tasks = failing
    browser = hotline.as_(ZHOU)
    for answer in (browser.get(f"/tasks/{tasks['a']}/withdraw"), browser.post(f"/tasks/{tasks['a']}/withdraw")):
        assert (answer.status_code, "除数是零" in answer.text) == (422, True)
    assert hotline.task(number, "c")


def test_a_return_to_a_step_that_cannot_be_entered_again(hotline, failing):
    number, tasks = failing
    browser, page = hotline.as_(ZHOU), f"/tasks/{tasks['c']}/return"
    shown = browser.get(f"{page}?to={tasks['a']}")
    assert (shown.status_code, "除数是零" in shown.text) == (200, True)
    assert f"to={tasks['b']}" in shown.text  # another step may still be chosen
    done = browser.post(page, {"to": str(tasks["a"]), "reason": WRITTEN})
    assert (done.status_code, "除数是零" in done.text, WRITTEN in done.text) == (422, True, True)
    assert hotline.task(number, "c")
