"""Two people, or two machines, in the same moment: one is first, nothing is lost, the other learns who it was."""

import pytest
from sqlalchemy import text

from engine import ClaimUserTask, CompleteUserTask, FireTimer, LeaseJobs, LinkOrders, SendMessage, StartInstance
from engine.domain.errors import AlreadyClaimed, Conflict, StaleState
from tests.support.offices import at, before
from tests.support.procedures import each, end, gateway, message, procedure, service, tell, user
from tests.support.races import race, refusals

TIMES = 20
NAMES = {"wang": "王班长", "zhou": "周经办"}


def both(office, make):
    """Give one act per person, each on connections of their own."""
    engines = {who: office.another_engine() for who in NAMES}
    return lambda task: [lambda e=engine, w=who: e.execute(make(task, w)) for who, engine in engines.items()]


def test_of_two_who_complete_a_task_one_succeeds_and_the_other_learns_who(leave):
    acts = both(leave, lambda task, who: CompleteUserTask(task, who, {"verdict": "no", "opinion": who}))
    for _ in range(TIMES):
        leave.start("leave_request", reason="同时", days=1)
        [refused] = refusals(race(acts(leave.open_task("approve").id)))
        winner = leave.record()["opinion"]
        assert isinstance(refused, Conflict)
        assert f"已由{NAMES[winner]}于" in str(refused)
        assert (leave.case().status, leave.history().count("UserTaskCompleted")) == ("closed", 1)
    assert leave.incidents() == []


def test_of_two_who_claim_a_task_one_holds_it_and_the_other_learns_who(leave):
    acts = both(leave, ClaimUserTask)
    for _ in range(TIMES):
        leave.start("leave_request", reason="同时", days=1)
        [refused] = refusals(race(acts(leave.open_task("approve").id)))
        holder = leave.open_task("approve").assignee
        assert isinstance(refused, AlreadyClaimed)
        assert NAMES[holder] in str(refused)
        assert leave.history().count("UserTaskClaimed") == 1


def test_a_claim_and_a_completion_in_the_same_moment_never_both_count(leave):
    claimer, completer = leave.another_engine(), leave.another_engine()
    for _ in range(TIMES):
        leave.start("leave_request", reason="同时", days=1)
        task = leave.open_task("approve").id
        results = race(
            [
                lambda t=task: claimer.execute(ClaimUserTask(t, "wang")),
                lambda t=task: completer.execute(CompleteUserTask(t, "zhou", {"verdict": "no"})),
            ]
        )
        [refused] = refusals(results)
        assert isinstance(refused, Conflict)
        assert str(refused).startswith("这件待办已由")


def test_two_branches_completed_in_the_same_moment_keep_both_answers(office):
    files = procedure(
        "fork",
        gateway("split", "parallel"),
        user("left"),
        user("right"),
        gateway("join", "parallel"),
        flows="start >> split >> left >> join >> end; split >> right >> join",
        forms={"left": "l", "right": "r"},
    )
    office.deploy(files)
    one, two = office.another_engine(), office.another_engine()
    for _ in range(TIMES):
        office.start("fork")
        left, right = office.open_task("left").id, office.open_task("right").id
        results = race(
            [
                lambda t=left: one.execute(CompleteUserTask(t, "zhou", {"l": "左"})),
                lambda t=right: two.execute(CompleteUserTask(t, "wu", {"r": "右"})),
            ]
        )
        assert refusals(results) == []
        assert (office.record(), office.case().status) == ({"l": "左", "r": "右"}, "closed")


def test_opinions_given_in_the_same_moment_are_all_kept(office):
    marker = each("${people}", "who")
    files = procedure(
        "opinions",
        user("say", assignee="${who}", inside=marker),
        flows="start >> say >> end",
        fields="people:taglist",
        forms={"say": "opinion"},
    )
    choices = b'"taglist", "values": [{"label": "a", "value": "zhou"}, {"label": "b", "value": "wu"}, {"label": "c", "value": "zheng"}], '
    files["forms/start.form"] = files["forms/start.form"].replace(b'"taglist", ', choices)
    office.deploy(files)
    people = ["zhou", "wu", "zheng"]
    engines = [office.another_engine() for _ in people]
    for _ in range(5):
        office.start("opinions", people=people)
        tasks = {t.assignee: t.id for t in office.case().open_tasks}
        acts = [
            lambda e=e, w=w, t=tasks[w]: e.execute(CompleteUserTask(t, w, {"opinion": w}))
            for e, w in zip(engines, people, strict=True)
        ]
        assert refusals(race(acts)) == []
        assert sorted(row["opinion"] for row in office.record()["say"].values()) == sorted(people)
        assert office.case().status == "closed"


