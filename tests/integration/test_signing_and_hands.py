"""Signatures asked for while a task changes hands, ends otherwise, fails, or is signed by several in the same second."""

import pytest

from engine import (
    AddSubstitute,
    AskSigners,
    CompleteUserTask,
    DelegateUserTask,
    DropSigner,
    HandOverTasks,
    SendBack,
    ShowDraft,
    SignUserTask,
    TransferUserTask,
)
from engine.domain.actors import SYSTEM
from engine.domain.errors import Conflict, NotAllowed, StaleState, StepFailed
from tests.support.offices import MONDAY, at
from tests.support.procedures import procedure, service, user
from tests.support.races import race, refusals
from tests.support.signing import QUESTION, ask, events, hand_in, open_desk, sign, todo


@pytest.fixture
def desk(office):
    return open_desk(office)


def test_whoever_is_asked_stays_asked_while_the_task_changes_hands(desk):
    ask(desk, "mei")
    desk.release("draft", "zhou")
    assert todo(desk, "mei") == ["draft"]
    desk.claim("draft", "wu")
    assert (todo(desk, "mei"), todo(desk, "wu")) == (["draft"], ["draft"])
    desk.engine.execute(TransferUserTask(desk.open_task("draft").id, "wu", "zheng", "请假"))
    assert (todo(desk, "mei"), todo(desk, "zheng"), todo(desk, "wu")) == (["draft"], ["draft"], [])
    desk.engine.execute(HandOverTasks("zheng", "zhou", "离职", SYSTEM.id))
    assert todo(desk, "mei") == ["draft"]
    with pytest.raises(Conflict, match="梅路人"):
        hand_in(desk)


def test_answers_do_not_outlive_the_hands_they_came_from(desk):
    ask(desk, "mei", "feng", mode="after")
    hand_in(desk)
    sign(desk, "feng")
    task = desk.open_task("draft")
    desk.engine.execute(TransferUserTask(task.id, "sun", "wu", "请假"))
    assert (desk.open_task("draft").held, todo(desk, "mei")) == (None, [])
    assert desk.engine.ask(ShowDraft(f"task:{task.id}"), "zhou")[0] == {"text": "拟办"}
    hand_in(desk, who="wu", text="吴的")
    assert sorted([*todo(desk, "mei"), *todo(desk, "feng")]) == ["draft", "draft"]
    sign(desk, "mei")
    sign(desk, "feng")
    assert (desk.record(), events(desk, "UserTaskCompleted")[0].actor) == ({"text": "吴的"}, "wu")


def test_who_gets_the_task_does_not_sign_it_as_well(desk):
    ask(desk, "wu")
    desk.engine.execute(TransferUserTask(desk.open_task("draft").id, "zhou", "wu", "请假"))
    assert hand_in(desk, who="wu") is False
    assert [e.payload["to"] for e in events(desk, "SignerTakenOff")] == ["wu"]


def test_a_candidate_who_hands_in_a_free_task_holds_it_until_it_is_signed(desk):
    ask(desk, "mei", mode="after")
    desk.release("draft", "zhou")
    assert hand_in(desk, who="wu") is True
    assert desk.open_task("draft").assignee == "wu"
    sign(desk, "mei")
    assert events(desk, "UserTaskCompleted")[0].actor == "wu"


def test_a_task_that_goes_back_is_not_signed_any_more(desk):
    hand_in(desk)
    first = desk.past_tasks()[0]
    desk.claim("check", "wu")
    check = desk.open_task("check")
    desk.engine.execute(AskSigners(check.id, "wu", ["mei"], "after", QUESTION))
    desk.engine.execute(CompleteUserTask(check.id, "wu", {}))
    assert todo(desk, "mei") == ["check"]
    desk.engine.execute(SendBack(check.id, "wu", first.id, "重拟"))
    assert todo(desk, "mei") == []
    with pytest.raises(Conflict):
        desk.engine.execute(SignUserTask(check.id, "mei", True, ""))


def test_of_two_who_sign_last_in_the_same_second_both_count_and_the_case_goes_on_once(desk):
    ask(desk, "mei", "feng", mode="after")
    hand_in(desk)
    task, other = desk.open_task("draft").id, desk.another_engine()
    results = race(
        [
            lambda: desk.engine.execute(SignUserTask(task, "mei", True)),
            lambda: other.execute(SignUserTask(task, "feng", True)),
        ]
    )
    assert refusals(results) == []
    assert (desk.open_tasks(), len(events(desk, "UserTaskCompleted"))) == (["check"], 1)


def test_of_signing_and_being_taken_off_in_the_same_second_one_is_told(desk):
    ask(desk, "mei")
    task, other = desk.open_task("draft").id, desk.another_engine()
    results = race(
        [
            lambda: desk.engine.execute(SignUserTask(task, "mei", True)),
            lambda: other.execute(DropSigner(task, "zhou", "mei", "不用了")),
        ]
    )
    [refused] = refusals(results)
    assert isinstance(refused, Conflict) and not isinstance(refused, StaleState)


def test_a_diagram_that_fails_at_the_last_signature_loses_nothing(office):
    drawn = [user("draft"), service("boom", "explode", {"checked": "${value}"}, value="${word}")]
    office.deploy(procedure("broken", *drawn, flows="start >> draft >> boom >> end", forms={"draft": "word"}))
    office.start("broken")
    office.claim("draft", "zhou")
    ask(office, "mei", mode="after")
    office.engine.execute(CompleteUserTask(office.open_task("draft").id, "zhou", {"word": "boom"}))
    with pytest.raises(StepFailed):
        sign(office, "mei")
    assert (len(office.incidents()), todo(office, "mei"), office.open_task("draft").held["by"]) == (
        1,
        ["draft"],
        "zhou",
    )
    assert events(office, "UserTaskSigned") == []


def stand_in(office, away, person):
    office.engine.execute(AddSubstitute(away, person, MONDAY, at("2025-09-24 18:00"), (), "出差", away))


def test_a_stand_in_signs_in_anothers_name_and_both_are_named(desk):
    ask(desk, "mei", mode="after")
    stand_in(desk, "mei", "zheng")
    hand_in(desk)
    assert todo(desk, "zheng") == ["draft"]
    sign(desk, "zheng")
    [signed] = events(desk, "UserTaskSigned")
    assert (signed.actor, signed.payload["on_behalf"]) == ("zheng", "mei")
    assert desk.open_tasks() == ["check"]


def test_nobody_signs_in_anothers_name_what_they_hand_in_themselves(desk):
    ask(desk, "mei", mode="after")
    stand_in(desk, "mei", "zhou")
    hand_in(desk)
    with pytest.raises(NotAllowed, match="不能代别人签署"):
        sign(desk, "zhou")


def test_what_a_stand_in_hands_in_counts_with_both_names_when_it_is_signed(desk):
    stand_in(desk, "zhou", "wu")
    ask(desk, "mei", mode="after", who="wu")
    hand_in(desk, who="wu")
    sign(desk, "mei")
    [done] = events(desk, "UserTaskCompleted")
    row = desk.past_tasks()[0]
    assert (done.actor, done.payload["on_behalf"], row.ended_by, row.on_behalf) == ("wu", "zhou", "wu", "zhou")


def test_answers_that_wait_are_not_delegated(desk):
    ask(desk, "mei", mode="after")
    hand_in(desk)
    with pytest.raises(Conflict, match="等人签署"):
        desk.engine.execute(DelegateUserTask(desk.open_task("draft").id, "zhou", "feng", "怎么看"))
