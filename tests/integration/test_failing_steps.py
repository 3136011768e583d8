"""When the diagram itself fails: nothing of the step stays, an incident says why, and the case can go on afterwards."""

import pytest
from sqlalchemy import text

from engine import CompleteUserTask
from engine.domain.errors import StepFailed
from engine.store.database import transaction
from tests.support.offices import at, before
from tests.support.procedures import end, procedure, script, service, tell, timer, user

TABLES = (
    "work_order",
    "instance",
    "user_task",
    "inbox",
    "timer",
    "message_wait",
    "job",
    "history",
    "history_payload",
    "outbox",
    "link",
)
NOTES = {"told": "已告知", "late": "晚了"}


def everything(office):
    return {table: office.rows(table) for table in TABLES}


@pytest.fixture
def careful(office):
    """First a notice, a job and a second task in parallel, then a decision that explodes when it is told to."""
    office.deploy(
        procedure(
            "careful",
            user("fill"),
            tell("tell", "told", "leader"),
            service("check", "explode", {"checked": "${value}"}, value="${word}"),
            user("next", due="1个工作日"),
            timer("late", "到期", on="next"),
            end("noted"),
            flows="start >> fill >> tell >> check >> next >> end; late >> noted",
            forms={"fill": "word number_word"},
            notices=NOTES,
        )
    )
    office.start("careful")
    return office


def test_a_decision_that_raises_leaves_every_table_as_it_was(careful):
    before_it = everything(careful)
    with pytest.raises(StepFailed, match="决定里有错误"):
        careful.complete("fill", "zhou", word="boom")
    assert everything(careful) == before_it


def test_a_failed_step_sends_nothing(careful):
    with pytest.raises(StepFailed):
        careful.complete("fill", "zhou", word="boom")
    careful.worker.drain()
    assert careful.channel.tried == []


def test_a_failed_step_is_an_incident_with_reason_and_case(careful):
    with pytest.raises(StepFailed):
        careful.complete("fill", "zhou", word="boom")
    [incident] = careful.incidents()
    assert incident.kind == "CompleteUserTask"
    assert "决定里有错误" in incident.reason
    assert incident.instance_id == careful.case().instance_id


def test_the_case_goes_on_after_a_failed_step(careful):
    with pytest.raises(StepFailed):
        careful.complete("fill", "zhou", word="boom")
    careful.complete("fill", "zhou", word="calm")
    assert (careful.open_tasks(), careful.record()["checked"]) == (["next"], "calm")


def test_a_failed_start_leaves_no_order_and_gives_its_number_back(office):
    files = procedure(
        "hasty",
        service("check", "explode", value="${word}"),
        user("do"),
        flows="start >> check >> do >> end",
        fields="word",
    )
    office.deploy(files)
    with pytest.raises(StepFailed):
        office.start("hasty", word="boom")
    assert office.rows("work_order") == []
    assert office.start("hasty", word="calm").number == "HASTY20250001"


@pytest.mark.parametrize(
    ("text_", "reason"),
    [("total = days / zero", "除"), ("total = days + word", "total"), ("total = rows['x']", "rows")],
)
def test_an_expression_that_fails_names_the_element(office, text_, reason):
    files = procedure(
        "sums",
        user("fill"),
        script("add_up", text_),
        flows="start >> fill >> add_up >> end",
        forms={"fill": "days:number zero:number word rows"},
    )
    office.deploy(files)
    office.start("sums")
    before_it = everything(office)
    with pytest.raises(StepFailed, match="add_up"):
        office.complete("fill", "zhou", days=1, zero=0, word="x")
    assert everything(office) == before_it
    assert "add_up" in office.incidents()[0].reason


def test_a_limit_that_only_turns_out_wrong_when_it_is_needed_fails_the_step(office):
    files = procedure(
        "limits",
        user("fill"),
        user("next", due="${limit}"),
        timer("late", "到期", on="next"),
        end("noted"),
        flows="start >> fill >> next >> end; late >> noted",
        forms={"fill": "limit"},
    )
    office.deploy(files)
    office.start("limits")
    with pytest.raises(StepFailed, match="next"):
        office.complete("fill", "zhou", limit="过几天")
    assert office.open_tasks() == ["fill"]
    assert len(office.incidents()) == 1


