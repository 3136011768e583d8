"""Sending back to whoever started a case and has only filled in the start form: they get it again, and lose nothing they said."""

import pytest

from engine import (
    CancelOrder,
    DisablePerson,
    JumpInstance,
    JumpPositions,
    OpenUserTask,
    PredictedPath,
    PreviewStartWithdrawal,
    PreviewWithdrawal,
    Search,
    SendBack,
    ShowOrder,
    StartByMessage,
    TransferUserTask,
    WithdrawStart,
    WithdrawStep,
    withdrawable,
)
from engine.domain.errors import Conflict, Invalid, InvalidForm, NotAllowed
from tests.support.procedures import begins, each, gateway, procedure, ruled, script, service, timer, user
from tests.support.sending_back import send_back, targets

CALL = {"subject": "路灯不亮", "phone": "13900001111", "days": 2}


def asking(office, *nodes, flows="start >> a >> b >> end", starting="登记来电", settings="", **forms):
    """Start a case with a form: a subject, a phone number, days."""
    files = procedure(
        "call",
        *(nodes or (user("a"), user("b"))),
        flows=flows,
        fields="subject! phone! days:number",
        forms=forms or {"a": "said subject", "b": "more"},
    )
    said = files["procedure.toml"].decode().replace('order_title = "call"', 'order_title = "${subject}"')
    top, _, notices = said.partition("[notices]")
    words = f'starting = "{starting}"\n' if starting else ""
    files["procedure.toml"] = f'{top}{words}[columns]\nphone = "phone"\n{settings}\n[notices]{notices}'.encode()
    office.deploy(files)
    office.start("call", **CALL)


def test_the_start_form_comes_back_to_whoever_started(office):
    asking(office)
    office.complete("a", "zhou", said="看过", subject="别的")
    assert targets(office, "b") == [("a", ""), ("start", "")]
    seen = send_back(office, "b", "wu", "start")
    task = office.open_task("start")
    assert (task.name, task.assignee, task.groups, task.due_at) == ("登记来电", "li", [], None)
    assert (seen.target, seen.opens) == ("登记来电", [("登记来电", "", "li")])
    assert [step.name for step in seen.undone] == ["a"]
    assert (seen.cleared, seen.mended) == (["said", "subject"], ["subject", "phone", "days"])
    assert [row.notice for row in office.rows("outbox")] == ["sent_back"]


def test_what_was_said_at_the_start_stands_until_it_is_mended(office):
    asking(office)
    office.complete("a", "zhou", said="看过", subject="别的")
    send_back(office, "b", "wu", "start")
    assert {k: v for k, v in office.record().items() if v is not None} == CALL
    assert [row.number for row in office.engine.ask(Search("13900001111"), "li")] == [office.number]
    office.restart()
    office.complete("start", "li", subject="路灯不亮三天", phone="13900002222", days=None)
    assert office.record()["days"] is None
    assert [row.title for row in office.engine.ask(Search("13900002222"), "li")] == ["路灯不亮三天"]
    assert not office.engine.ask(Search("13900001111"), "li")
    assert [row.number for row in office.engine.ask(Search("三天"), "li")] == [office.number]
    assert (office.open_tasks(), office.open_task("a").assignee) == (["a"], None)


def test_a_number_left_blank_stays_as_it_was_and_another_answer_does_not(office):
    asking(office)
    send_back(office, "a", "wu", "start")
    with pytest.raises(InvalidForm):
        office.complete("start", "li", phone="")
    office.complete("start", "li", subject=["路灯不亮"], phone=[""])
    assert (office.record()["phone"], office.record()["days"]) == ("13900001111", None)


