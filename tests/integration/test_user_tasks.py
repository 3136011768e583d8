"""Starting, claiming, releasing and completing, and every refusal on the way."""

import pytest

from engine import ClaimUserTask, CompleteUserTask, ImportPeople, StartInstance
from engine.domain.actors import SYSTEM
from engine.domain.errors import AlreadyClaimed, Conflict, InvalidForm, NotAllowed, NotFound
from tests.support.offices import at
from tests.support.procedures import procedure, user


def lists(office):
    return sorted(row.principal for row in office.rows("inbox"))


def test_a_start_opens_an_order_with_number_title_columns_and_task(leave):
    case = leave.case()
    assert (case.number, case.title, case.status) == ("QJ202509220001", "请假：探亲", "open")
    assert leave.rows("work_order")[0].category == "short"
    assert leave.open_tasks() == ["approve"]
    assert case.due_at == at("2025-09-23 18:00")


def test_numbers_count_on_within_a_day_and_begin_anew_the_next(leave):
    second = leave.start("leave_request", reason="二", days=1).number
    leave.move_to("2025-09-23 09:00")
    assert (second, leave.start("leave_request", reason="三", days=1).number) == ("QJ202509220002", "QJ202509230001")


def test_a_refused_start_uses_no_number(leave):
    with pytest.raises(InvalidForm):
        leave.start("leave_request", days=1)
    assert leave.start("leave_request", reason="二", days=1).number == "QJ202509220002"


def test_only_starters_start(leave):
    with pytest.raises(NotAllowed, match="周经办"):
        leave.start("leave_request", "zhou", reason="探亲", days=2)


def test_a_procedure_that_is_not_there_cannot_be_started(leave):
    with pytest.raises(NotFound, match="no_such"):
        leave.start("no_such")


def test_a_form_with_mistakes_says_each_and_keeps_what_was_typed(leave):
    with pytest.raises(InvalidForm) as refused:
        leave.start("leave_request", days=99, reason="")
    assert set(refused.value.errors) == {"reason", "days"}
    assert refused.value.answers == {"days": 99, "reason": ""}


def test_an_answer_the_form_does_not_ask_for_is_refused(leave):
    with pytest.raises(InvalidForm, match="salary"):
        leave.complete("approve", "wang", verdict="yes", salary="1")


def test_a_free_task_stands_in_the_lists_of_all_candidates(leave):
    assert lists(leave) == ["role:clerk@roads", "role:leader"]


def test_the_record_may_name_the_role_that_does_a_task(office):
    office.deploy(procedure("signed", user("sign", "role:${who},clerk"), flows="start >> sign >> end", fields="who"))
    office.start("signed", who="leader")
    assert lists(office) == ["role:clerk", "role:leader"]


def test_a_claimed_task_stands_in_its_holders_list_alone(leave):
    leave.claim("approve", "wang")
    assert lists(leave) == ["person:wang"]
    assert leave.open_task("approve").claimed_at == leave.clock.now()


def test_claiming_ones_own_task_again_changes_nothing(leave):
    leave.claim("approve", "wang")
    before = leave.history()
    leave.claim("approve", "wang")
    assert leave.history() == before


def test_a_claimed_task_names_its_holder_to_others(leave):
    leave.claim("approve", "wang")
    with pytest.raises(AlreadyClaimed, match="王班长"):
        leave.claim("approve", "zhou")


def test_nobody_completes_a_task_in_somebody_elses_hands(leave):
    leave.claim("approve", "wang")
    with pytest.raises(AlreadyClaimed, match="王班长"):
        leave.complete("approve", "zhou", verdict="yes")


@pytest.mark.parametrize("verb", ["claim", "complete"])
def test_a_task_of_others_is_neither_claimed_nor_completed(leave, verb):
    with pytest.raises(NotFound):
        getattr(leave, verb)("approve", "zheng")
    with pytest.raises(NotAllowed):
        getattr(leave, verb)("approve", "li")


