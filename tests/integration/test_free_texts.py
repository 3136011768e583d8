"""What people type freely: unsavable characters are taken out before anything is stored, too much is refused with a sentence."""

import pytest

from engine import (
    CancelOrder,
    ChangeSetting,
    ExtendUserTask,
    FailJob,
    FinishOutbox,
    History,
    LeaseJobs,
    LeaseOutbox,
    Sending,
    SendMessage,
    UrgeUserTask,
)
from engine.domain.delivery import Rejected
from engine.domain.errors import Invalid
from tests.support.procedures import procedure, service

DIRTY, CLEAN = "第一行\r\n第\x00二\x1b行\ud83d", "第一行\n第二行"
LONG = "字" * 501


def payload(office, kind):
    """Give what the history keeps about the last event of a kind."""
    events = office.engine.ask(History(office.case().instance_id))
    return [event.payload for event in events if event.kind == kind][-1]


def commands(office, text):
    """Give every command that takes a free text, by what it is called."""
    task = office.open_task("approve").id
    return {
        "urge": UrgeUserTask(task, "li", text),
        "extend": ExtendUserTask(task, "sun", "1个工作日", text),
        "cancel": CancelOrder(office.number, "li", text),
        "message": SendMessage("question_asked", office.number, "li", {"opinion": [text * 10]}),
        "setting": ChangeSetting("clock_offset", text, "root"),
    }


def test_an_urging_is_kept_and_sent_without_what_cannot_be_kept(leave):
    leave.engine.execute(commands(leave, DIRTY)["urge"])
    assert payload(leave, "UserTaskUrged")["text"] == CLEAN
    assert "\x00" not in leave.rows("outbox")[0].body


def test_reasons_are_kept_without_what_cannot_be_kept(leave):
    leave.engine.execute(commands(leave, DIRTY)["extend"])
    leave.engine.execute(commands(leave, DIRTY)["cancel"])
    assert payload(leave, "ExtensionGranted")["reason"] == CLEAN
    assert payload(leave, "OrderCancelled")["reason"] == CLEAN


def test_data_of_a_message_is_kept_without_what_cannot_be_kept(leave):
    leave.send("question_asked", opinion=DIRTY, reason=[{"x\x00": DIRTY}])
    assert (leave.record()["opinion"], leave.record()["reason"]) == (CLEAN, [{"x": CLEAN}])


def test_a_setting_is_kept_without_what_cannot_be_kept(leave):
    leave.engine.execute(ChangeSetting("clock_offset", "36\x0000", "root"))
    assert [row.value for row in leave.rows("setting") if row.name == "clock_offset"] == ["3600"]


@pytest.mark.parametrize("name", ["urge", "extend", "cancel", "message", "setting"])
def test_a_text_without_end_is_refused_and_nothing_changes(leave, name):
    state = leave.state()
    with pytest.raises(Invalid, match="最多"):
        leave.engine.execute(commands(leave, LONG)[name])
    assert (leave.state(), leave.rows("outbox"), leave.incidents()) == (state, [], [])


def test_a_failure_told_in_control_characters_is_an_ordinary_failure(office):
    office.deploy(procedure("post", service("mail", "send_letter", text="信"), flows="start >> mail >> end"))
    office.start("post")
    [job] = office.engine.execute(LeaseJobs("worker"))
    assert office.engine.execute(FailJob(job.id, job.fence, DIRTY, attempts_allowed=1)) == "failed"
    assert ([i.reason for i in office.incidents()], office.rows("job")[0].error) == ([CLEAN], CLEAN)


def test_a_sending_that_failed_in_control_characters_has_failed(leave):
    leave.urge("approve", "li")
    sent = tuple(Sending(message, Rejected("\x00", "\x00")) for message in leave.engine.execute(LeaseOutbox("sender")))
    leave.engine.execute(FinishOutbox(sent))
    assert {row.state for row in leave.rows("outbox")} == {"failed"}
