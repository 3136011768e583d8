"""One procedure starts another, or wakes one that waits; the orders are linked and nothing arrives twice."""

from datetime import timedelta

import pytest

from engine import (
    CancelOrder,
    CompleteJob,
    CompleteUserTask,
    DeliverMessage,
    LeaseJobs,
    RetryIncident,
    ShowCase,
    StartByMessage,
)
from engine.domain.errors import Conflict, InvalidDiagram, InvalidForm, NotAllowed, NotFound
from tests.support.procedures import begins, end, gateway, message, procedure, sends, user

ASKED = procedure(
    "training",
    begins("asked", "training_needed", fills="from_order"),
    gateway("begun"),
    user("teach"),
    sends("report", "training_done", key="${from_order or number}", result="${mark}"),
    flows="start >> begun; asked >> begun >> teach >> report >> end",
    fields="trainee!",
    forms={"teach": "mark"},
)


@pytest.fixture
def asking(office):
    """A case that asks for a training and waits until it is done."""
    office.deploy(ASKED)
    office.deploy(
        procedure(
            "complaint",
            user("judge"),
            sends("ask", "training_needed", {"training_order": "${order}"}, trainee="${who}", kind="培训"),
            message("done", "training_done", fills="result"),
            flows="start >> judge >> ask >> done >> end",
            fields="who result",
        )
    )
    office.start("complaint", who="牛小军")
    return office


def finish_training(office, number):
    task = office.engine.ask(ShowCase(number)).open_tasks[0]
    office.engine.execute(CompleteUserTask(task.id, "zhou", {"mark": "合格"}))


def number_of(office):
    return office.record()["training_order"]


def test_a_message_starts_the_procedure_that_begins_with_it(asking):
    asking.complete("judge", "zhou")
    asking.worker.drain()
    started = asking.engine.ask(ShowCase(number_of(asking)))
    assert [t.element_id for t in started.open_tasks] == ["teach"]
    assert started.record | {"trainee": "牛小军", "from_order": asking.number} == started.record
    assert started.links == [(asking.number, "培训")]
    assert asking.case().links == [(started.number, "培训")]


def test_the_other_case_wakes_the_one_that_waits(asking):
    asking.complete("judge", "zhou")
    asking.worker.drain()
    finish_training(asking, number_of(asking))
    asking.worker.drain()
    assert (asking.case().status, asking.record()["result"]) == ("closed", "合格")


def test_an_answer_adds_no_second_link(asking):
    asking.complete("judge", "zhou")
    asking.worker.drain()
    finish_training(asking, number_of(asking))
    asking.worker.drain()
    assert asking.case().links == [(number_of(asking), "培训")]


def test_a_person_may_start_it_too(asking):
    asking.start("training", trainee="谭丽")
    assert asking.open_tasks() == ["teach"]


def test_a_procedure_that_only_messages_begin_is_not_started_by_people(office):
    files = procedure("quiet", begins("asked", "go"), user("a"), flows="asked >> a >> end")
    files["quiet.bpmn"] = files["quiet.bpmn"].replace(
        b'<bpmn:startEvent id="start" name="\xe5\xbc\x80\xe5\xa7\x8b"/>', b""
    )
    office.deploy(files)
    with pytest.raises(NotAllowed, match="别的流程"):
        office.start("quiet")


def test_a_delivery_repeated_after_a_crash_starts_nothing_twice(asking):
    """The worker dies after the delivery and before its report: whoever takes the job next is given the same order."""
    asking.complete("judge", "zhou")
    job = asking.engine.execute(LeaseJobs("first"))[0]
    first = asking.engine.execute(DeliverMessage(job.id, job.fence))
    asking.move_to(asking.clock.at + timedelta(minutes=2))
    again = asking.engine.execute(LeaseJobs("second"))[0]
    assert asking.engine.execute(DeliverMessage(again.id, again.fence)) == first
    with pytest.raises(Conflict):
        asking.engine.execute(DeliverMessage(job.id, job.fence))
    asking.engine.execute(CompleteJob(again.id, again.fence, first))
    assert len(asking.rows("work_order")) == 2
    assert number_of(asking) == first["order"]


