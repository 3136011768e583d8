"""Jobs: leased, fenced, retried, given up as incidents, cancelled; whatever happens, a case is never lost."""

from datetime import timedelta

import pytest

from engine import CancelOrder, CompleteJob, ExtendLease, FailJob, LeaseJobs, RetryIncident
from engine.domain.back_off import pause
from engine.domain.errors import Conflict, NotAllowed, NotFound, StepFailed
from tests.support.procedures import end, error, message, procedure, service, timer, user

LETTER = service("mail", "send_letter", {"tracking": "${tracking}"}, text="您好")


@pytest.fixture
def post(office):
    """A case whose letter is about to be sent; a clerk files it afterwards."""
    office.deploy(procedure("post", LETTER, user("file"), flows="start >> mail >> file >> end", fields="word"))
    office.start("post")
    return office


def lease(office, owner="worker"):
    [job] = office.engine.execute(LeaseJobs(owner))
    return job


def later(office, **span):
    office.move_to(office.clock.at + timedelta(**span))


def job_state(office):
    return office.rows("job")[0].state


def test_a_job_runs_after_the_step_and_its_result_goes_to_the_record(post):
    assert post.letters.letters == []
    post.worker.drain()
    assert (post.record()["tracking"], post.open_tasks()) == ("T1", ["file"])


def test_a_leased_job_is_nobody_elses_until_the_lease_runs_out(post):
    lease(post)
    assert post.engine.execute(LeaseJobs("other")) == []
    later(post, seconds=60)
    assert lease(post, "other").fence == 2


def test_a_heartbeat_keeps_the_lease(post):
    job = lease(post)
    later(post, seconds=50)
    assert post.engine.execute(ExtendLease(job.id, job.fence))
    later(post, seconds=50)
    assert post.engine.execute(LeaseJobs("other")) == []


@pytest.mark.parametrize(
    "report",
    [lambda j: CompleteJob(j.id, j.fence, {"tracking": "Z"}), lambda j: FailJob(j.id, j.fence, "zombie")],
    ids=["done", "failed"],
)
def test_a_worker_that_lost_its_lease_can_no_longer_report(post, report):
    zombie = lease(post, "zombie")
    later(post, minutes=5)
    fresh = lease(post, "fresh")
    with pytest.raises(Conflict):
        post.engine.execute(report(zombie))
    assert not post.engine.execute(ExtendLease(zombie.id, zombie.fence))
    post.engine.execute(CompleteJob(fresh.id, fresh.fence, {"tracking": "F"}))
    assert post.record()["tracking"] == "F"


def test_a_report_given_twice_counts_once(post):
    job = lease(post)
    post.engine.execute(CompleteJob(job.id, job.fence, {"tracking": "A"}))
    with pytest.raises(Conflict):
        post.engine.execute(CompleteJob(job.id, job.fence, {"tracking": "B"}))
    assert post.record()["tracking"] == "A"


def test_a_failed_job_waits_a_little_longer_each_time_and_keeps_its_key(post):
    post.letters.fail(2)
    pauses = []
    for _ in range(2):
        post.worker.drain()
        [row] = post.rows("job")
        pauses.append((row.run_at - post.clock.now(), pause(row.attempts, row.idempotency_key)))
        post.move_to(row.run_at)
    post.worker.drain()
    assert [taken for taken, _ in pauses] == [planned for _, planned in pauses]
    assert len({letter.idempotency_key for letter in post.letters.letters}) == 1
    assert (len(post.letters.letters), post.record()["tracking"]) == (3, "T3")


def give_up(office):
    """Let all three attempts of the letter fail."""
    office.letters.fail(3)
    for _ in range(3):
        office.worker.drain()
        later(office, hours=1)


def test_a_job_out_of_attempts_is_an_incident_with_its_inputs_and_the_case_waits(post):
    give_up(post)
    [incident] = post.incidents()
    assert (incident.kind, incident.element_id, incident.instance_id) == ("JobFailed", "mail", post.case().instance_id)
    assert "邮路不通" in incident.reason
    assert incident.payload == {"inputs": {"text": "您好"}}
    assert (post.case().status, post.open_tasks(), post.worker.drain()) == ("open", [], 0)


def test_an_admin_lets_a_failed_job_run_again(post):
    give_up(post)
    post.engine.execute(RetryIncident(post.incidents()[0].id, "root"))
    post.worker.drain()
    assert (post.record()["tracking"], post.incidents()) == ("T4", [])


def test_only_admins_retry(post):
    give_up(post)
    with pytest.raises(NotAllowed):
        post.engine.execute(RetryIncident(post.incidents()[0].id, "wang"))


def test_an_incident_is_retried_once(post):
    give_up(post)
    incident = post.incidents()[0].id
    post.engine.execute(RetryIncident(incident, "root"))
    with pytest.raises(NotFound):
        post.engine.execute(RetryIncident(incident, "root"))


def test_a_failed_job_of_a_cancelled_order_does_not_run_again(post):
    give_up(post)
    post.engine.execute(CancelOrder(post.number, "li", "不用了"))
    with pytest.raises(Conflict):
        post.engine.execute(RetryIncident(post.incidents()[0].id, "root"))
    post.worker.drain()
    assert len(post.letters.letters) == 3