def test_a_step_that_does_not_come_to_rest_is_stopped_as_an_incident(office):
    marker = '<bpmn:standardLoopCharacteristics loopMaximum="6000"/>'
    turn = (
        f'<bpmn:scriptTask id="turn" name="turn"><bpmn:script>n = (n or 0) + 1</bpmn:script>{marker}</bpmn:scriptTask>'
    )
    office.deploy(procedure("spin", user("fill"), turn, flows="start >> fill >> turn >> end"))
    office.start("spin")
    before_it = everything(office)
    with pytest.raises(StepFailed, match="不停转"):
        office.complete("fill", "zhou")
    assert everything(office) == before_it
    assert len(office.incidents()) == 1


@pytest.fixture
def explosive(office):
    """A timer whose branch explodes, beside one whose branch does not."""
    office.deploy(
        procedure(
            "bomb",
            user("do"),
            timer("bad", "1小时", on="do"),
            service("check", "explode", value="${word}"),
            end("checked"),
            timer("good", "2小时", on="do"),
            tell("tell", "told", "leader"),
            end("noted"),
            flows="start >> do >> end; bad >> check >> checked; good >> tell >> noted",
            fields="word",
            notices=NOTES,
        )
    )
    office.start("bomb", word="boom")
    return office


def test_a_timer_that_fails_is_set_aside_and_the_others_fire(explosive):
    explosive.work_at("2025-09-22 13:00")
    assert explosive.channel.notices() == [("wang", "told")]
    assert {row.element_id: row.state for row in explosive.rows("timer")} == {"bad": "failed"}


def test_a_timer_that_fails_is_one_incident_that_names_it(explosive):
    explosive.work_at("2025-09-22 13:00")
    explosive.work_at("2025-09-23 13:00")
    [incident] = explosive.incidents()
    assert (incident.kind, incident.element_id) == ("FireTimer", "bad")
    assert incident.instance_id == explosive.case().instance_id


def test_a_task_whose_timer_failed_can_still_be_done(explosive):
    explosive.work_at("2025-09-22 13:00")
    explosive.complete("do", "zhou")
    assert explosive.case().status == "closed"
    assert explosive.rows("timer") == []


def test_a_timer_whose_token_is_gone_is_set_aside_instead_of_stopping_the_worker(leave):
    with transaction(leave.engine.database) as connection:
        connection.execute(text("UPDATE timer SET token_id = '00000000000000000000000000000000' WHERE role = 'warn'"))
    leave.worker.stopping.clear()
    leave.move_to(at("2025-09-30 10:00"))
    for _ in range(5):
        leave.worker.round()
    assert leave.channel.notices() == [("sun", "overdue")]
    assert [i.kind for i in leave.incidents()] == ["FireTimer"]


def test_a_timer_whose_branch_extends_a_task_that_is_gone_is_set_aside(office):
    extension = service("more", "extend", element="first", limit="1个工作日")
    files = procedure(
        "stretch",
        user("first", due="1小时"),
        timer("first_due", "到期", on="first"),
        end("late"),
        user("second"),
        timer("tick", "2小时", on="second"),
        extension,
        end("stretched"),
        flows="start >> first >> second >> end; first_due >> late; tick >> more >> stretched",
    )
    office.deploy(files)
    office.start("stretch")
    office.complete("first", "zhou")
    office.move_to("2025-09-30 10:00")
    for _ in range(3):
        office.worker.round()
    assert [i.kind for i in office.incidents()] == ["FireTimer"]
    assert office.engine.now() == at("2025-09-30 10:00")


def test_a_failure_of_the_database_leaves_nothing_half_done(leave):
    before_it = everything(leave)
    task = leave.open_task("approve").id
    with before(leave.engine, "INSERT INTO history", break_off), pytest.raises(StepFailed):
        leave.engine.execute(CompleteUserTask(task, "wang", {"verdict": "yes"}))
    assert everything(leave) == before_it
    leave.complete("approve", "wang", verdict="yes")
    assert len(leave.rows("job")) == 1


def break_off(_connection):
    """Break off as a lost connection would."""
    raise OSError("连接断了")
