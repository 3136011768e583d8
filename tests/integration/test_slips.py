"""Slips: issued by urging, supervising and ladders; answered in writing; whoever issued one is told that nobody has answered."""

import pytest

from engine import (
    AnswerSlip,
    CancelOrder,
    DueSlips,
    History,
    NextMoment,
    PauseCase,
    ResumeCase,
    ReviewSlip,
    SlipsOf,
    SuperviseOrder,
)
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.support.offices import at
from tests.support.procedures import end, procedure, service, timer, user


@pytest.fixture
def order(office):
    office.deploy(
        procedure(
            "slips",
            user("do", groups="clerk@roads"),
            timer("ring", "R1/PT1H", on="do", kind="Cycle"),
            service("climb", "escalate", posts="leader", notice="higher", slip="urge", answer_within="PT3H"),
            end("told"),
            flows="start >> do >> end; ring >> climb >> told",
            notices={"higher": "${slip_number}：${task_name}"},
        )
    )
    office.start("slips")
    return office


def slips(office):
    return office.engine.ask(SlipsOf(office.case().instance_id))


def supervise(office, actor="sun", text="请说明进展", within=""):
    return office.engine.execute(SuperviseOrder(office.open_task("do").id, actor, text, within))


def pause(office):
    office.engine.execute(PauseCase(office.number, "等材料", "other", None, "sun"))


def resume(office):
    office.engine.execute(ResumeCase(office.number, "", "sun"))


def told(office, notice):
    return sorted(row.recipient for row in office.rows("outbox") if row.notice == notice)


def test_urging_issues_a_slip_that_wants_an_answer_within_a_working_day(order):
    order.urge("do", "wang", "市民又来电")
    (slip,) = slips(order)
    assert (slip.number, slip.kind, slip.issued_by) == (f"{order.number}-催1", "urge", "wang")
    assert slip.answer_by.isoformat() == "2025-09-23T10:00:00+00:00"
    assert told(order, "urge") == ["wu", "zhou"]


def test_the_same_person_urges_once_in_half_a_working_hour(order):
    order.urge("do", "wang")
    with pytest.raises(Conflict, match="10:30以后才能再催"):
        order.urge("do", "wang")
    order.urge("do", "li")
    order.move_to("2025-09-22 10:30")
    order.urge("do", "wang")
    assert [slip.number[-2:] for slip in slips(order)] == ["催1", "催2", "催3"]


def test_the_rest_between_two_urgings_is_one_of_working_time(order):
    order.move_to("2025-09-22 17:50")
    order.urge("do", "wang")
    order.move_to("2025-09-22 20:00")
    with pytest.raises(Conflict, match="9月23日"):
        order.urge("do", "wang")


def test_supervisors_supervise_and_nobody_else(order):
    assert supervise(order, within="2小时(工作时间)") == f"{order.number}-督1"
    assert slips(order)[0].answer_by.isoformat() == "2025-09-22T04:00:00+00:00"
    assert told(order, "supervise") == ["wu", "zhou"]
    for actor in ("wang", "zhou", "root"):
        with pytest.raises(NotAllowed):
            supervise(order, actor)
    with pytest.raises(Invalid):
        supervise(order, text=" ")


@pytest.mark.parametrize("actor", ["zhou", "feng"])
def test_whoever_may_do_the_step_or_leads_them_answers_and_the_issuer_hears_it(order, actor):
    supervise(order)
    order.engine.execute(AnswerSlip(slips(order)[0].id, actor, "等材料，明天办完"))
    (slip,) = slips(order)
    assert (slip.answered_by, slip.answer) == (actor, "等材料，明天办完")
    assert told(order, "slip_answered") == ["sun"]
    assert "SlipAnswered" in order.history()


def test_a_slip_is_answered_once_and_by_nobody_else(order):
    supervise(order)
    ident = slips(order)[0].id
    for actor, error in (("zheng", NotFound), ("wang", NotAllowed), ("mei", NotFound)):
        with pytest.raises(error):
            order.engine.execute(AnswerSlip(ident, actor, "不归我"))
    order.engine.execute(AnswerSlip(ident, "zhou", "马上办"))
    with pytest.raises(Conflict, match="周经办"):
        order.engine.execute(AnswerSlip(ident, "wu", "马上办"))


def test_once_held_the_other_candidates_answer_no_more(order):
    order.claim("do", "zhou")
    supervise(order)
    with pytest.raises(NotAllowed):
        order.engine.execute(AnswerSlip(slips(order)[0].id, "wu", "马上办"))


def test_the_issuer_is_told_once_that_no_answer_came(order):
    supervise(order, within="PT30M")
    assert order.engine.ask(SlipsOf(order.case().instance_id))[0].is_late is False
    order.work_at("2025-09-22 10:30")
    order.work_at("2025-09-22 10:45")
    assert told(order, "slip_unanswered") == ["sun"]
    assert order.history().count("SlipUnanswered") == 1


