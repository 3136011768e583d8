"""Handing a leaver's work over (离职转办): everything moves, goes back, ends or stays and is named, as the preview said."""

from datetime import date

import pytest

from engine import (
    AddDutyTurn,
    AddSubstitute,
    AnswerDelegation,
    AskSigners,
    CompleteUserTask,
    DelegateUserTask,
    DisablePerson,
    HandOverTasks,
    Inbox,
    PlanHandOver,
    PutRoster,
    ReleaseUserTask,
    ResumeInstance,
    SaveDraft,
    ShowDraft,
    SignUserTask,
    SuspendInstance,
)
from engine.domain.errors import Conflict, EngineError, Invalid, NotAllowed
from tests.support.offices import at
from tests.support.procedures import each, procedure, user
from tests.support.races import race, refusals

ORDERS = 3


def hand_over(office, to="wu", person="zhou"):
    return office.engine.execute(HandOverTasks(person, to, "调离", "root"))


def planned(office, to="wu"):
    """Give the fates of zhou's tasks as the preview tells them: names by fate."""
    plan = office.engine.ask(PlanHandOver("zhou", to), "root")
    return {fate: len(tasks) for fate, tasks in plan.tasks.items()}


def rows(office, who, box="todo"):
    return [row.task_id for row in office.engine.ask(Inbox(box), who).rows]


def told(office, notice):
    return [row.person for row in office.rows("notification") if row.notice == notice]


def lend(office, who, to):
    office.claim("approve", who)
    office.engine.execute(DelegateUserTask(office.open_task("approve").id, who, to, "路面承重够不够"))
    return office.open_task("approve").id


def test_a_leavers_tasks_go_to_somebody_who_could_have_been_given_them(leave):
    leave.claim("approve", "zhou")
    done = leave.engine.execute(HandOverTasks("zhou", "wu", "调离", "root"))
    assert (done.moved, done.kept, leave.open_task("approve").assignee) == (1, [], "wu")
    assert leave.history()[-2:] == ["UserTaskHandedOver", "NoticePut"]
    assert [len(leave.engine.ask(Inbox("todo"), who).rows) for who in ("zhou", "wu")] == [0, 1]


def test_a_task_the_receiver_could_not_be_given_stays_and_is_named(leave):
    leave.claim("approve", "zhou")
    done = leave.engine.execute(HandOverTasks("zhou", "zheng", "调离", "root"))
    assert (done.moved, done.kept, leave.open_task("approve").assignee) == (0, [f"{leave.number} 审批"], "zhou")


def test_tasks_are_handed_over_after_the_leaver_is_disabled(leave):
    leave.claim("approve", "zhou")
    leave.engine.execute(DisablePerson("zhou", "root"))
    assert leave.engine.execute(HandOverTasks("zhou", "wang", "离职", "root")).moved == 1


@pytest.mark.parametrize(
    ("to", "reason"), [("zhou", "调离"), ("nobody", "调离"), ("wu", " ")], ids=["self", "unknown", "no reason"]
)
def test_a_hand_over_needs_a_receiver_and_a_reason(leave, to, reason):
    with pytest.raises(Invalid):
        leave.engine.execute(HandOverTasks("zhou", to, reason, "root"))


def test_what_the_leaver_lent_out_is_answered_to_the_receiver(leave):
    task = lend(leave, "zhou", "mei")
    assert planned(leave) == {"asking": 1}
    assert hand_over(leave).moved == 1
    assert (leave.open_task("approve").assignee, leave.open_task("approve").owner) == ("mei", "wu")
    assert (rows(leave, "zhou"), rows(leave, "wu")) == ([], [task])
    leave.engine.execute(AnswerDelegation(task, "mei", "够"))
    leave.complete("approve", "wu", verdict="yes")


def test_what_was_lent_to_the_receiver_is_theirs_from_now_on(leave):
    lend(leave, "zhou", "wu")
    assert planned(leave) == {"given": 1}
    hand_over(leave)
    assert (leave.open_task("approve").assignee, leave.open_task("approve").owner) == ("wu", None)


def test_what_was_lent_to_the_leaver_goes_back_to_who_asked(leave):
    task = lend(leave, "wu", "zhou")
    assert planned(leave, "wang") == {"returned": 1}
    done = hand_over(leave, "wang")
    assert (done.moved, done.returned) == (0, 1)
    assert (leave.open_task("approve").assignee, leave.open_task("approve").owner) == ("wu", None)
    assert (rows(leave, "wang"), rows(leave, "wu"), told(leave, "transferred")) == ([], [task], ["wu"])
    with pytest.raises(Conflict):
        leave.engine.execute(AnswerDelegation(task, "zhou", "够"))


