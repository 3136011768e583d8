"""Work that brings its worker down each time is given up as an incident; what lies beside it is done."""

from datetime import timedelta

import pytest

from engine import CompleteJob, FinishOutbox, LeaseJobs, LeaseOutbox, RetryIncident, Sending
from engine.domain.delivery import Delivered
from engine.steps.sending import MAX_ATTEMPTS
from tests.support.procedures import procedure, service

ATTEMPTS = 3
"""How often the test job `send_letter` may be tried."""


@pytest.fixture
def post(office):
    """Five letters to be sent, oldest first; the second is the deadly one."""
    office.deploy(procedure("post", service("mail", "send_letter", text="信"), flows="start >> mail >> end"))
    for _ in range(5):
        office.start("post")
    return office


@pytest.fixture
def urged(leave):
    """Three notices of one urging."""
    leave.urge("approve", "li")
    return leave


def later(office):
    """Let every lease run out."""
    office.move_to(office.clock.at + timedelta(minutes=2))


def work_until_quiet(office, deadly):
    """Workers take jobs, ten at a time, and die at the deadly one; give how often it was tried."""
    tried = 0
    for _ in range(50):
        taken = office.engine.execute(LeaseJobs("worker"))
        if not taken:
            if not any(row.state == "leased" for row in office.rows("job")):
                return tried
            later(office)
        for job in taken:
            if job.id == deadly:
                tried += 1
                break
            office.engine.execute(CompleteJob(job.id, job.fence, {}))
    raise AssertionError("it never ends")


def test_a_job_that_kills_its_worker_each_time_is_tried_as_often_as_allowed_and_given_up(post):
    deadly = post.rows("job")[1].id
    assert work_until_quiet(post, deadly) == ATTEMPTS
    [incident] = post.incidents()
    assert (incident.kind, incident.job_id, incident.payload) == ("JobFailed", deadly, {"inputs": {"text": "信"}})
    assert f"试了 {ATTEMPTS} 次" in incident.reason


def test_jobs_that_lay_beside_a_deadly_one_are_done(post):
    deadly = post.rows("job")[1].id
    work_until_quiet(post, deadly)
    assert {row.state for row in post.rows("job") if row.id != deadly} == {"done"}
    assert [row.state for row in post.rows("job") if row.id == deadly] == ["failed"]


def test_a_deadly_job_runs_again_when_an_admin_lets_it(post):
    work_until_quiet(post, post.rows("job")[1].id)
    post.engine.execute(RetryIncident(post.incidents()[0].id, "root"))
    post.worker.drain()
    assert {row.state for row in post.rows("job")} == {"done"}
    assert post.incidents() == []


def test_a_job_nobody_here_knows_is_given_up_as_well(post):
    post.engine.register.tasks.pop("send_letter")
    assert work_until_quiet(post, post.rows("job")[0].id) == 5
    assert len(post.incidents()) == 1


def test_a_worker_that_stops_leaves_no_attempt_on_jobs_it_did_not_begin(post):
    post.worker.stopping.set()
    post.worker.round()
    assert [row.attempts for row in post.rows("job")] == [0] * 5


def send_until_quiet(office, deadly):
    """Senders take messages and die at the deadly one, whatever lies beside it; give how often it was tried."""
    tried = 0
    for _ in range(50):
        taken = office.engine.execute(LeaseOutbox("sender"))
        if not taken:
            if not any(row.state == "leased" for row in office.rows("outbox")):
                return tried
            later(office)
        elif deadly in [message.id for message in taken]:
            tried += 1
        else:
            office.engine.execute(FinishOutbox(tuple(Sending(message, Delivered()) for message in taken)))
    raise AssertionError("it never ends")


def test_a_message_that_kills_its_sender_each_time_is_given_up_and_the_others_are_sent(urged):
    deadly = urged.rows("outbox")[0].id
    assert send_until_quiet(urged, deadly) == MAX_ATTEMPTS
    states = {row.id: row.state for row in urged.rows("outbox")}
    assert states.pop(deadly) == "failed"
    assert len(states) > 1
    assert set(states.values()) == {"sent"}
    [incident] = urged.incidents()
    assert (incident.kind, incident.instance_id) == ("DeliveryFailed", urged.case().instance_id)
    assert incident.payload["notice"] == "urged"


def test_two_workers_find_out_together_and_it_is_one_incident(post):
    others = [post.another_engine() for _ in range(2)]
    deadly = post.rows("job")[0].id
    for _ in range(8):
        for engine in others:
            for job in engine.execute(LeaseJobs("worker")):
                if job.id != deadly:
                    engine.execute(CompleteJob(job.id, job.fence, {}))
        later(post)
    assert len(post.incidents()) == 1