def test_a_timer_fired_by_two_workers_fires_once(leave):
    leave.move_to(at("2025-09-22 12:00"))
    [warn] = [row.id for row in leave.rows("timer") if row.role == "warn"]
    one, two = leave.another_engine(), leave.another_engine()
    assert sorted(race([lambda: one.execute(FireTimer(warn)), lambda: two.execute(FireTimer(warn))])) == [False, True]
    assert len(leave.rows("outbox")) == 1


def test_a_timer_and_a_completion_in_the_same_moment_leave_one_history(leave):
    one, two = leave.another_engine(), leave.another_engine()
    for _ in range(TIMES):
        leave.move_to(at("2025-09-22 10:00"))
        leave.start("leave_request", reason="同时", days=1)
        task, timer_id = leave.open_task("approve").id, max(row.id for row in leave.rows("timer"))
        leave.move_to(at("2025-09-30 10:00"))
        results = race(
            [
                lambda t=timer_id: one.execute(FireTimer(t)),
                lambda t=task: two.execute(CompleteUserTask(t, "zhou", {"verdict": "no"})),
            ]
        )
        assert refusals(results) == []
        assert leave.case().status == "closed"


def test_a_message_sent_twice_in_the_same_moment_is_heard_twice(office):
    files = procedure(
        "ring",
        user("do"),
        message("again", "rang", on="do"),
        tell("tell", "rang", "leader"),
        end("told"),
        flows="start >> do >> end; again >> tell >> told",
        notices={"rang": "又响"},
    )
    office.deploy(files)
    one, two = office.another_engine(), office.another_engine()
    for turn in range(1, TIMES + 1):
        number = office.start("ring").number
        results = race([lambda e=e, n=number: e.execute(SendMessage("rang", n, "li", {})) for e in (one, two)])
        assert results == [1, 1]
        assert len(office.rows("outbox")) == 2 * turn


def test_numbers_given_in_the_same_moment_are_different_and_without_gap(leave):
    engines = [leave.another_engine() for _ in range(4)]
    acts = [
        lambda e=e: [
            e.execute(StartInstance("leave_request", "li", {"reason": "x", "days": 1})).number for _ in range(5)
        ]
        for e in engines
    ]
    numbers = sorted(n for found in race(acts) for n in found)
    assert numbers == [f"QJ20250922{n:04d}" for n in range(2, 22)]


def test_two_orders_linked_to_each_other_in_the_same_moment_do_not_block_each_other(leave):
    one, two = leave.another_engine(), leave.another_engine()
    for _ in range(TIMES):
        a = leave.start("leave_request", reason="a", days=1).number
        b = leave.start("leave_request", reason="b", days=1).number
        results = race(
            [
                lambda x=a, y=b: one.execute(LinkOrders(x, "li", [y])),
                lambda x=b, y=a: two.execute(LinkOrders(x, "li", [y])),
            ]
        )
        assert results == [1, 1]


def test_workers_that_lease_in_the_same_moment_never_hold_the_same_job(office):
    office.deploy(procedure("post", service("mail", "send_letter", text="信"), flows="start >> mail >> end"))
    for _ in range(30):
        office.start("post")
    engines = [office.another_engine() for _ in range(3)]
    leased = race([lambda e=e, n=n: e.execute(LeaseJobs(f"worker {n}")) for n, e in enumerate(engines)])
    held = [job.id for jobs in leased for job in jobs]
    assert len(held) == len(set(held)) == 30


def test_a_stale_save_is_tried_once_more_from_fresh_state(leave):
    with before(leave.engine, "UPDATE instance", other_writer):
        leave.complete("approve", "wang", verdict="no")
    assert leave.case().status == "closed"
    assert leave.history().count("UserTaskCompleted") == 1


def test_a_save_that_is_stale_twice_is_refused_and_changes_nothing(leave):
    state = leave.state()
    with before(leave.engine, "UPDATE instance", other_writer, times=2), pytest.raises(StaleState):
        leave.complete("approve", "wang", verdict="no")
    assert (leave.state(), leave.open_tasks(), leave.incidents()) == (state, ["approve"], [])


def other_writer(connection):
    """Bump the version as a writer that ignores the lock would."""
    connection.execute(text("UPDATE /* other writer */ instance SET version = version + 1"))