def test_again_and_again_with_a_restart_between_any_two_steps(office):
    asking(office)
    for turn in range(3):
        office.complete("a", "zhou", said=f"第{turn}次")
        office.restart()
        send_back(office, "b", "wu", "start")
        office.restart()
        assert office.record()["days"] == (turn or 2)
        office.complete("start", "li", **{**CALL, "days": turn + 1})
        office.restart()
    assert targets(office, "a") == [("start", "")]
    office.complete("a", "zhou", said="完")
    office.complete("b", "wu")
    assert (office.case().status, office.record()["days"]) == ("closed", 3)


def test_straight_back_to_whoever_asked(office):
    asking(office)
    office.complete("a", "zhou", said="看过")
    seen = send_back(office, "b", "wu", "start", straight=True)
    assert (seen.undone, seen.cleared, office.record()["said"]) == ([], [], "看过")
    (ahead, *_) = office.engine.ask(PredictedPath(office.number), "root")
    assert ahead.element_id == "b"
    office.restart()
    office.complete("start", "li", **{**CALL, "days": 9})
    assert (office.open_tasks(), office.open_task("b").assignee) == (["b"], "wu")
    assert (office.record()["said"], office.record()["days"]) == ("看过", 9)
    seen = send_back(office, "b", "wu", "start")
    assert [step.name for step in seen.undone] == ["a"]
    assert (office.record().get("said"), office.record()["days"]) == (None, 9)
    office.complete("start", "li", **CALL)
    assert office.open_tasks() == ["a"]


def test_everything_that_goes_on_ends_branches_signers_timers_and_jobs(office):
    asking(
        office,
        gateway("split", "parallel"),
        user("sign", "person:${who}", inside=each("people", "who")),
        user("slow", due="1个工作日"),
        timer("slow_due", "到期", on="slow"),
        user("late"),
        service("letter", "send_letter", text="一"),
        gateway("join", "parallel"),
        user("a"),
        script("count", "turns = (turns or 0) + 1\npeople = ['zhou', 'wu']"),
        flows="start >> count >> split >> sign >> join >> a >> end; split >> slow >> join; split >> letter >> join; "
        "slow_due >> late >> end",
        a="said",
    )
    office.complete("sign", "zhou", "0")
    assert (len(office.rows("timer")), [row.state for row in office.rows("job")]) == (1, ["ready"])
    send_back(office, "slow", "wu", "start")
    assert (office.open_tasks(), office.rows("timer")) == (["start"], [])
    assert [row.state for row in office.rows("job")] == ["cancelled"]
    assert not office.record().get("sign")
    assert office.record().get("turns") is None
    office.work_at("2025-09-24 10:00")
    assert office.open_tasks() == ["start"]
    office.complete("start", "li", **CALL)
    assert (office.open_tasks(), office.record()["turns"]) == (["sign", "sign", "slow"], 1)
    for item, who in enumerate(("zhou", "wu")):
        office.complete("sign", who, str(item))
    office.complete("slow", "zhou")
    office.work_at("2025-09-24 11:00")
    assert targets(office, "a")[-1] == ("start", "")
    office.complete("a", "zhou")
    assert office.case().status == "closed"


def test_rules_of_assignment_do_not_keep_a_starter_from_their_own_form(office):
    asking(
        office,
        user("a", inside=ruled(twice_in_a_row="others")),
        user("b"),
        settings='[assignment]\nsame_as_starter = "leader"',
    )
    send_back(office, "a", "wu", "start")
    assert office.open_task("start").assignee == "li"


def test_whoever_started_has_left_then_those_in_charge_mend_it(office):
    asking(office)
    office.engine.execute(DisablePerson("li", "root"))
    send_back(office, "a", "wu", "start")
    task = office.open_task("start")
    assert (task.assignee, task.groups) == (None, ["supervisor"])
    office.complete("start", "sun", **CALL)
    assert office.open_tasks() == ["a"]


def test_nobody_else_can_hand_it_in_or_take_it(office):
    asking(office)
    send_back(office, "a", "wu", "start")
    for who in ("wang", "wu", "sun"):
        with pytest.raises(NotAllowed):
            office.complete("start", who, **CALL)
    with pytest.raises(Invalid, match="候选人"):
        office.engine.execute(TransferUserTask(office.open_task("start").id, "li", "wang", "出差"))
    assert office.open_tasks() == ["start"]


