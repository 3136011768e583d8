"""An order that an admin has suspended: nobody acts, nothing fires or starts, and no time is lost when it goes on."""

from contextlib import suppress
from datetime import timedelta

import pytest

from engine import (
    CancelOrder,
    ClaimUserTask,
    CompleteJob,
    CompleteUserTask,
    ExtendUserTask,
    FailJob,
    FireTimer,
    GiveBackJob,
    History,
    LeaseJobs,
    PauseCase,
    ReleaseUserTask,
    ResumeCase,
    ResumeInstance,
    RetryIncident,
    ShowOrder,
    SuperviseOrder,
    SuspendInstance,
    TerminateOrder,
    TransferUserTask,
    UrgeUserTask,
    order_acts,
    task_acts,
)
from engine.domain.errors import Conflict, EngineError, Invalid, NotAllowed, StepFailed
from engine.store import people
from engine.store.database import reading
from tests.support.offices import PEOPLE, at
from tests.support.procedures import end, error, procedure, service, user
from tests.support.races import race, refusals


def suspend(office, actor="root", reason="等上级来函"):
    office.engine.execute(SuspendInstance(office.number, actor, reason))


def resume(office, actor="root", note=""):
    office.engine.execute(ResumeInstance(office.number, actor, note))


def states(office):
    return office.case().status, office.case().instance_status


def moments(office):
    (task,) = office.case().open_tasks
    return task.due_at, {row.due_at for row in office.rows("inbox")}, office.case().due_at


def last(office, kind):
    return [e for e in office.engine.ask(History(office.case().instance_id)) if e.kind == kind][-1]


def test_every_limit_moves_by_the_working_time_lost(leave):
    suspend(leave)
    assert states(leave) == ("suspended", "suspended")
    leave.move_to("2025-09-22 15:00")
    resume(leave)
    due = at("2025-09-24 11:30")
    assert (states(leave), moments(leave)) == (("open", "running"), (due, {due}, due))
    assert {row.due_at for row in leave.rows("timer") if row.role == "due"} == {due}


def test_no_timer_fires_meanwhile(leave):
    suspend(leave)
    timers = [row.id for row in leave.rows("timer")]
    leave.work_at("2025-10-20 10:00")
    assert [leave.engine.execute(FireTimer(ident)) for ident in timers] == [False, False]
    assert {row.state for row in leave.rows("timer")} == {"paused"}


ACTS = {
    "claim": lambda task, number: ClaimUserTask(task, "wang"),
    "release": lambda task, number: ReleaseUserTask(task, "wang"),
    "complete": lambda task, number: CompleteUserTask(task, "wang", {"verdict": "yes"}),
    "urge": lambda task, number: UrgeUserTask(task, "li", "快"),
    "extend": lambda task, number: ExtendUserTask(task, "sun", "1个工作日", "等材料"),
    "transfer": lambda task, number: TransferUserTask(task, "sun", "wang", "换人"),
    "supervise": lambda task, number: SuperviseOrder(task, "sun", "请说明"),
    "pause": lambda task, number: PauseCase(number, "等材料", "other", None, "sun"),
    "resume": lambda task, number: ResumeCase(number, "", "sun"),
    "suspend": lambda task, number: SuspendInstance(number, "root", "再停一次"),
}


@pytest.mark.parametrize("act", ACTS)
def test_nobody_acts_and_the_sentence_says_who_stopped_it_and_why(leave, act):
    leave.claim("approve", "wang")
    suspend(leave)
    task = leave.open_task("approve").id
    with pytest.raises(Conflict, match="管理员于.*挂起.*等上级来函"):
        leave.engine.execute(ACTS[act](task, leave.number))
    assert states(leave) == ("suspended", "suspended")


def test_a_message_does_not_wake_it(leave):
    suspend(leave)
    with pytest.raises(Conflict, match="挂起"):
        leave.send("withdrawn")


def test_whoever_may_not_is_refused(leave):
    for who, _, _, role in PEOPLE:
        if role == "admin":
            continue
        with pytest.raises(NotAllowed):
            suspend(leave, who)
        with pytest.raises(NotAllowed):
            resume(leave, who)
    assert states(leave) == ("open", "running")


def test_a_reason_is_wanted_and_twice_is_refused(leave):
    with pytest.raises(Invalid):
        suspend(leave, reason=" ")
    with pytest.raises(Conflict):
        resume(leave)
    suspend(leave)
    resume(leave)
    with pytest.raises(Conflict):
        resume(leave)


def test_an_order_that_was_paused_is_paused_again_and_moves_once_for_both(leave):
    leave.engine.execute(PauseCase(leave.number, "等材料", "other", None, "sun"))
    leave.move_to("2025-09-22 11:00")
    suspend(leave)
    leave.move_to("2025-09-22 14:00")
    resume(leave)
    assert (states(leave), leave.case().due_at) == (("paused", "running"), at("2025-09-23 18:00"))
    leave.move_to("2025-09-22 15:00")
    leave.engine.execute(ResumeCase(leave.number, "", "sun"))
    assert (states(leave), leave.case().due_at) == (("open", "running"), at("2025-09-24 11:30"))


@pytest.mark.parametrize("end", [CancelOrder, TerminateOrder])
def test_it_can_be_ended_without_being_resumed(leave, end):
    suspend(leave)
    leave.engine.execute(end(leave.number, "root" if end is TerminateOrder else "sun", "不再办"))
    assert leave.case().instance_status == "terminated"
    assert all(row.ended_at for row in leave.rows("pause"))