def test_what_is_free_and_offered_to_the_leaver_by_name_is_offered_to_the_receiver(office):
    office.deploy(procedure("errand", user("do", groups="person:zhou,unit_leader"), flows="start >> do >> end"))
    office.start("errand")
    assert planned(office, "mei") == {"offered": 1}
    assert hand_over(office, "mei").moved == 1
    assert (office.open_task("do").assignee, office.open_task("do").groups) == (None, ["person:mei", "unit_leader"])
    assert rows(office, "zhou") == rows(office, "zhou", "pool") == []
    office.claim("do", "mei")
    office.complete("do", "mei")


def test_who_takes_the_place_of_a_named_person_may_put_the_task_back_for_the_others(office):
    office.deploy(procedure("errand", user("do", groups="person:zhou,unit_leader"), flows="start >> do >> end"))
    office.start("errand")
    office.claim("do", "zhou")
    hand_over(office, "mei")
    office.engine.execute(ReleaseUserTask(office.open_task("do").id, "mei"))
    with pytest.raises(NotAllowed):
        office.claim("do", "zhou")
    office.claim("do", "mei")


def asked_to_sign(office, mode, *others):
    office.claim("approve", "wu")
    ident = office.open_task("approve").id
    office.engine.execute(AskSigners(ident, "wu", ["zhou", *others], mode, "请看是否合规"))
    return ident


def test_what_the_leaver_is_asked_to_sign_the_receiver_signs(leave):
    task = asked_to_sign(leave, "before")
    assert planned(leave, "wang") == {"signing": 1}
    done = hand_over(leave, "wang")
    assert (done.moved, done.signatures, done.kept) == (0, 1, [])
    assert (rows(leave, "zhou"), rows(leave, "wang"), told(leave, "signing_asked")) == ([], [task], ["zhou", "wang"])
    assert leave.history()[-2:] == ["SignerReplaced", "NoticePut"]
    with pytest.raises(EngineError):
        leave.engine.execute(SignUserTask(task, "zhou", agrees=True))
    leave.engine.execute(SignUserTask(task, "wang", agrees=True))
    leave.complete("approve", "wu", verdict="yes")
    assert leave.open_tasks() == []


def test_who_is_to_sign_only_after_it_is_handed_in_is_replaced_too(leave):
    task = asked_to_sign(leave, "after")
    assert (rows(leave, "zhou"), planned(leave, "wang")) == ([], {"signing": 1})
    hand_over(leave, "wang")
    assert told(leave, "signing_asked") == []
    leave.complete("approve", "wu", verdict="yes")
    assert (rows(leave, "wang"), told(leave, "signing_asked")) == ([task], ["wang"])
    leave.engine.execute(SignUserTask(task, "wang", agrees=True))
    assert leave.open_tasks() == []


def test_answers_that_wait_for_the_leaver_wait_for_the_receiver(leave):
    task = asked_to_sign(leave, "after")
    leave.complete("approve", "wu", verdict="yes")
    assert planned(leave, "wang") == {"signing": 1}
    hand_over(leave, "wang")
    leave.engine.execute(SignUserTask(task, "wang", agrees=True))
    assert leave.open_tasks() == []


def test_a_signature_is_left_where_the_receiver_would_sign_their_own_work_or_twice(leave):
    asked_to_sign(leave, "before", "wang")
    for to in ("wu", "wang"):
        assert planned(leave, to) == {"stays": 1}
        done = hand_over(leave, to)
        assert (done.signatures, done.kept) == (0, [f"{leave.number} 审批"])
    assert hand_over(leave, "sun").signatures == 1


def test_what_somebody_else_holds_is_not_offered_to_the_leaver_again(office):
    office.deploy(procedure("errand", user("do", groups="person:zhou,person:wu"), flows="start >> do >> end"))
    office.start("errand")
    office.claim("do", "wu")
    assert planned(office, "mei") == {"named": 1}
    assert hand_over(office, "mei").moved == 0
    assert (office.open_task("do").assignee, office.history()[-1]) == ("wu", "CandidateReplaced")
    office.release("do", "wu")
    assert (rows(office, "zhou", "pool"), len(rows(office, "mei"))) == ([], 1)