def test_a_message_nobody_waits_for_yet_is_tried_again_and_then_shown_to_an_admin(office):
    office.deploy(procedure("caller", sends("call", "hello", key="${to}"), flows="start >> call >> end", fields="to"))
    office.start("caller", to="T20250001")
    for _ in range(6):
        office.worker.drain()
        office.move_to(office.clock.at + timedelta(hours=2))
    incident = office.incidents()[0]
    assert "hello" in incident.reason
    office.deploy(procedure("listener", begins("heard", "hello"), user("a"), flows="start >> a; heard >> a >> end"))
    office.engine.execute(RetryIncident(incident.id, "root"))
    office.worker.drain()
    assert office.case().status == "closed"


def test_a_message_to_a_case_that_has_ended_is_let_go(asking):
    asking.complete("judge", "zhou")
    asking.worker.drain()
    training = number_of(asking)
    asking.engine.execute(CancelOrder(asking.number, "li", "太久了"))
    finish_training(asking, training)
    asking.worker.drain()
    assert asking.engine.ask(ShowCase(training)).status == "closed"
    assert asking.incidents() == []


def test_data_that_the_start_form_refuses_is_an_incident_an_admin_can_mend(asking):
    asking.deploy(
        procedure(
            "sender", sends("ask2", "training_needed", trainee="${who}"), flows="start >> ask2 >> end", fields="who"
        )
    )
    asking.start("sender")
    for _ in range(6):
        asking.worker.drain()
        asking.move_to(asking.clock.at + timedelta(hours=2))
    incident = asking.incidents()[0]
    asking.engine.execute(
        RetryIncident(incident.id, "root", {"inputs": {"message": "training_needed", "trainee": "谭丽"}})
    )
    asking.worker.drain()
    assert asking.case().status == "closed"
    assert asking.rows("work_order")[-1].record["trainee"] == "谭丽"


def test_two_procedures_cannot_begin_with_one_message(asking):
    with pytest.raises(InvalidDiagram, match="已经用来发起"):
        asking.deploy(procedure("rival", begins("b", "training_needed"), user("a"), flows="start >> a; b >> a >> end"))
    asking.deploy(ASKED)


def test_a_message_start_inside_a_subprocess_is_refused(office):
    inner = f'<bpmn:subProcess id="sub" name="sub">{begins("s1", "m")}{end("e1")}'
    inner += '<bpmn:sequenceFlow id="f1" sourceRef="s1" targetRef="e1"/></bpmn:subProcess>'
    with pytest.raises(InvalidDiagram, match="由上层发起"):
        office.deploy(procedure("p", inner, flows="start >> sub >> end"))


def test_a_system_outside_starts_it_too(asking):
    said = {"trainee": "谭丽", "from_order": "KS1", "nobody_asks_for_this": 1}
    started = asking.engine.execute(StartByMessage("training_needed", "system", said))
    case = asking.engine.ask(ShowCase(started.number))
    assert [t.element_id for t in case.open_tasks] == ["teach"]
    assert case.record == {"trainee": "谭丽", "from_order": "KS1"}


def test_only_starters_start_by_message(asking):
    said = {"trainee": "谭丽"}
    assert asking.engine.execute(StartByMessage("training_needed", "li", said)).number
    with pytest.raises(NotAllowed):
        asking.engine.execute(StartByMessage("training_needed", "zhou", said))
    with pytest.raises(NotFound):
        asking.engine.execute(StartByMessage("nobody_begins_with_this", "li", said))
    with pytest.raises(InvalidForm):
        asking.engine.execute(StartByMessage("training_needed", "li", {}))
