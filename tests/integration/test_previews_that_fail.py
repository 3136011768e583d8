"""What a verb would do cannot be shown where the drawing fails on this very record: the preview says what the command would."""

import pytest

from engine import (
    DropCoSigner,
    PreviewDropCoSigner,
    PreviewSendBack,
    PreviewWithdrawal,
    ReturnTargets,
    SendBack,
    WithdrawStep,
)
from engine.domain.errors import Conflict, NotFound, StepFailed
from tests.support.procedures import each, gateway, procedure, user


@pytest.fixture
def beside(office):
    """Two branches: what one says can make the other, entered again, divide by nothing."""
    files = procedure(
        "beside",
        gateway("fork", "parallel"),
        user("a", priority="${10 // share}"),
        user("b"),
        gateway("meet", "parallel"),
        user("c"),
        flows="start >> fork >> a >> meet >> c >> end; fork >> b >> meet",
        forms={"b": "share:number"},
        fields="share:number",
    )
    office.deploy(files)
    office.start("beside", share=1)
    office.complete("a", "zhou")
    return office


def told(office, seen, done):
    """Give the one sentence that a preview and its command end with; nothing has happened."""
    before = office.rows("history"), office.open_tasks()
    with pytest.raises(StepFailed) as preview:
        office.engine.ask(*seen)
    with pytest.raises(StepFailed) as command:
        office.engine.execute(done)
    assert str(preview.value) == str(command.value)
    assert (office.rows("history"), office.open_tasks()) == before
    return str(preview.value)


def test_of_a_return_to_a_step_that_cannot_be_entered_again(beside):
    beside.complete("b", "wu", share=0)
    task = beside.open_task("c")
    to = next(t for t in beside.engine.ask(ReturnTargets(task.id), "zhou") if t.element_id == "a")
    seen = PreviewSendBack(task.id, to.task_id), "zhou"
    assert "除数是零" in told(beside, seen, SendBack(task.id, "zhou", to.task_id, "材料不全"))


def test_of_a_withdrawal_of_a_step_that_cannot_be_entered_again(office):
    files = procedure(
        "alone",
        gateway("fork", "parallel"),
        user("a", priority="${10 // share}"),
        user("b"),
        user("c"),
        gateway("meet", "parallel"),
        flows="start >> fork >> a >> meet >> end; fork >> b >> c >> meet",
        forms={"b": "share:number"},
        fields="share:number",
    )
    office.deploy(files)
    office.start("alone", share=1)
    office.complete("a", "zhou")
    office.complete("b", "wu", share=0)
    done = next(t.id for t in office.past_tasks() if t.element_id == "a")
    assert "除数是零" in told(office, (PreviewWithdrawal(done), "zhou"), WithdrawStep(done, "zhou"))


def test_of_a_co_signer_dropped_where_nobody_can_say_whether_the_rest_are_enough(office):
    files = procedure(
        "enough",
        gateway("fork", "parallel"),
        user("sign", inside=each("[1, 2, 3]", "who", until="nrOfCompletedInstances // share > 5")),
        user("b"),
        gateway("meet", "parallel"),
        flows="start >> fork >> sign >> meet >> end; fork >> b >> meet",
        forms={"b": "share:number"},
        fields="share:number",
    )
    office.deploy(files)
    office.start("enough", share=1)
    office.complete("sign", "zhou", "0")
    office.complete("b", "wu", share=0)
    task = office.open_task("sign", "1")
    seen = PreviewDropCoSigner(task.id, "2"), "sun"
    assert "除数是零" in told(office, seen, DropCoSigner(task.id, "sun", "2", "不用看"))


def test_a_wrong_choice_stays_the_choosers_own(beside):
    beside.complete("b", "wu", share=0)
    task = beside.open_task("c")
    for question, wrong in (
        (PreviewSendBack(task.id, task.id), Conflict),
        (PreviewWithdrawal(task.id), Conflict),
        (PreviewDropCoSigner(task.id, "0"), NotFound),
    ):
        with pytest.raises(wrong):
            beside.engine.ask(question, "zhou")
