"""Timers: exactly at their moment, once, in order; moved by UPDATE alone; cycles keep their rhythm."""

from datetime import timedelta

import pytest

from engine import DueTimers, FireTimer, History
from tests.support.offices import at, statements
from tests.support.procedures import end, procedure, tell, timer, user

DUE = at("2025-09-23 18:00")
WARN = at("2025-09-22 12:00")
INSTANT = timedelta(microseconds=1)


def due_moments(office):
    return {row.role or row.element_id: row.due_at for row in office.rows("timer")}


def nudging(text, *, kind="Cycle"):
    """A task whose holder is nudged by a timer."""
    return procedure(
        "nudge",
        user("do"),
        timer("tick", text, on="do", kind=kind),
        tell("nudge_him", "nudge", "leader"),
        end("nudged"),
        flows="start >> do >> end; tick >> nudge_him >> nudged",
        notices={"nudge": "催一下"},
    )


def fired_at(office):
    """Nudges by the moment of their firing."""
    return [row.created_at for row in office.rows("outbox")]


def test_a_timer_does_not_fire_a_microsecond_early(leave):
    leave.work_at(WARN - INSTANT)
    assert leave.channel.notices() == []


def test_a_timer_fires_exactly_at_its_moment(leave):
    leave.work_at(WARN)
    assert leave.channel.notices() == [("wang", "warning")]


def test_a_timer_told_to_fire_early_does_nothing(leave):
    leave.move_to(WARN - INSTANT)
    assert [leave.engine.execute(FireTimer(row.id)) for row in leave.rows("timer")] == [False, False]


def test_a_late_wake_up_fires_once(leave):
    leave.work_at("2025-10-20 09:00")
    leave.work_at("2025-10-21 09:00")
    assert leave.channel.notices() == [("wang", "warning"), ("sun", "overdue")]


def test_a_timer_that_fired_is_gone(leave):
    ids = [row.id for row in leave.rows("timer")]
    leave.work_at("2025-10-20 09:00")
    assert [leave.engine.execute(FireTimer(ident)) for ident in ids] == [False, False]


def test_missed_timers_fire_in_the_order_of_their_moments(office):
    office.deploy(
        procedure(
            "three",
            user("do"),
            timer("c", "3小时", on="do"),
            timer("a", "1小时", on="do"),
            timer("b", "2小时", on="do"),
            *(end(f"end_{name}") for name in "abc"),
            flows="start >> do >> end; a >> end_a; b >> end_b; c >> end_c",
        )
    )
    office.start("three")
    office.work_at("2025-09-30 10:00")
    assert [e for e in office.reached() if e in "abc"] == ["a", "b", "c"]


def test_a_cycle_and_a_timer_missed_together_fire_once_each_in_the_order_of_their_moments(office):
    files = procedure(
        "both",
        user("do"),
        timer("tick", "R3/PT10M", on="do", kind="Cycle"),
        timer("once", "PT25M", on="do"),
        end("a"),
        end("b"),
        flows="start >> do >> end; tick >> a; once >> b",
    )
    office.deploy(files)
    office.start("both")
    office.work_at("2025-09-22 12:00")
    assert [e for e in office.reached() if e in ("tick", "once")] == ["tick", "once"]
    assert office.rows("timer") == []


def missed(office):
    """Turns that went by, by firing of the cycle."""
    events = office.engine.ask(History(office.case().instance_id))
    return [e.payload.get("missed", 0) for e in events if e.kind == "TimerFired"]


def test_the_missed_turns_of_a_cycle_are_one_firing_that_says_how_many_there_were(office):
    office.deploy(nudging("R/PT10M"))
    office.start("nudge")
    office.work_at("2025-09-22 12:05")
    assert (len(fired_at(office)), missed(office)) == (1, [11])
    assert due_moments(office) == {"tick": at("2025-09-22 12:10")}
    office.work_at("2025-09-22 12:10")
    assert missed(office) == [11, 0]


def test_missed_turns_count_among_those_a_cycle_has(office):
    office.deploy(nudging("R5/PT10M"))
    office.start("nudge")
    office.work_at("2025-09-22 10:35")
    assert [row.remaining for row in office.rows("timer")] == [2]
    office.work_at("2025-09-22 10:40")
    office.work_at("2025-09-22 18:00")
    assert (missed(office), office.rows("timer")) == ([2, 0, 0], [])


def test_a_cycle_of_working_days_missed_over_the_holidays_keeps_its_rhythm(office):
    office.deploy(nudging("R/1个工作日"))
    office.start("nudge")
    office.work_at("2025-10-09 19:00")
    assert missed(office) == [7]
    assert due_moments(office) == {"tick": at("2025-10-10 18:00")}


def test_a_cycle_of_seconds_missed_for_a_year_wakes_up_at_once(office):
    office.deploy(nudging("R/PT1S"))
    office.start("nudge")
    office.work_at("2026-09-22 10:00")
    assert missed(office) == [365 * 86400 - 1]
    assert due_moments(office) == {"tick": at("2026-09-22 10:00") + timedelta(seconds=1)}


