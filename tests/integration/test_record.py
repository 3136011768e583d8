"""The record is the memory: however much it holds the state stays small, and any process can go on from the database."""

import pytest

from tests.support.offices import at
from tests.support.procedures import each, end, gateway, procedure, service, timer, user

PEOPLE = ["zhou", "wu", "zheng"]


def asked(files, key="people"):
    """Let the start form ask for a list of people."""
    values = b", ".join(b'{"label": "%s", "value": "%s"}' % (p.encode(), p.encode()) for p in PEOPLE)
    start = b'{"type": "default", "components": [{"type": "taglist", "key": "%s", "id": "f", "label": "x", "values": [%s]}]}'
    return {**files, "forms/start.form": start % (key.encode(), values)}


def test_a_hundred_kilobytes_of_record_leave_the_state_small(office):
    keys = [f"text_{n}" for n in range(25)]
    forms = {"write": " ".join(keys), "read": "note"}
    office.deploy(procedure("long", user("write"), user("read"), flows="start >> write >> read >> end", forms=forms))
    office.start("long")
    office.complete("write", "zhou", **{key: chr(0x4E00 + n) + "字" * 3_999 for n, key in enumerate(keys)})
    assert sum(len(v.encode()) for v in office.record().values() if v) > 100_000
    assert len(office.state()) < 4_000


def test_branches_write_side_by_side_and_meet(office):
    files = procedure(
        "fork",
        gateway("split", "parallel"),
        user("left"),
        user("right"),
        gateway("join", "parallel"),
        user("after"),
        flows="start >> split >> left >> join >> after >> end; split >> right >> join",
        forms={"left": "a", "right": "b"},
    )
    office.deploy(files)
    office.start("fork")
    office.complete("right", "zhou", b="2")
    assert office.open_tasks() == ["left"]
    office.restart()
    office.complete("left", "zhou", a="1")
    assert (office.open_tasks(), office.record()) == (["after"], {"a": "1", "b": "2"})


def opinions(**marker):
    return asked(
        procedure(
            "opinions",
            user("say", assignee="${who}", inside=each("${people}", "who", **marker)),
            user("sum_up"),
            flows="start >> say >> sum_up >> end",
            forms={"say": "opinion"},
        )
    )


def test_opinions_are_gathered_over_restarts_between_any_two_steps(office):
    office.deploy(opinions())
    office.start("opinions", people=PEOPLE)
    for who in reversed(PEOPLE):
        office.restart()
        task = next(t for t in office.case().open_tasks if t.assignee == who)
        office.complete("say", who, item=task.item, opinion=f"{who}同意")
    office.restart()
    given = sorted(row["opinion"] for row in office.record()["say"].values())
    assert given == sorted(f"{who}同意" for who in PEOPLE)
    assert office.open_tasks() == ["sum_up"]


def test_opinions_in_turn_are_asked_one_after_another(office):
    office.deploy(opinions(in_turn=True))
    office.start("opinions", people=PEOPLE)
    turns = []
    while office.open_tasks() == ["say"]:
        office.restart()
        turns.append(office.open_task("say").assignee)
        office.complete("say", turns[-1], opinion="可")
    assert turns == PEOPLE


def test_one_opinion_is_enough_where_the_diagram_says_so(office):
    office.deploy(opinions(until="${nrOfCompletedInstances >= 1}"))
    office.start("opinions", people=PEOPLE)
    office.restart()
    task = next(t for t in office.case().open_tasks if t.assignee == "wu")
    office.complete("say", "wu", item=task.item, opinion="可")
    assert office.open_tasks() == ["sum_up"]
    assert sorted(t.state for t in office.past_tasks() if t.element_id == "say") == [
        "cancelled",
        "cancelled",
        "completed",
    ]


def test_a_case_goes_through_timer_job_and_task_with_a_restart_before_each(office):
    files = procedure(
        "walk",
        timer("rest", "1小时"),
        service("mail", "send_letter", {"tracking": "${tracking}"}, text="${word}"),
        user("file"),
        flows="start >> rest >> mail >> file >> end",
        fields="word",
    )
    office.deploy(files)
    office.start("walk", word="您好")
    office.restart()
    office.move_to("2025-09-22 11:00")
    office.worker.fire_timers()
    office.restart()
    office.worker.run_jobs()
    office.restart()
    office.complete("file", "zhou")
    assert (office.case().status, office.record()) == ("closed", {"word": "您好", "tracking": "T1"})


def test_a_completed_case_keeps_its_record_and_no_state(leave):
    leave.complete("approve", "wang", verdict="no")
    [instance] = leave.rows("instance")
    assert (instance.state, instance.status, instance.ended_at) == (None, "completed", leave.clock.now())
    assert leave.record()["verdict"] == "no"


def test_a_loop_of_a_hundred_turns_costs_what_the_first_turn_costs(office):
    files = procedure(
        "rounds",
        user("turn"),
        gateway("again", default="end"),
        flows="start >> turn >> again [more == 'yes'] >> turn; again >> end",
        forms={"turn": "more"},
    )
    office.deploy(files)
    office.start("rounds")
    office.complete("turn", "zhou", more="yes")
    first = len(office.state())
    for _ in range(100):
        office.complete("turn", "zhou", more="yes")
    assert len(office.state()) <= first * 1.2


@pytest.mark.parametrize(("days", "due"), [(2, "2025-09-23 18:00"), (9, "2025-09-25 18:00")])
def test_a_decision_table_sets_the_limit(leave, days, due):
    leave.start("leave_request", reason="x", days=days)
    assert leave.open_task("approve").due_at == at(due)


def test_a_case_with_two_ends_closes_when_both_branches_are_done(office):
    files = procedure(
        "two_ends",
        gateway("split", "parallel"),
        user("left"),
        user("right"),
        end("other"),
        flows="start >> split >> left >> end; split >> right >> other",
    )
    office.deploy(files)
    office.start("two_ends")
    office.complete("left", "zhou")
    assert office.case().status == "open"
    office.complete("right", "zhou")
    assert office.case().status == "closed"
