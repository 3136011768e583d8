"""Co-signers of a step that several sign are added and dropped (会签的加签、减签): nothing hangs, nobody's words are lost."""

import pytest

from engine import CompleteUserTask, Inbox, PauseCase, ShowOrder, WithdrawStep
from engine.domain.errors import Conflict, Invalid, NotAllowed
from tests.support.co_signing import PEOPLE, add, drop, event, open_signing, sign, signing, told
from tests.support.procedures import each, procedure, user
from tests.support.sending_back import send_back, targets


@pytest.fixture
def desk(office):
    return open_signing(office)


def test_who_is_added_signs_at_once_and_is_waited_for(desk):
    key = add(desk)
    assert signing(desk) == [key, "0", "1", "2"]
    assert [row.name for row in desk.engine.ask(Inbox("todo"), "mei").rows] == ["sign"]
    assert told(desk, "co_signer_added") == ["mei"]
    assert desk.engine.ask(ShowOrder(desk.number), "mei").number == desk.number
    sign(desk, "0", "1", "2")
    assert desk.open_tasks() == ["sign"]
    sign(desk, key, opinion="可以")
    assert (desk.open_tasks(), desk.record()["sign"][key]["opinion"]) == (["file"], "可以")


def test_the_history_says_who_added_whom_and_why(desk):
    key = add(desk)
    said = event(desk, "CoSignerAdded")
    assert (said.actor, said.element_id) == ("zhou", "sign")
    wanted = {"value": "mei", "at": 3, "named_by": "person", "reason": "事关消防"}
    assert wanted.items() <= said.payload.items()
    drop(desk, key)
    said = event(desk, "CoSignerDropped")
    assert (said.actor, said.payload["value"], said.payload["ends"]) == ("sun", "mei", False)


@pytest.mark.parametrize(("next_in_turn", "order"), [(False, ["1", "2", "+"]), (True, ["+", "1", "2"])])
def test_in_turn_they_follow_last_or_next(office, next_in_turn, order):
    open_signing(office, in_turn=True)
    key = add(office, next_in_turn=next_in_turn)
    assert (signing(office), told(office, "co_signer_added")) == (["0"], ["mei"])
    sign(office, "0")
    for turn in [key if turn == "+" else turn for turn in order]:
        office.restart()
        assert signing(office) == [turn]
        sign(office, turn)
    assert office.open_tasks() == ["file"]


def test_the_last_open_one_taken_off_ends_the_step_and_keeps_what_the_others_said(desk):
    sign(desk, "0", "1")
    drop(desk, "2")
    assert desk.open_tasks() == ["file"]
    assert {key: row["opinion"] for key, row in desk.record()["sign"].items()} == {"0": "同意", "1": "同意"}
    assert told(desk, "co_signer_dropped") == ["zheng"]
    assert desk.engine.ask(Inbox("todo"), "zheng").rows == []
    desk.complete("file", "zhou")
    assert desk.case().status == "closed"


def test_whose_turn_has_not_come_is_taken_off_through_whose_turn_it_is(office):
    open_signing(office, in_turn=True)
    drop(office, "1", beside="0")
    assert (signing(office), told(office, "co_signer_dropped")) == (["0"], [])
    sign(office, "0")
    assert signing(office) == ["2"]


def test_whoever_is_left_is_asked_whether_they_are_enough(office):
    open_signing(office, until="nrOfCompletedInstances / nrOfInstances >= 0.5", people=(*PEOPLE, "mei", "feng"))
    sign(office, "0", "1")
    drop(office, "2")
    assert office.open_tasks() == ["file"]
    assert [t.state for t in office.past_tasks()] == ["completed"] * 2 + ["cancelled"] * 3 + ["open"]


def test_the_only_one_stays_where_nobody_has_signed(office):
    open_signing(office, people=("zhou",))
    with pytest.raises(Conflict, match="至少要有一个人签"):
        drop(office, "0")
    assert signing(office) == ["0"]
    assert office.incidents() == []


def test_who_has_signed_stays(desk):
    sign(desk, "0")
    with pytest.raises(Conflict, match="已经签过"):
        drop(desk, "0", beside="1")


@pytest.mark.parametrize(("by", "may"), [("zhou", True), ("sun", True), ("wu", False), ("li", False), ("root", False)])
def test_who_signs_as_well_and_supervisors_add_and_nobody_else(desk, by, may):
    if may:
        add(desk, by=by)
        return
    with pytest.raises(NotAllowed, match="会签"):
        add(desk, by=by)


@pytest.mark.parametrize(("by", "may"), [("zhou", True), ("sun", True), ("wu", False), ("mei", False), ("root", False)])
def test_who_added_and_supervisors_take_off_and_nobody_else(desk, by, may):
    key = add(desk)
    if may:
        drop(desk, key, by=by)
        assert signing(desk) == ["0", "1", "2"]
        return
    with pytest.raises(NotAllowed, match="减签"):
        drop(desk, key, by=by)


def test_who_was_named_by_the_case_is_taken_off_by_supervisors_alone(desk):
    with pytest.raises(NotAllowed):
        drop(desk, "1", by="zhou")


@pytest.mark.parametrize(("who", "error"), [("wu", Conflict), ("nobody", Invalid), ("", Invalid)])
def test_others_who_exist_are_added_each_once(desk, who, error):
    with pytest.raises(error):
        add(desk, who)
    assert (len(signing(desk)), desk.incidents()) == (3, [])


def test_a_reason_is_needed(desk):
    with pytest.raises(Invalid):
        add(desk, reason=" ")
    key = add(desk)
    with pytest.raises(Invalid):
        drop(desk, key, reason="")


