"""An extension granted after the limit has passed: the new limit has its consequence as the old one had."""

import pytest

from engine import ExtendUserTask
from tests.support.offices import at
from tests.support.procedures import each, end, procedure, service, tell, timer, user

OVERDUE = ("sun", "overdue")


@pytest.fixture
def overdue(leave):
    """A leave request that nobody approved in time: due 23 September 18:00, warned, told to the supervisor."""
    leave.work_at("2025-09-24 09:00")
    assert leave.channel.notices() == [("wang", "warning"), OVERDUE]
    assert leave.rows("timer") == []
    leave.channel.delivered.clear()
    return leave


def due_rows(office):
    return [(row.element_id, row.role, row.due_at) for row in office.rows("timer")]


def test_the_new_moments_are_watched_again(overdue):
    overdue.extend("approve", "sun", "2个工作日")
    assert due_rows(overdue) == [
        ("approve_due", "due", at("2025-09-25 18:00")),
        ("approve_warn", "warn", at("2025-09-24 18:00")),
    ]
    assert overdue.case().due_at == at("2025-09-25 18:00")
    overdue.work_at("2025-09-25 17:59")
    assert OVERDUE not in overdue.channel.notices()
    overdue.work_at("2025-09-25 18:00")
    assert [n for n in overdue.channel.notices() if n[1] != "extended"] == [("wang", "warning"), OVERDUE]


def test_nobody_is_warned_at_a_moment_that_lies_behind(overdue):
    overdue.extend("approve", "sun", "1个工作日")
    overdue.work_at("2025-09-24 18:00")
    assert [n for n in overdue.channel.notices() if n[1] != "extended"] == [OVERDUE]


def test_it_is_watched_by_another_process_as_well(overdue):
    overdue.extend("approve", "sun", "1个工作日")
    overdue.restart()
    overdue.work_at("2025-09-24 18:00")
    assert overdue.channel.notices().count(OVERDUE) == 1
    assert overdue.incidents() == []


def test_an_extension_may_follow_each_missed_limit(overdue):
    for day in ("24", "25", "26"):
        overdue.extend("approve", "sun", "1个工作日")
        overdue.work_at(f"2025-09-{day} 18:00")
    assert overdue.channel.notices().count(OVERDUE) == 3


def test_several_late_extensions_leave_one_timer_of_each_kind(overdue):
    overdue.extend("approve", "sun", "1个工作日")
    overdue.extend("approve", "sun", "1个工作日")
    assert due_rows(overdue)[0] == ("approve_due", "due", at("2025-09-25 18:00"))
    assert len(due_rows(overdue)) == 2
    state = overdue.state()
    overdue.extend("approve", "sun", "1个工作日")
    assert (len(due_rows(overdue)), overdue.state()) == (2, state)


def test_an_extension_that_has_passed_already_is_missed_at_once(overdue):
    overdue.move_to("2025-09-30 09:00")
    overdue.extend("approve", "sun", "1个工作日")
    overdue.worker.drain()
    assert overdue.channel.notices().count(OVERDUE) == 1


@pytest.mark.parametrize(
    "leaves", [lambda o: o.complete("approve", "wang", verdict="no"), lambda o: o.send("withdrawn")]
)
def test_a_task_that_ends_takes_the_new_timer_along(overdue, leaves):
    overdue.extend("approve", "sun", "1个工作日")
    leaves(overdue)
    assert (overdue.rows("timer"), overdue.case().status) == ([], "closed")
    overdue.work_at("2025-10-20 09:00")
    assert {row.state for row in overdue.rows("outbox")} <= {"sent", "unneeded"}
    assert (OVERDUE in overdue.channel.notices(), overdue.incidents()) == (False, [])


def test_the_diagram_itself_may_extend_late(overdue):
    overdue.send("more_time")
    assert due_rows(overdue) == [("approve_due", "due", at("2025-09-24 18:00"))]
    overdue.send("more_time")
    assert ("approve_due", "due", at("2025-09-25 18:00")) in due_rows(overdue)
    overdue.work_at("2025-09-25 18:00")
    assert overdue.channel.notices() == [("wang", "warning"), OVERDUE]


def test_what_follows_a_missed_limit_may_grant_the_next_one(office):
    files = procedure(
        "patient",
        user("do", due="1个工作日"),
        timer("do_due", "到期", on="do"),
        service("more", "extend", element="do", limit="1个工作日"),
        tell("tell", "late", "supervisor"),
        end("told"),
        flows="start >> do >> end; do_due >> more >> tell >> told",
        notices={"late": "又超时"},
    )
    office.deploy(files)
    office.start("patient")
    office.work_at("2025-09-25 18:00")
    assert [row.created_at for row in office.rows("outbox")] == [office.clock.now()] * 3
    assert due_rows(office) == [("do_due", "due", at("2025-09-26 18:00"))]
    office.complete("do", "zhou")
    assert (office.case().status, office.rows("timer"), office.incidents()) == ("closed", [], [])


def test_extending_twice_within_one_step_leaves_one_timer(office):
    files = procedure(
        "double",
        user("do", due="1个工作日"),
        timer("do_due", "到期", on="do"),
        service("more", "extend", element="do", limit="1个工作日"),
        service("and_more", "extend", element="do", limit="1个工作日"),
        end("extended"),
        flows="start >> do >> end; do_due >> more >> and_more >> extended",
    )
    office.deploy(files)
    office.start("double")
    office.work_at("2025-09-23 18:00")
    assert due_rows(office) == [("do_due", "due", at("2025-09-25 18:00"))]


def test_people_who_decide_together_share_the_new_timer(office):
    files = procedure(
        "jury",
        user("vote", assignee="${who}", due="1个工作日", inside=each("${people}", "who")),
        timer("vote_due", "到期", on="vote"),
        tell("tell", "late", "supervisor"),
        end("told"),
        flows="start >> vote >> end; vote_due >> tell >> told",
        fields="people:taglist",
        notices={"late": "超时"},
    )
    choices = b'"taglist", "values": [{"label": "a", "value": "zhou"}, {"label": "b", "value": "wu"}], '
    files["forms/start.form"] = files["forms/start.form"].replace(b'"taglist", ', choices)
    office.deploy(files)
    office.start("jury", people=["zhou", "wu"])
    office.work_at("2025-09-24 09:00")
    for task in office.case().open_tasks:
        office.engine.execute(ExtendUserTask(task.id, "sun", "1个工作日", "x"))
    assert due_rows(office) == [("vote_due", "due", at("2025-09-24 18:00"))]
    office.complete("vote", "zhou", "0")
    office.work_at("2025-09-24 18:00")
    assert [to for to, notice in office.channel.notices() if notice == "late"] == ["sun", "sun"]
    office.complete("vote", "wu", "1")
    assert (office.case().status, office.rows("timer")) == ("closed", [])


def test_a_timer_that_failed_is_not_left_waiting_twice(office):
    files = procedure(
        "bomb",
        user("do", due="1个工作日"),
        timer("do_due", "到期", on="do"),
        service("check", "explode", value="${word}"),
        end("checked"),
        flows="start >> do >> end; do_due >> check >> checked",
        fields="word",
    )
    office.deploy(files)
    office.start("bomb", word="boom")
    office.work_at("2025-09-24 09:00")
    office.extend("do", "sun", "1个工作日")
    assert [(row.state, row.due_at) for row in office.rows("timer")] == [("failed", at("2025-09-24 18:00"))]