def test_a_completed_task_takes_its_timers_along(leave):
    leave.complete("approve", "wang", verdict="no")
    assert leave.rows("timer") == []
    assert leave.work_at("2025-10-20 09:00") == 0


def test_warning_and_due_moment_move_together_and_the_order_follows(leave):
    leave.extend("approve", "sun", "1个工作日")
    assert due_moments(leave) == {"due": at("2025-09-24 18:00"), "warn": at("2025-09-23 18:00")}
    assert leave.open_task("approve").warn_at == at("2025-09-23 18:00")
    assert leave.case().due_at == at("2025-09-24 18:00")


def test_an_extension_updates_rows_and_touches_nothing_else(leave):
    state, ids = leave.state(), [row.id for row in leave.rows("timer")]
    with statements(leave.engine) as seen:
        leave.extend("approve", "sun", "1个工作日")
    on_timers = [s.split()[0] for s in seen if "timer" in s.split("WHERE")[0]]
    assert on_timers == ["UPDATE", "UPDATE"]
    assert [row.id for row in leave.rows("timer")] == ids
    assert leave.state() == state


def test_an_extended_timer_fires_at_the_new_moment_only(leave):
    leave.extend("approve", "sun", "1个工作日")
    leave.work_at("2025-09-24 18:00")
    assert leave.channel.notices()[-2:] == [("wang", "warning"), ("sun", "overdue")]
    assert leave.channel.notices().count(("sun", "overdue")) == 1


def test_a_timer_seen_as_due_and_then_moved_does_not_fire(leave):
    leave.move_to(DUE)
    seen = leave.engine.ask(DueTimers())
    leave.extend("approve", "sun", "2个工作日")
    assert [leave.engine.execute(FireTimer(ident)) for ident in seen] == [False]
    assert leave.reached() == ["asked", "decide_limit"]


def test_the_diagram_itself_may_extend(leave):
    leave.send("more_time")
    assert leave.open_task("approve").due_at == at("2025-09-24 18:00")
    assert due_moments(leave)["due"] == at("2025-09-24 18:00")


def test_a_cycle_of_three_fires_three_times(office):
    office.deploy(nudging("R3/PT10M"))
    office.start("nudge")
    for minutes in range(0, 120, 5):
        office.work_at(
            office.clock.now().replace(hour=2)
            + timedelta(minutes=minutes)
            - timedelta(minutes=office.clock.now().minute)
        )
    assert len(office.channel.notices()) == 3


def test_a_cycle_counts_from_its_due_moment_not_from_the_wake_up(office):
    office.deploy(nudging("R/PT10M"))
    office.start("nudge")
    office.work_at("2025-09-22 10:17")
    assert due_moments(office) == {"tick": at("2025-09-22 10:20")}
    office.work_at("2025-09-22 10:20")
    assert fired_at(office) == [at("2025-09-22 10:17"), at("2025-09-22 10:20")]


def test_a_cycle_keeps_one_row(office):
    office.deploy(nudging("R/PT10M"))
    office.start("nudge")
    [before] = office.rows("timer")
    office.work_at("2025-09-22 10:35")
    [after] = office.rows("timer")
    assert (after.id, after.due_at) == (before.id, at("2025-09-22 10:40"))


def test_a_cycle_of_working_days_skips_the_holidays(office):
    office.deploy(nudging("R/1个工作日"))
    office.start("nudge")
    office.work_at("2025-09-30 18:00")
    assert due_moments(office) == {"tick": at("2025-10-09 18:00")}


@pytest.mark.parametrize(
    ("text", "kind", "due"),
    [
        ("半小时(工作时间)", "Duration", "2025-09-22 10:30"),
        ("PT90M", "Duration", "2025-09-22 11:30"),
        ("2025-09-25T09:00", "Date", "2025-09-25 09:00"),
        ("5个工作日", "Duration", "2025-09-28 18:00"),
    ],
)
def test_every_way_to_write_a_limit_arms_a_timer(office, text, kind, due):
    office.deploy(nudging(text, kind=kind))
    office.start("nudge")
    assert due_moments(office) == {"tick": at(due)}


def test_a_limit_may_count_from_a_moment_in_the_record(office):
    files = procedure(
        "visit",
        timer("wait", "1小时 从 visit_at"),
        user("go"),
        flows="start >> wait >> go >> end",
        fields="visit_at:datetime",
    )
    files["forms/start.form"] = files["forms/start.form"].replace(
        b'"datetime", ', b'"datetime", "subtype": "datetime", '
    )
    office.deploy(files)
    office.start("visit", visit_at="2025-09-24T15:00")
    assert due_moments(office) == {"wait": at("2025-09-24 16:00")}
    office.work_at("2025-09-24 16:00")
    assert office.open_tasks() == ["go"]


def test_a_case_that_only_waits_goes_on_when_its_moment_comes(office):
    office.deploy(procedure("cool", timer("rest", "P3D"), user("go"), flows="start >> rest >> go >> end"))
    office.start("cool")
    assert office.open_tasks() == []
    office.work_at("2025-09-25 10:00")
    assert office.open_tasks() == ["go"]