def test_a_business_error_takes_the_way_of_its_boundary_event(office):
    office.deploy(
        procedure(
            "post",
            LETTER,
            error("unknown", "NO_SUCH", on="mail"),
            user("ask"),
            flows="start >> mail >> end; unknown >> ask >> end",
        )
    )
    office.start("post")
    office.letters.refuse("NO_SUCH")
    office.worker.drain()
    assert (office.open_tasks(), job_state(office), office.incidents()) == (["ask"], "done", [])


def test_a_business_error_that_nobody_catches_is_one_incident_and_the_letter_goes_out_once(post):
    post.letters.refuse("NO_SUCH")
    post.worker.drain()
    for _ in range(3):
        later(post, minutes=10)
        post.worker.drain()
    assert len(post.letters.letters) == 1
    assert len(post.incidents()) == 1
    assert post.incidents()[0].element_id == "mail"


def test_a_job_that_its_boundary_event_ended_can_no_longer_report(office):
    office.deploy(
        procedure(
            "post",
            LETTER,
            timer("late", "1小时", on="mail", ends=True),
            user("ask"),
            flows="start >> mail >> end; late >> ask >> end",
        )
    )
    office.start("post")
    job = lease(office)
    office.move_to("2025-09-22 11:00")
    office.worker.fire_timers()
    with pytest.raises(Conflict):
        office.engine.execute(CompleteJob(job.id, job.fence, {"tracking": "T"}))
    assert (office.open_tasks(), job_state(office)) == (["ask"], "cancelled")


def test_a_job_of_a_cancelled_order_can_no_longer_report(post):
    job = lease(post)
    post.engine.execute(CancelOrder(post.number, "li", "不用了"))
    with pytest.raises(Conflict):
        post.engine.execute(CompleteJob(job.id, job.fence, {"tracking": "T"}))
    assert post.case().status == "cancelled"


@pytest.fixture
def stumbling(office):
    """The letter goes out, but what follows it in the diagram fails."""
    check = service("check", "explode", value="${word}")
    office.deploy(procedure("post", LETTER, check, flows="start >> mail >> check >> end", fields="word"))
    office.start("post", word="boom")
    return office


def test_when_the_diagram_fails_after_a_job_its_result_is_kept_with_the_incident(stumbling):
    stumbling.worker.drain()
    [incident] = stumbling.incidents()
    assert incident.payload == {"result": {"tracking": "T1"}}
    assert (incident.kind, incident.element_id, incident.instance_id) == (
        "CompleteJob",
        "mail",
        stumbling.case().instance_id,
    )
    assert (job_state(stumbling), stumbling.history()) == ("failed", ["InstanceStarted"])


def test_the_same_job_is_not_sent_again_by_itself_after_the_diagram_failed(stumbling):
    for _ in range(3):
        stumbling.worker.drain()
        later(stumbling, minutes=10)
    assert len(stumbling.letters.letters) == 1


def test_a_report_on_which_the_diagram_fails_is_told_to_the_worker(stumbling):
    job = lease(stumbling)
    with pytest.raises(StepFailed, match="决定里有错误"):
        stumbling.engine.execute(CompleteJob(job.id, job.fence, {"tracking": "T"}))


def test_a_case_that_cannot_go_on_does_not_keep_other_jobs_waiting(office):
    more = service("more", "extend", element="first", limit="1个工作日")
    files = procedure(
        "stuck",
        user("first", due="1小时"),
        timer("first_due", "到期", on="first"),
        end("late"),
        LETTER,
        more,
        flows="start >> first >> mail >> more >> end; first_due >> late",
    )
    office.deploy(files)
    office.deploy(procedure("post", LETTER, user("file"), flows="start >> mail >> file >> end"))
    office.start("stuck")
    office.complete("first", "zhou")
    office.start("post")
    office.worker.drain()
    assert office.open_tasks() == ["file"]
    assert office.worker.hands.held == {}
    assert [i.kind for i in office.incidents()] == ["CompleteJob"]


def test_a_job_without_a_worker_function_is_an_incident_at_once(post):
    post.engine.register.tasks.pop("send_letter")
    post.worker.drain()
    assert "send_letter" in post.incidents()[0].reason
    assert job_state(post) == "failed"


def test_a_failed_timer_fires_again_when_an_admin_lets_it(office):
    check = service("check", "explode", value="${word}")
    files = procedure(
        "bomb",
        user("do"),
        timer("bad", "1小时", on="do"),
        check,
        end("checked"),
        message("mended", "mended", on="do", fills="word"),
        end("heard"),
        flows="start >> do >> end; bad >> check >> checked; mended >> heard",
        fields="word",
    )
    office.deploy(files)
    office.start("bomb", word="boom")
    office.work_at("2025-09-22 12:00")
    office.send("mended", word="calm")
    office.engine.execute(RetryIncident(office.incidents()[0].id, "root"))
    office.worker.drain()
    assert office.reached()[-3:] == ["bad", "check", "checked"]
    assert office.incidents() == []