def test_nobody_is_added_or_taken_off_while_the_order_stands_still(desk):
    key = add(desk)
    desk.engine.execute(PauseCase(desk.number, "等材料", "other", None, "sun"))
    with pytest.raises(Conflict, match="暂停"):
        add(desk, "feng")
    with pytest.raises(Conflict, match="暂停"):
        drop(desk, key)


def test_where_a_list_names_units_a_unit_is_added(office):
    open_signing(office, people=("roads",), named="unit:${signer}")
    key = add(office, "water", by="sun")
    assert office.open_task("sign", key).groups == ["unit:water"]
    assert told(office, "co_signer_added") == ["mei", "zheng"]
    with pytest.raises(Invalid, match="单位"):
        add(office, "mars", by="sun")
    with pytest.raises(Conflict, match="水务处已经"):
        add(office, "water", by="sun")


def test_where_a_list_names_neither_nobody_is_added_but_somebody_may_be_taken_off(office):
    open_signing(office, named="role:${signer}", people=("clerk", "agent"))
    with pytest.raises(Conflict, match="不是按人员也不是按单位"):
        add(office, by="sun")
    office.complete("sign", "li", "1", opinion="同意")
    drop(office, "0")
    assert office.open_tasks() == ["file"]


def test_a_step_of_one_has_no_co_signers(office):
    office.deploy(procedure("paper", user("sign"), flows="start >> sign >> end"))
    office.start("paper")
    office.claim("sign", "zhou")
    with pytest.raises(Conflict, match="不是按名单会签"):
        add(office, beside="")


def test_who_is_added_has_the_limit_of_the_others_and_the_same_clock_watches(office):
    open_signing(office, due="2个工作日")
    first = office.open_task("sign", "0").due_at
    office.move_to("2025-09-23 10:00")
    key = add(office)
    assert office.open_task("sign", key).due_at == first
    assert len(office.rows("timer")) == 1
    sign(office, "0", "1", "2", key)
    assert office.rows("timer") == []


def test_the_order_is_due_with_those_who_are_left(office):
    open_signing(office, due="2个工作日")
    assert office.rows("work_order")[0].due_task == office.open_task("sign", "2").id
    drop(office, "2")
    assert office.rows("work_order")[0].due_task in [office.open_task("sign", key).id for key in "01"]


@pytest.mark.parametrize("in_turn", [False, True])
def test_sent_back_to_a_signer_who_was_added_stays_and_who_was_dropped_does_not_come_back(office, in_turn):
    open_signing(office, in_turn=in_turn)
    key = add(office, next_in_turn=True)
    drop(office, "1", beside="0")
    office.restart()
    for turn in ["0", key, "2"]:
        sign(office, turn)
    assert ("sign", "1") not in targets(office, "file")
    send_back(office, "file", "wu", "sign", to_item=key)
    assert signing(office) == [key]
    kept = {"0": "同意"} if in_turn else {"0": "同意", "2": "同意"}
    assert {k: row["opinion"] for k, row in office.record()["sign"].items()} == kept
    sign(office, key, opinion="再签")
    if in_turn:
        assert signing(office) == ["2"]
        sign(office, "2")
    assert office.open_tasks() == ["file"]


def test_sent_back_into_a_step_that_a_dropping_has_ended(desk):
    sign(desk, "0", "1")
    drop(desk, "2")
    send_back(desk, "file", "wu", "sign", to_item="1")
    assert (signing(desk), desk.record()["sign"]) == (["1"], {"0": {"opinion": "同意"}})
    sign(desk, "1")
    assert desk.open_tasks() == ["file"]


def test_who_was_taken_off_while_writing_is_told_why(desk):
    task = desk.open_task("sign", "2")
    drop(desk, "2")
    with pytest.raises(Conflict, match="已减签,已电话确认"):
        desk.engine.execute(CompleteUserTask(task.id, "zheng", {"opinion": "不同意"}))


def drafted(office):
    """Start a case that zhou drafts, two sign and a clerk files; of the signers one is taken off, which ends the signing."""
    marker = each("['zhou', 'wu']", "signer")
    steps = user("draft"), user("sign", groups="person:${signer}", inside=marker), user("file")
    forms = {"draft": "text", "sign": "opinion", "file": "note"}
    office.deploy(procedure("paper", *steps, flows="start >> draft >> sign >> file >> end", forms=forms))
    office.start("paper")
    office.complete("draft", "zheng", text="初稿")
    sign(office, "0")
    drop(office, "1")


def test_sent_straight_back_past_such_a_step_it_is_not_walked_again(office):
    drafted(office)
    send_back(office, "file", "wu", "draft", straight=True)
    office.restart()
    office.complete("draft", "zheng", text="二稿")
    assert (office.open_tasks(), office.record()["sign"]) == (["file"], {"0": {"opinion": "同意"}})


def test_sent_back_before_the_step_everybody_whom_the_case_names_signs_anew(office):
    drafted(office)
    send_back(office, "file", "wu", "draft")
    office.complete("draft", "zheng", text="二稿")
    assert (signing(office), office.record()["sign"]) == (["0", "1"], {})


def test_who_has_signed_withdraws_while_one_more_is_asked(desk):
    sign(desk, "0")
    key = add(desk, by="sun", beside="1")
    done = next(t for t in desk.past_tasks() if t.item == "0")
    desk.engine.execute(WithdrawStep(done.id, "zhou"))
    assert signing(desk) == sorted(["0", "1", "2", key])
