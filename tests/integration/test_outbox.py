"""The outbox: nothing leaves before the commit, nothing is lost after it, and every copy bears the same key."""

from datetime import timedelta

import pytest

from engine import FinishOutbox, LeaseOutbox, Sending
from engine.domain.back_off import pause
from engine.domain.delivery import Delivered
from engine.domain.errors import NotFound, StepFailed
from tests.support.offices import before
from tests.support.procedures import procedure, service, tell, user


@pytest.fixture
def urged(leave):
    """A leave request whose holder has been urged; nothing has been sent yet."""
    leave.claim("approve", "wang")
    leave.urge("approve", "li")
    return leave


def lease(office, owner="sender"):
    return office.engine.execute(LeaseOutbox(owner))


def later(office, **span):
    office.move_to(office.clock.at + timedelta(**span))


def states(office):
    return [row.state for row in office.rows("outbox")]


def test_nothing_leaves_before_a_worker_comes(urged):
    assert (urged.channel.tried, states(urged)) == ([], ["ready"])
    urged.worker.drain()
    assert (urged.channel.notices(), states(urged)) == ([("wang", "urged")], ["sent"])


def test_a_command_that_fails_sends_nothing(office):
    check = service("check", "explode", value="${word}")
    files = procedure(
        "rash",
        user("do"),
        tell("tell", "told", "leader"),
        check,
        flows="start >> do >> tell >> check >> end",
        forms={"do": "word"},
        notices={"told": "已告知"},
    )
    office.deploy(files)
    office.start("rash")
    with pytest.raises(StepFailed):
        office.complete("do", "zhou", word="boom")
    office.worker.drain()
    assert (states(office), office.channel.tried) == ([], [])


def test_a_command_that_is_refused_sends_nothing(urged):
    with pytest.raises(NotFound):
        urged.urge("approve", "zheng")
    assert states(urged) == ["ready"]


def test_a_save_that_fails_at_the_very_end_sends_nothing(leave):
    def break_off(_connection):
        raise OSError("连接断了")

    with before(leave.engine, "UPDATE instance", break_off), pytest.raises(StepFailed):
        leave.urge("approve", "li")
    leave.worker.drain()
    assert leave.channel.tried == []


def test_a_leased_message_is_nobody_elses(urged):
    [message] = lease(urged)
    assert (message.notice, lease(urged, "other")) == ("urged", [])


def test_a_leased_message_comes_back_when_the_lease_runs_out(urged):
    [first] = lease(urged)
    later(urged, seconds=59)
    assert lease(urged, "other") == []
    later(urged, seconds=1)
    [second] = lease(urged, "other")
    assert (second.id, second.idempotency_key, second.fence) == (first.id, first.idempotency_key, 2)


def test_a_sender_that_lost_its_lease_changes_nothing(urged):
    [zombie] = lease(urged)
    later(urged, minutes=2)
    [fresh] = lease(urged, "other")
    urged.engine.execute(FinishOutbox((Sending(zombie, Delivered()),)))
    assert states(urged) == ["leased"]
    urged.engine.execute(FinishOutbox((Sending(fresh, Delivered()),)))
    assert states(urged) == ["sent"]


def test_a_failed_sending_is_tried_again_after_longer_and_longer_pauses(urged):
    urged.channel.fail(4)
    pauses = []
    for _ in range(4):
        urged.worker.drain()
        row = urged.rows("outbox")[0]
        assert row.run_at - urged.clock.now() == pause(row.attempts, row.idempotency_key)
        pauses.append((row.run_at - urged.clock.now()) / timedelta(minutes=1))
        urged.move_to(row.run_at)
    urged.worker.drain()
    assert [round(p / m) for p, m in zip(pauses, (1, 5, 15, 60), strict=True)] == [1, 1, 1, 1]
    assert states(urged) == ["sent"]


def copies(office):
    return [message for message in office.channel.tried if message.notice == "urged"]


def test_every_copy_of_a_message_bears_the_same_key(urged):
    urged.channel.fail(3)
    for _ in range(4):
        urged.worker.drain()
        later(urged, minutes=20)
    assert len(copies(urged)) == 4
    assert len({message.idempotency_key for message in copies(urged)}) == 1


def test_messages_of_one_step_and_of_later_steps_have_keys_of_their_own(leave):
    leave.urge("approve", "li")
    leave.urge("approve", "wang")
    keys = [row.idempotency_key for row in leave.rows("outbox")]
    assert len(keys) == len(set(keys)) == 6


def test_a_message_that_fails_for_good_is_an_incident_at_once(urged):
    urged.channel.fail(permanent=True)
    urged.worker.drain()
    [incident] = urged.incidents()
    assert (states(urged), incident.kind, incident.payload["to"]) == (["failed"], "DeliveryFailed", "wang")
    assert incident.instance_id == urged.case().instance_id


def test_a_message_that_fails_five_times_is_an_incident(urged):
    urged.channel.fail(20)
    for _ in range(9):
        urged.worker.drain()
        later(urged, hours=2)
    assert (len(copies(urged)), states(urged)[0]) == (5, "failed")
    assert [i.payload["notice"] for i in urged.incidents()].count("urged") == 1


def test_a_channel_with_a_bug_does_not_keep_other_messages_back(leave):
    leave.urge("approve", "li")
    leave.channel.answers.append(RuntimeError("通道有错误"))
    leave.worker.drain()
    assert sorted(states(leave)) == ["ready", "sent", "sent"]


def test_a_case_does_not_wait_for_its_messages(urged):
    urged.channel.fail(permanent=True)
    urged.worker.drain()
    urged.complete("approve", "wang", verdict="no")
    assert urged.case().status == "closed"


def test_a_notice_is_filled_from_the_record_in_words(leave):
    leave.work_at("2025-09-23 18:00")
    overdue = leave.channel.delivered[-1]
    assert (overdue.subject, overdue.body) == ("审批超时：请假：探亲", "时限 2025年9月23日 18:00")