def test_history_and_notices_say_it(leave):
    leave.claim("approve", "wang")
    suspend(leave)
    leave.move_to("2025-09-22 15:00")
    resume(leave, note="来函已到")
    leave.worker.drain()
    assert last(leave, "InstanceSuspended").payload["reason"] == "等上级来函"
    (moved,) = last(leave, "InstanceResumed").payload["moved"]
    assert moved["name"] == "审批"
    told = [n for n in leave.channel.notices() if n[1] in ("suspend", "go_on")]
    assert sorted(told) == [("li", "go_on"), ("li", "suspend"), ("wang", "go_on"), ("wang", "suspend")]


LETTER = service("mail", "send_letter", {"tracking": "${tracking}"}, text="您好")


@pytest.fixture
def post(office):
    """A case whose letter is about to be sent; a clerk files it afterwards."""
    caught = error("bad", "no_address", on="mail"), user("fix"), end("fixed")
    flows = "start >> mail >> file >> end; bad >> fix >> fixed"
    office.deploy(procedure("post", LETTER, *caught, user("file"), flows=flows, fields="word"))
    office.start("post")
    return office


def lease(office, owner="worker"):
    return office.engine.execute(LeaseJobs(owner))


def test_no_job_starts_before_it_goes_on(post):
    suspend(post)
    post.worker.drain()
    assert (lease(post), post.letters.letters) == ([], [])
    resume(post)
    post.worker.drain()
    assert (post.record()["tracking"], post.open_tasks()) == ("T1", ["file"])


@pytest.mark.parametrize(
    ("report", "opened"),
    [
        (lambda j: CompleteJob(j.id, j.fence, {"tracking": "Z"}), ["file"]),
        (lambda j: FailJob(j.id, j.fence, "没有地址", error_code="no_address"), ["fix"]),
    ],
    ids=["done", "thrown"],
)
def test_what_was_begun_before_is_kept_and_takes_effect_when_it_goes_on(post, report, opened):
    [job] = lease(post)
    suspend(post)
    post.engine.execute(report(job))
    assert (post.open_tasks(), post.rows("job")[0].state) == ([], "kept")
    with pytest.raises(Conflict):
        post.engine.execute(report(job))
    post.restart()
    resume(post)
    assert (post.open_tasks(), post.rows("job")[0].state) == (opened, "done")


@pytest.mark.parametrize("way", ["failed", "given back", "abandoned"])
def test_what_was_begun_before_and_not_done_waits_until_it_goes_on(post, way):
    [job] = lease(post)
    suspend(post)
    if way == "failed":
        assert post.engine.execute(FailJob(job.id, job.fence, "邮路不通")) == "ready"
    if way == "given back":
        assert post.engine.execute(GiveBackJob(job.id, job.fence))
    post.move_to(post.clock.at + timedelta(hours=1))
    assert lease(post, "other") == []
    resume(post)
    assert len(lease(post, "other")) == 1


def test_a_report_that_does_not_fit_becomes_an_incident_and_the_order_goes_on(post):
    [job] = lease(post)
    suspend(post)
    post.engine.execute(FailJob(job.id, job.fence, "x", error_code="nobody_catches_this"))
    with pytest.raises(StepFailed):
        resume(post)
    resume(post)
    assert (states(post), post.rows("job")[0].state) == (("open", "running"), "failed")
    [incident] = post.incidents()
    with suppress(EngineError):
        post.engine.execute(RetryIncident(incident.id, "root", {"result": {"tracking": "H"}}))
    assert post.open_tasks() == ["file"]


def test_pages_offer_what_the_commands_accept(leave):
    leave.claim("approve", "wang")
    suspend(leave)
    with reading(leave.engine.database) as connection:
        actors = {who: people.actor(connection, who).actor for who, *_ in PEOPLE}
    order = leave.engine.ask(ShowOrder(leave.number), "root")
    acts = {who: set(order_acts(order, actor)) - {"link", "copy", "comment"} for who, actor in actors.items()}
    assert {who for who in acts if "go_on" in acts[who]} == {"root"}
    assert acts["root"] == {"go_on", "jump", "terminate", "void"}
    assert acts["sun"] == {"cancel"}
    assert {act for actor in actors.values() for act in task_acts(order, order.tasks[0], actor)} == {"fill"}
    assert (order.suspension.by, order.suspension.reason) == ("root", "等上级来函")


def test_a_completion_and_a_suspension_at_the_same_moment(leave):
    task, others = leave.open_task("approve").id, leave.another_engine()
    results = race(
        [
            lambda: leave.engine.execute(SuspendInstance(leave.number, "root", "先停")),
            lambda: others.execute(CompleteUserTask(task, "wang", {"verdict": "no"})),
        ]
    )
    assert (len(refusals(results)), leave.case().status) in [(1, "suspended"), (1, "closed")]


def test_two_admins_resume_at_the_same_moment_and_the_limit_moves_once(leave):
    suspend(leave)
    leave.move_to("2025-09-22 15:00")
    engines = leave.engine, leave.another_engine()
    results = race([lambda e=e: e.execute(ResumeInstance(leave.number, "root")) for e in engines])
    assert (len(refusals(results)), leave.case().due_at) == (1, at("2025-09-24 11:30"))


def test_a_job_leased_as_the_order_is_suspended_is_begun_before_or_not_at_all(post):
    others = post.another_engine()
    leased, _ = race(
        [
            lambda: others.execute(LeaseJobs("other")),
            lambda: post.engine.execute(SuspendInstance(post.number, "root", "先停")),
        ]
    )
    assert (len(leased), post.rows("job")[0].state) in [(1, "leased"), (0, "resting")]