def test_answers_that_waited_for_signatures_come_back_as_the_receivers_draft(leave):
    leave.claim("approve", "zhou")
    task = leave.open_task("approve").id
    leave.engine.execute(AskSigners(task, "zhou", ["mei"], "after", "请看是否合规"))
    leave.complete("approve", "zhou", verdict="yes")
    hand_over(leave)
    assert leave.engine.ask(ShowDraft(f"task:{task}"), "wu")[0] == {"verdict": "yes"}


@pytest.mark.parametrize("done", [False, True], ids=["both open", "the receiver has signed"])
def test_nobody_co_signs_for_the_leaver_who_co_signs_the_same_step(office, done):
    signers = user("do", "person:${who}", inside=each("${['zhou', 'wu']}", "who"))
    office.deploy(procedure("errand", signers, user("last"), flows="start >> do >> last >> end"))
    office.start("errand")
    if done:
        theirs = next(task for task in office.case().open_tasks if task.groups == ["person:wu"])
        office.engine.execute(CompleteUserTask(theirs.id, "wu"))
    assert planned(office) == {"stays": 1}
    assert (hand_over(office).moved, len(rows(office, "zhou"))) == (0, 1)
    assert planned(office, "mei") == {"offered": 1}
    assert hand_over(office, "mei").moved == 1


def test_what_the_leaver_has_only_typed_stays_theirs(leave):
    leave.claim("approve", "zhou")
    about = f"task:{leave.open_task('approve').id}"
    leave.engine.execute(SaveDraft("zhou", about, {"verdict": "yes"}))
    hand_over(leave)
    assert leave.engine.ask(ShowDraft(about), "wu") is None


def test_tasks_of_a_suspended_order_move_and_it_stays_suspended(leave):
    leave.claim("approve", "zhou")
    leave.engine.execute(SuspendInstance(leave.number, "root", "等上级答复"))
    assert hand_over(leave).moved == 1
    assert (leave.open_task("approve").assignee, leave.case().status) == ("wu", "suspended")
    leave.engine.execute(ResumeInstance(leave.number, "root"))
    leave.complete("approve", "wu", verdict="yes")


def test_the_leavers_rules_about_stand_ins_end_and_others_stay(leave):
    since, until = at("2025-09-22 10:00"), at("2025-09-26 18:00")
    for away, person in (("zhou", "mei"), ("wang", "zhou"), ("wu", "zheng")):
        leave.engine.execute(AddSubstitute(away, person, since, until, (), "出差", away))
    assert len(leave.engine.ask(PlanHandOver("zhou", "wu"), "root").rules) == 2
    assert hand_over(leave).rules == 2
    assert [row.principal for row in leave.rows("substitute") if row.ended_at is None] == ["wu"]
    assert sorted(told(leave, "substitute_ended")) == ["mei", "wang", "zhou", "zhou"]
    assert hand_over(leave).rules == 0


def test_rosters_that_go_on_naming_the_leaver_are_named(leave):
    leave.engine.execute(PutRoster("night", "夜班", "root", ""))
    every_day = frozenset(range(1, 8))
    leave.engine.execute(AddDutyTurn("night", "zhou", every_day, 1080, 1440, date(2025, 9, 1), "root"))
    assert leave.engine.ask(PlanHandOver("zhou", "wu"), "root").duties == ["夜班"]
    assert leave.engine.ask(PlanHandOver("wang", "wu"), "root").duties == []


def test_the_preview_writes_nothing_and_needs_somebody_who_can_work(leave):
    leave.claim("approve", "zhou")
    before = leave.history()
    assert (planned(leave), planned(leave, "zheng")) == ({"given": 1}, {"stays": 1})
    assert (leave.history(), leave.open_task("approve").assignee) == (before, "zhou")
    with pytest.raises(Invalid):
        planned(leave, "nobody")


def test_every_order_of_the_leaver_is_found(leave):
    for _ in range(ORDERS):
        leave.claim("approve", "zhou")
        leave.start("leave_request", reason="探亲", days=2)
    assert (hand_over(leave).moved, len(rows(leave, "wu"))) == (ORDERS, ORDERS)


def test_a_leaver_who_submits_in_the_same_second_has_done_it_or_is_told_it_is_no_longer_theirs(leave):
    leave.claim("approve", "zhou")
    others, task = leave.another_engine(), leave.open_task("approve").id
    results = race(
        [
            lambda: hand_over(leave),
            lambda: others.execute(CompleteUserTask(task, "zhou", {"verdict": "yes"})),
        ]
    )
    moved = results[0].moved
    assert len(refusals(results)) == moved
    assert leave.past_tasks()[0].state == ("open" if moved else "completed")