def test_a_released_task_is_free_for_all_candidates_again(leave):
    leave.claim("approve", "wang")
    leave.release("approve", "wang")
    assert lists(leave) == ["role:clerk@roads", "role:leader"]
    leave.claim("approve", "zhou")
    assert leave.open_task("approve").assignee == "zhou"


def test_only_the_holder_releases(leave):
    leave.claim("approve", "wang")
    with pytest.raises(NotAllowed):
        leave.release("approve", "zhou")


def test_a_task_without_other_candidates_is_not_released(office):
    office.deploy(procedure("mine", user("do", groups="", assignee="${'zhou'}"), flows="start >> do >> end"))
    office.start("mine")
    with pytest.raises(Conflict, match="不能放回"):
        office.release("do", "zhou")


def test_a_candidate_completes_a_free_task_without_claiming(leave):
    leave.complete("approve", "zhou", verdict="no", opinion="太忙")
    assert leave.case().status == "closed"
    assert leave.record()["opinion"] == "太忙"
    assert lists(leave) == []


def test_a_completed_task_says_who_completed_it_and_when(leave):
    task = leave.open_task("approve")
    leave.complete("approve", "zhou", verdict="no")
    with pytest.raises(Conflict, match="周经办于9月22日 10:00提交"):
        leave.engine.execute(CompleteUserTask(task.id, "wang", {"verdict": "yes"}))


def test_a_completed_task_cannot_be_claimed(leave):
    task = leave.open_task("approve")
    leave.complete("approve", "zhou", verdict="no")
    with pytest.raises(Conflict, match="周经办"):
        leave.engine.execute(ClaimUserTask(task.id, "wang"))


def test_a_task_that_the_case_dropped_says_that_nobody_needs_to_do_it(leave):
    task = leave.open_task("approve")
    leave.send("withdrawn")
    with pytest.raises(Conflict, match="不需要办"):
        leave.engine.execute(CompleteUserTask(task.id, "wang", {"verdict": "yes"}))


def test_a_task_that_never_was_is_not_found(leave):
    with pytest.raises(NotFound):
        leave.engine.execute(ClaimUserTask(99_999, "wang"))


def test_strangers_and_closed_accounts_may_do_nothing(leave):
    leave.engine.execute(ImportPeople(SYSTEM.id, [], [{"id": "zhou", "name": "周经办", "active": False}]))
    for who in ("nobody", "zhou"):
        with pytest.raises(NotAllowed, match="没有在用的账号"):
            leave.engine.execute(StartInstance("leave_request", who, {}))


def test_people_do_not_give_the_machines_commands(leave):
    with pytest.raises(NotAllowed):
        leave.engine.execute(ImportPeople("wang", [], []))


def test_a_refused_command_leaves_no_incident(leave):
    with pytest.raises(NotAllowed):
        leave.complete("approve", "li", verdict="yes")
    assert leave.incidents() == []


def test_a_question_may_depend_on_what_the_form_only_shows(office):
    shown = '{"type":"textfield","key":"kind","id":"f_kind","label":"类别","readonly":true}'
    asked = (
        '{"type":"textfield","key":"phone","id":"f_phone","label":"电话","validate":{"required":true},'
        '"conditional":{"hide":"=kind != \\"call\\""}}'
    )
    files = procedure("ask", user("do"), flows="start >> do >> end", fields="kind")
    files["forms/do.form"] = f'{{"type":"default","components":[{shown},{asked}]}}'.encode()
    office.deploy(files)
    office.start("ask", kind="call")
    with pytest.raises(InvalidForm, match="电话"):
        office.complete("do", "zhou")


def test_the_assigned_holder_is_the_one_the_strategy_picks(office):
    files = procedure(
        "two",
        user("first", groups="clerk@roads", assignee="least_load"),
        user("second", groups="clerk@roads", assignee="last_handler"),
        flows="start >> first >> second >> end",
    )
    office.deploy(files)
    holders = []
    for _ in range(2):
        office.start("two")
        holders.append(office.open_task("first").assignee)
    assert holders == ["wu", "zhou"]