def test_of_an_answered_slip_or_a_step_that_is_done_nobody_is_told(order):
    supervise(order, within="PT30M")
    order.engine.execute(AnswerSlip(slips(order)[0].id, "zhou", "马上办"))
    supervise(order, within="PT30M")
    order.complete("do", "zhou")
    order.work_at("2025-09-22 12:00")
    assert told(order, "slip_unanswered") == []


def test_a_ladder_issues_a_slip_and_the_supervisors_hear_what_becomes_of_it(order):
    order.work_at("2025-09-22 11:00")
    (slip,) = slips(order)
    assert (slip.issued_by, slip.kind) == ("system", "urge")
    assert [row.subject for row in order.rows("outbox") if row.notice == "higher"] == [f"{slip.number}：do"]
    order.work_at("2025-09-22 14:00")
    assert told(order, "slip_unanswered") == ["sun"]


@pytest.mark.parametrize(
    ("within", "then"),
    [("2小时(工作时间)", "2025-09-23 09:30"), ("PT2H", "2025-09-22 19:00"), ("1个工作日", "2025-09-24 15:30")],
)
def test_a_pause_moves_the_answer_as_it_moves_limits(order, within, then):
    supervise(order, within=within)
    pause(order)
    order.move_to("2025-09-22 17:00")
    resume(order)
    assert slips(order)[0].answer_by == at(then)


def test_of_a_slip_issued_in_a_pause_only_what_is_left_of_the_pause_counts(order):
    pause(order)
    order.move_to("2025-09-22 11:00")
    supervise(order, within="PT1H")
    order.move_to("2025-09-22 11:30")
    resume(order)
    assert slips(order)[0].answer_by == at("2025-09-22 12:30")


def test_an_answered_slip_does_not_move_and_the_history_tells_of_those_that_do(order):
    supervise(order)
    order.engine.execute(AnswerSlip(slips(order)[0].id, "zhou", "马上办"))
    supervise(order, within="PT2H")
    pause(order)
    order.move_to("2025-09-22 11:00")
    resume(order)
    assert [slip.answer_by for slip in slips(order)] == [at("2025-09-23 18:00"), at("2025-09-22 13:00")]
    (event,) = [e for e in order.engine.ask(History(order.case().instance_id)) if e.kind == "CaseResumed"]
    assert [m["name"] for m in event.payload["moved"] if "slip" in m] == [slips(order)[1].number]


def test_while_the_case_stands_still_no_issuer_is_told_and_no_worker_wakes_for_it(order):
    supervise(order, within="PT30M")
    ident = slips(order)[0].id
    pause(order)
    order.work_at("2025-09-22 12:00")
    assert (order.engine.ask(DueSlips()), order.engine.ask(NextMoment())) == ([], None)
    assert order.engine.execute(ReviewSlip(ident)) is False
    resume(order)
    order.worker.drain()
    assert order.engine.ask(NextMoment()) == at("2025-09-22 12:30")
    order.work_at("2025-09-22 12:30")
    assert told(order, "slip_unanswered") == ["sun"]


def test_an_answer_late_before_the_pause_is_told_of_once_the_case_goes_on(order):
    supervise(order, within="PT30M")
    order.move_to("2025-09-22 10:45")
    pause(order)
    order.worker.drain()
    assert told(order, "slip_unanswered") == []
    resume(order)
    order.worker.drain()
    assert told(order, "slip_unanswered") == ["sun"]


def test_work_done_answers_what_was_supervised_and_the_issuer_hears_so(order):
    order.urge("do", "wang")
    supervise(order)
    order.complete("do", "zhou")
    assert told(order, "slip_done") == ["sun"]
    with pytest.raises(Conflict, match="周经办"):
        order.engine.execute(AnswerSlip(slips(order)[0].id, "zhou", "办完了"))


def test_of_an_answered_slip_nobody_hears_again_that_its_step_is_done(order):
    supervise(order)
    order.engine.execute(AnswerSlip(slips(order)[0].id, "zhou", "马上办"))
    order.complete("do", "zhou")
    assert told(order, "slip_done") == []


def test_of_a_cancelled_order_no_answer_is_wanted(order):
    supervise(order, within="PT30M")
    order.engine.execute(CancelOrder(order.number, "sun", "重复登记"))
    order.work_at("2025-09-22 12:00")
    assert (told(order, "slip_unanswered"), told(order, "slip_done")) == ([], [])
    with pytest.raises(Conflict, match="已经不需要办"):
        order.engine.execute(AnswerSlip(slips(order)[0].id, "zhou", "办完了"))