def test_the_mended_form_is_withdrawn_while_nobody_has_opened_the_next(office):
    asking(office)
    send_back(office, "a", "wu", "start")
    office.complete("start", "li", **{**CALL, "days": 7})
    done = next(t.id for t in office.past_tasks() if t.element_id == "start")
    seen = office.engine.ask(PreviewWithdrawal(done), "li")
    assert ([name for _, name, _ in seen.closes], seen.mended) == (["a"], ["subject", "phone", "days"])
    office.engine.execute(WithdrawStep(done, "li", "写错了"))
    assert (office.open_tasks(), office.record()["days"]) == (["start"], 7)
    office.complete("start", "li", **CALL)
    assert office.open_tasks() == ["a"]


def test_an_admin_jumps_away_from_it_and_the_order_may_be_cancelled(office):
    asking(office)
    send_back(office, "a", "wu", "start")
    (here,) = office.engine.ask(JumpPositions(office.number), "root")
    office.engine.execute(JumpInstance(office.number, "root", (here.ident,), "b", "发起人不在"))
    assert office.open_tasks() == ["b"]
    assert office.record()["subject"] == "路灯不亮"
    office.engine.execute(CancelOrder(office.number, "li", "不要了"))
    assert office.case().status == "cancelled"


def test_without_a_form_at_the_start_there_is_nothing_to_go_back_to(office):
    office.deploy(procedure("plain", user("a"), flows="start >> a >> end"))
    office.start("plain")
    assert targets(office, "a") == []
    with pytest.raises(Conflict):
        office.engine.execute(SendBack(office.open_task("a").id, "zhou", 0, "补材料"))


def test_a_case_that_a_message_began_has_nobody_who_filled_in_the_form(office):
    files = procedure(
        "told", begins("heard", "called"), user("a"), flows="start >> a >> end; heard >> a", fields="subject"
    )
    office.deploy(files)
    office.number = office.engine.execute(StartByMessage("called", "li", {"subject": "路灯"})).number
    assert targets(office, "a") == []


def test_whoever_started_takes_it_back_while_nobody_has_opened_it(office):
    asking(office)
    seen = office.engine.ask(PreviewStartWithdrawal(office.number), "li")
    assert (seen.opens, [name for _, name, _ in seen.closes]) == ([("登记来电", "", "li")], ["a"])
    assert withdrawable(office.engine.ask(ShowOrder(office.number), "li"), "li") == [(0, "登记来电")]
    with pytest.raises(NotAllowed):
        office.engine.execute(WithdrawStart(office.number, "sun"))
    office.engine.execute(WithdrawStart(office.number, "li", "写错了"))
    office.restart()
    assert (office.open_tasks(), office.history().count("StepWithdrawn")) == (["start"], 1)
    assert withdrawable(office.engine.ask(ShowOrder(office.number), "li"), "li") == []
    with pytest.raises(Conflict):
        office.engine.execute(WithdrawStart(office.number, "li"))
    office.complete("start", "li", **{**CALL, "days": 5})
    assert (office.open_tasks(), office.record()["days"]) == (["a"], 5)


@pytest.mark.parametrize("act", ["open", "complete"])
def test_once_somebody_has_opened_it_it_cannot_be_taken_back(office, act):
    asking(office)
    if act == "open":
        office.engine.execute(OpenUserTask(office.open_task("a").id, "wu"))
    else:
        office.complete("a", "wu")
    assert withdrawable(office.engine.ask(ShowOrder(office.number), "li"), "li") == []
    with pytest.raises(Conflict, match="已经有人"):
        office.engine.execute(WithdrawStart(office.number, "li"))
    assert office.open_tasks() == ["a" if act == "open" else "b"]
