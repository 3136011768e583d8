"""直达退回人: a step is done again alone, and the case is back where it was sent from."""

import pytest

from engine import PreviewSendBack, PreviewWithdrawal, ReturnTargets, SendBack, WithdrawStep
from engine.domain.errors import Conflict
from tests.integration.test_returns import beside, chain, signing
from tests.support.jumping import jump
from tests.support.procedures import procedure, user
from tests.support.sending_back import send_back, targets


def straight(office, element, actor, to):
    """Send straight; what opens and closes is what was previewed."""
    task = office.open_task(element)
    target = next(t for t in office.engine.ask(ReturnTargets(task.id), actor) if t.element_id == to)
    seen = office.engine.ask(PreviewSendBack(task.id, target.task_id, True), actor)
    office.engine.execute(SendBack(task.id, actor, target.task_id, "只差一个数", True))
    assert [name for name, _, _ in seen.opens] == [to]
    assert [name for _, name, _ in seen.closes] == [element]
    return seen


def test_what_lies_between_stands_and_the_sender_goes_on(office):
    chain(office)
    office.complete("a", "zhou", said_a="甲", days=1)
    office.complete("b", "wu", said_b="乙")
    office.claim("c", "wu")
    seen = straight(office, "c", "wu", "a")
    assert [step.name for step in seen.undone] == ["a"]
    assert office.open_tasks() == ["a"]
    assert office.record()["said_b"] == "乙"
    assert office.record().get("said_a") is None
    office.restart()
    office.complete("a", "zhou", said_a="丙", days=3)
    task = office.open_task("c")
    assert (task.assignee, task.returned["redone"]) == ("wu", True)
    assert office.record()["said_a"] == "丙"
    office.complete("c", "wu", said_c="丁")
    assert office.case().status == "closed"


def test_afterwards_every_step_is_known_to_have_come_of_it(office):
    chain(office)
    office.complete("a", "zhou", said_a="甲")
    office.complete("b", "wu", said_b="乙")
    straight(office, "c", "wu", "a")
    office.complete("a", "zhou", said_a="丙")
    assert targets(office, "c") == [("a", ""), ("b", "")]
    seen = send_back(office, "c", "wu", "a")
    assert sorted(step.name for step in seen.undone) == ["a", "b"]
    assert {k: v for k, v in office.record().items() if v is not None} == {}
    for name in "abc":
        office.complete(name, "zhou")
    assert office.case().status == "closed"


def test_sent_further_back_the_way_straight_is_forgotten(office):
    chain(office)
    office.complete("a", "zhou", said_a="甲")
    office.complete("b", "wu", said_b="乙")
    straight(office, "c", "wu", "b")
    send_back(office, "b", "wu", "a")
    for name in "abc":
        assert office.open_tasks() == [name]
        office.complete(name, "zhou")
    assert office.case().status == "closed"


def test_past_a_join_the_others_are_not_asked_to_wait(office):
    beside(office)
    office.complete("a", "zhou", said_a="甲")
    office.complete("b1", "wu", said_b1="一")
    office.complete("b2", "wu", said_b2="二")
    straight(office, "c", "zhou", "b1")
    office.complete("b1", "wu", said_b1="三")
    assert office.open_tasks() == ["c"]
    assert [office.record()[f"said_{name}"] for name in ("a", "b1", "b2")] == ["甲", "三", "二"]
    office.complete("c", "zhou")
    assert office.case().status == "closed"


def test_of_several_signers_only_every_step_again(office):
    signing(office)
    for item, who in enumerate(("zhou", "wu", "zheng")):
        office.complete("sign", who, str(item), opinion="好")
    task = office.open_task("decide")
    found = office.engine.ask(ReturnTargets(task.id), "zhou")
    assert [t.straight for t in found if t.element_id == "sign"] == [False] * 3
    with pytest.raises(Conflict, match="逐级重走"):
        office.engine.execute(SendBack(task.id, "zhou", found[0].task_id, "只差一个数", True))
    assert office.open_tasks() == ["decide"]


def test_what_a_limit_has_begun_beside_the_step_stays_when_the_case_goes_straight_on(office):
    chain(office)
    office.complete("a", "zhou")
    office.complete("b", "wu")
    straight(office, "c", "wu", "b")
    office.work_at("2025-09-25 10:00")
    assert office.open_tasks() == ["b", "late"]
    office.complete("b", "wu")
    assert office.open_tasks() == ["c", "late"]
    for name in ("c", "late"):
        office.complete(name, "wu")
    assert office.case().status == "closed"


def test_a_jump_away_from_such_a_step_forgets_the_way_straight(office):
    chain(office)
    office.complete("a", "zhou", said_a="甲")
    office.complete("b", "wu", said_b="乙")
    straight(office, "c", "wu", "a")
    jump(office, "a", to="b")
    office.complete("b", "wu", said_b="丙")
    assert office.open_tasks() == ["c"]
    assert targets(office, "c") == [("b", "")]


def between(office, *done):
    """A chain of four in which each step writes down its name, some of them done."""
    names = ("a", "b", "c", "d")
    forms = {name: f"said_{name}" for name in names}
    files = procedure("between", *map(user, names), flows="start >> a >> b >> c >> d >> end", forms=forms)
    office.deploy(files)
    office.start("between")
    for name in done:
        office.complete(name, "zhou", **{f"said_{name}": "一"})


@pytest.mark.parametrize("redone", [False, True])
def test_sent_further_back_what_had_stood_between_is_undone_too(office, redone):
    between(office, "a", "b", "c")
    straight(office, "d", "wu", "b")
    if redone:
        office.complete("b", "zhou", said_b="二")
    seen = send_back(office, *(("d", "wu") if redone else ("b", "zhou")), "a")
    assert [step.name for step in seen.undone] == (["a", "c", "b"] if redone else ["a", "c"])
    assert {k: v for k, v in office.record().items() if v is not None} == {}
    for name in "abcd":
        office.complete(name, "zhou")
    assert office.case().status == "closed"


def test_while_a_step_is_done_again_alone_the_one_before_is_not_withdrawn(office):
    between(office, "a", "b", "c")
    straight(office, "d", "wu", "b")
    first = next(t.id for t in office.past_tasks() if t.element_id == "a")
    with pytest.raises(Conflict, match="已经有人办了"):
        office.engine.execute(WithdrawStep(first, "zhou"))


def test_a_branch_withdrawn_meanwhile_is_waited_for_and_nothing_comes_twice(office):
    beside(office)
    for name in ("a", "b1", "b2"):
        office.complete(name, "zhou", **{f"said_{name}": "一"})
    straight(office, "c", "wu", "b1")
    other = next(t.id for t in office.past_tasks() if t.element_id == "a")
    seen = office.engine.ask(PreviewWithdrawal(other), "zhou")
    assert [step.name for step in seen.undone] == ["a", "b2"]
    office.engine.execute(WithdrawStep(other, "zhou"))
    assert office.record().get("said_b2") is None
    for name, rest in (("b1", ["a", "b2"]), ("b2", ["a"]), ("a", ["c"])):
        office.complete(name, "zhou")
        assert office.open_tasks() == rest
    office.complete("c", "zhou")
    assert office.case().status == "closed"


def test_past_a_join_then_further_back_whoever_was_done_again_waits_there(office):
    beside(office)
    for name in ("b1", "a", "b2"):
        office.complete(name, "zhou")
    straight(office, "c", "wu", "b2")
    office.complete("b2", "zhou")
    send_back(office, "c", "wu", "a")
    assert office.open_tasks() == ["a"]
    office.complete("a", "zhou")
    assert office.open_tasks() == ["c"]
