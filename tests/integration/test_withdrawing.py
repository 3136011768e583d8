"""Withdrawing one's own last step, until somebody has opened what came of it; and who is first when both move at once."""

import pytest

from engine import CompleteUserTask, OpenUserTask, PreviewWithdrawal, SendBack, WithdrawStep
from engine.domain.errors import Conflict, EngineError, NotAllowed
from tests.support.procedures import procedure, service, user
from tests.support.races import race, refusals


def begin(office):
    """a, then b: zhou has done a."""
    files = procedure("two", user("a"), user("b"), flows="start >> a >> b >> end", forms={"a": "said_a", "b": "said_b"})
    office.deploy(files)
    office.start("two")
    office.complete("a", "zhou", said_a="甲")
    return next(task.id for task in office.past_tasks() if task.element_id == "a")


def test_a_step_is_withdrawn_while_nobody_has_opened_the_next(office):
    done = begin(office)
    seen = office.engine.ask(PreviewWithdrawal(done), "zhou")
    assert [name for _, name, _ in seen.closes] == ["b"]
    office.engine.execute(WithdrawStep(done, "zhou", "写错了"))
    assert office.open_tasks() == ["a"]
    assert office.open_task("a").assignee == "zhou"
    assert office.record().get("said_a") is None
    assert office.history().count("StepWithdrawn") == 1
    office.complete("a", "zhou", said_a="乙")
    office.complete("b", "wu")
    assert office.case().status == "closed"


@pytest.mark.parametrize("act", ["open", "claim"])
def test_once_the_next_is_opened_it_is_too_late(office, act):
    done = begin(office)
    if act == "open":
        office.engine.execute(OpenUserTask(office.open_task("b").id, "wu"))
    else:
        office.claim("b", "wu")
    with pytest.raises(Conflict, match="已经有人打开"):
        office.engine.execute(WithdrawStep(done, "zhou"))
    assert office.open_tasks() == ["b"]


def test_looking_on_is_not_opening(office):
    done = begin(office)
    office.engine.execute(OpenUserTask(office.open_task("b").id, "sun"))
    office.engine.execute(WithdrawStep(done, "zhou"))
    assert office.open_tasks() == ["a"]


def test_only_ones_own_step_and_only_the_last(office):
    done = begin(office)
    with pytest.raises(NotAllowed):
        office.engine.execute(WithdrawStep(done, "wu"))
    with pytest.raises(NotAllowed):
        office.engine.execute(WithdrawStep(office.open_task("b").id, "zhou"))
    office.complete("b", "wu")
    with pytest.raises(Conflict):
        office.engine.execute(WithdrawStep(done, "zhou"))


def test_what_a_worker_has_begun_is_not_withdrawn(office):
    files = procedure(
        "sent", user("a"), service("mail", "send_letter", to="x"), user("b"), flows="start >> a >> mail >> b >> end"
    )
    office.deploy(files)
    office.start("sent")
    office.complete("a", "zhou")
    done = next(task.id for task in office.past_tasks() if task.element_id == "a")
    with pytest.raises(Conflict, match="自动处理"):
        office.engine.execute(WithdrawStep(done, "zhou"))
    office.worker.drain()
    with pytest.raises(Conflict):
        office.engine.execute(WithdrawStep(done, "zhou"))


RIVALS = {
    "withdraw": lambda office, done, b: WithdrawStep(done, "zhou"),
    "send_back": lambda office, done, b: SendBack(b, "wu", done, "材料不全"),
    "complete": lambda office, done, b: CompleteUserTask(b, "wu", {"said_b": "乙"}),
}


@pytest.mark.parametrize(
    ("one", "other"), [("withdraw", "complete"), ("withdraw", "send_back"), ("send_back", "complete")]
)
def test_of_two_in_the_same_second_one_wins_and_the_other_is_told(office, one, other):
    done = begin(office)
    b = office.open_task("b").id
    acts = [RIVALS[name](office, done, b) for name in (one, other)]
    engines = [office.engine, office.another_engine()]
    results = race([lambda e=e, a=a: e.execute(a) for e, a in zip(engines, acts, strict=True)])
    (refused,) = refusals(results)
    assert isinstance(refused, EngineError)
    assert str(refused)
    kinds = office.history()
    assert (
        sum(kinds.count(kind) for kind in ("StepWithdrawn", "UserTaskSentBack")) + kinds.count("UserTaskCompleted") == 2
    )


def test_two_send_back_the_same_task_at_once(office):
    done = begin(office)
    b = office.open_task("b").id
    engines = [office.engine, office.another_engine()]
    results = race(
        [
            lambda e=e, who=who: e.execute(SendBack(b, who, done, "材料不全"))
            for e, who in zip(engines, ("wu", "zhou"), strict=True)
        ]
    )
    assert len(refusals(results)) == 1
    assert office.open_tasks() == ["a"]
    assert office.history().count("UserTaskSentBack") == 1
