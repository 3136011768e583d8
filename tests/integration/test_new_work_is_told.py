"""Whoever gets work learns of it: by a transfer, by a leaver's hand-over, and, where the procedure says so, whenever a task opens."""

import pytest

from engine import HandOverTasks, TransferUserTask
from engine.domain.errors import InvalidDiagram
from tests.support.procedures import end, procedure, tell, timer, user


def told(office, notice):
    return [
        (row.person, row.kind, row.subject, row.body) for row in office.rows("notification") if row.notice == notice
    ]


@pytest.fixture
def files():
    """Two steps, one after the other; whoever may claim them is told."""
    found = procedure(
        "order",
        user("first", due="4小时(工作时间)"),
        timer("late", "到期", on="first"),
        tell("remind", "late", "leader"),
        end("reminded"),
        user("second"),
        flows="start >> first >> second >> end; late >> remind >> reminded",
        notices={"late": "到期"},
    )
    found["procedure.toml"] = b"tells_new_tasks = true\n" + found["procedure.toml"]
    return found


@pytest.fixture
def ordered(office, files):
    """The first step has been taken by a clerk."""
    office.deploy(files)
    office.start("order")
    office.claim("first", "zhou")
    return office


def test_whoever_a_task_is_transferred_to_is_told_why(ordered):
    ordered.engine.execute(TransferUserTask(ordered.open_task("first").id, "zhou", "wu", "出差"))
    ((person, kind, subject, body),) = told(ordered, "transferred")
    assert (person, kind, subject) == ("wu", "assigned", "转给你办：first")
    assert "原因：出差" in body and ordered.number in body


def test_whoever_takes_over_a_leaver_s_tasks_is_told_of_each(ordered):
    ordered.engine.execute(HandOverTasks("zhou", "wu", "离职", "root"))
    assert [(person, "离职" in body) for person, _, _, body in told(ordered, "transferred")] == [("wu", True)]


def test_whoever_may_claim_a_task_is_told_when_it_opens(ordered):
    first = told(ordered, "opened")
    assert {person for person, *_ in first} == {"zhou", "wu", "zheng"}
    assert {kind for _, kind, *_ in first} == {"assigned"} and "9月22日 16:00" in first[0][3]


def test_whoever_opens_a_task_is_not_told_of_it(ordered):
    ordered.complete("first", "zhou")
    second = [(person, body) for person, _, subject, body in told(ordered, "opened") if "second" in subject]
    assert {person for person, _ in second} == {"wu", "zheng"}
    assert all(body.endswith("时限：没有") for _, body in second)


def test_nobody_is_told_where_the_procedure_does_not_say_so(leave):
    assert told(leave, "opened") == []


def test_the_switch_is_true_or_false(office, files):
    files["procedure.toml"] = files["procedure.toml"].replace(b"= true", b'= "yes"', 1)
    with pytest.raises(InvalidDiagram):
        office.deploy(files)
