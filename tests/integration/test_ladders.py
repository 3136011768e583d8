"""Ladders of posts under trouble: workers that were away, timers tried twice, posts nobody holds, several signers."""

from datetime import date

import pytest

from engine import AddDutyTurn, FireTimer, Inbox, PutRoster, RetryIncident
from engine.domain.duty_roster import parse_hours
from engine.domain.errors import InvalidDiagram, StepFailed
from tests.support.offices import before
from tests.support.procedures import each, end, procedure, service, timer, user

POSTS = "leader,supervisor,unit_leader@roads"


def ladder(posts=POSTS, cycle="R3/PT1H", inside="", mode="parallel"):
    return procedure(
        "climbing",
        user("do", groups="clerk", inside=inside),
        timer("ring", cycle, on="do", kind="Cycle"),
        service("climb", "escalate", posts=posts, notice="higher", mode=mode),
        end("told"),
        flows="start >> do >> end; ring >> climb >> told",
        fields="signers",
        notices={"higher": "第 ${step} 级：${task_name}"},
    )


@pytest.fixture
def desk(office):
    """An office whose duty desk is Wu's until noon and Zhou's from then on."""
    office.engine.execute(PutRoster("desk", "值守", "root"))
    for person, hours in (("wu", "00:00-12:00"), ("zhou", "12:00-24:00")):
        turn = frozenset(range(1, 8)), *parse_hours(hours), date(2025, 9, 1)
        office.engine.execute(AddDutyTurn("desk", person, *turn, "root"))
    return office


def told(office):
    return [(row.recipient, row.subject) for row in office.rows("outbox") if row.notice == "higher"]


def test_a_worker_that_was_away_tells_every_post_that_should_have_been_told_once(office):
    office.deploy(ladder())
    office.start("climbing")
    office.work_at("2025-09-22 12:30")
    assert told(office) == [("wang", "第 1 级：do"), ("sun", "第 2 级：do")]
    office.work_at("2025-09-23 12:30")
    assert told(office)[2:] == [("feng", "第 3 级：do")]


def test_a_timer_that_is_tried_again_tells_nobody_twice(office):
    office.deploy(ladder())
    office.start("climbing")
    (ring,) = office.rows("timer")
    office.move_to("2025-09-22 11:00")
    assert office.engine.execute(FireTimer(ring.id))
    assert not office.engine.execute(FireTimer(ring.id))
    assert told(office) == [("wang", "第 1 级：do")]


def test_a_step_that_breaks_off_tells_nobody_and_the_next_attempt_once(office):
    def break_off(connection):
        raise RuntimeError("the process is gone")

    office.deploy(ladder())
    office.start("climbing")
    (ring,) = office.rows("timer")
    office.move_to("2025-09-22 11:00")
    with before(office.engine, "UPDATE instance", break_off), pytest.raises(StepFailed):
        office.engine.execute(FireTimer(ring.id))
    assert (told(office), office.rows("ladder_step")) == ([], [])
    office.engine.execute(RetryIncident(office.incidents()[0].id, "root"))
    office.worker.drain()
    assert told(office) == [("wang", "第 1 级：do")]


def test_a_post_nobody_holds_is_passed_over_and_said_so(office):
    office.deploy(ladder("nobody_yet,supervisor,leader"))
    office.start("climbing")
    office.work_at("2025-09-22 11:00")
    assert told(office) == [("sun", "第 2 级：do")]
    assert office.history().count("LadderClimbed") == 2


def test_after_the_last_post_it_says_so_and_rings_no_more(office):
    office.deploy(ladder("leader,supervisor", "R/PT1H"))
    office.start("climbing")
    office.work_at("2025-09-22 11:00")
    office.work_at("2025-09-22 12:00")
    assert office.history().count("LadderEnded") == 1
    assert office.rows("timer") == []
    office.work_at("2025-09-25 12:00")
    assert len(told(office)) == 2
    office.complete("do", "zhou")
    assert office.case().status == "closed"


def test_several_signers_of_one_step_climb_together(office):
    office.deploy(ladder(inside=each("signers.split()", "who")))
    office.start("climbing", signers="a b")
    office.work_at("2025-09-22 11:00")
    office.complete("do", "zhou", item="0")
    office.work_at("2025-09-22 12:00")
    assert told(office) == [("wang", "第 1 级：do"), ("sun", "第 2 级：do")]


def test_a_task_taken_over_leaves_the_hands_it_was_in(office):
    office.deploy(ladder(mode="takeover"))
    office.start("climbing")
    office.claim("do", "zhou")
    office.work_at("2025-09-22 11:00")
    task = office.open_task("do")
    assert (task.assignee, task.groups) == (None, ["leader"])
    assert [row.principal for row in office.rows("inbox")] == ["role:leader"]
    assert "UserTaskTakenOver" in office.history()
    assert [row.recipient for row in office.rows("outbox") if row.notice == "taken_over"] == ["zhou"]
    office.complete("do", "wang")
    assert office.case().status == "closed"


def test_a_ladder_that_names_a_roster_nobody_knows_is_refused(office):
    with pytest.raises(InvalidDiagram) as refused:
        office.deploy(ladder("leader,duty:night", "R2/PT1H"))
    assert [(f.rule, f.element) for f in refused.value.findings] == [("roster-unknown", "climb")]


@pytest.mark.parametrize(
    ("posts", "on_duty"),
    [("duty:desk,leader", ("wu", "第 1 级：do")), ("leader,duty:desk", ("zhou", "第 2 级：do"))],
)
def test_on_duty_is_whoever_is_so_when_the_post_is_told(desk, posts, on_duty):
    desk.deploy(ladder(posts))
    desk.start("climbing")
    for hour in ("11:00", "12:00"):
        desk.work_at(f"2025-09-22 {hour}")
    assert [one for one in told(desk) if one[0] != "wang"] == [on_duty]


def test_a_task_taken_over_by_the_duty_desk_passes_on_with_the_duty(desk):
    desk.deploy(ladder("duty:desk", "R1/PT1H", mode="takeover"))
    desk.start("climbing")
    desk.work_at("2025-09-22 11:00")
    assert [[row.name for row in desk.engine.ask(Inbox("pool"), who).rows] for who in ("wu", "zhou")] == [["do"], []]
    desk.move_to("2025-09-22 12:30")
    assert [[row.name for row in desk.engine.ask(Inbox("pool"), who).rows] for who in ("wu", "zhou")] == [[], ["do"]]
