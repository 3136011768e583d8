"""Duty rosters at work: free tasks and notices go to whoever is on duty, from hand to hand."""

import threading
import time
from datetime import date, timedelta

import pytest

from engine import (
    AddDutyTurn,
    ChangeDuty,
    ClaimUserTask,
    CompleteUserTask,
    DisablePerson,
    DropDutyChange,
    EndDutyTurn,
    HandOverDuty,
    Inbox,
    MyDuties,
    PutRoster,
    Rosters,
    ShowRoster,
)
from engine.domain.duty_roster import parse_hours
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.front import demo_rosters
from engine.store import rosters, settings
from engine.store.database import reading, transaction
from tests.support.calendars import at
from tests.support.offices import statements
from tests.support.procedures import gateway, procedure, service, tell, user

EVERY_DAY = frozenset(range(1, 8))


@pytest.fixture
def nights(office):
    """A roster: Zhou every night from 18:00, Wu at weekends by day."""
    office.engine.execute(PutRoster("night", "夜间值班", "root"))
    add_turn(office, "zhou", EVERY_DAY, "18:00-08:30")
    add_turn(office, "wu", frozenset({6, 7}), "08:30-18:00")
    return office


def add_turn(office, person, weekdays, hours, **more):
    start, stop = parse_hours(hours)
    return office.engine.execute(AddDutyTurn("night", person, weekdays, start, stop, date(2025, 9, 1), "root", **more))


def on_call(office, groups="duty:night", **more):
    office.deploy(
        procedure(
            "call",
            tell("wake", "woken", groups),
            user("handle", groups),
            flows="start >> wake >> handle >> end",
            notices={"woken": "请接${number}"},
            **more,
        )
    )


def pool(office, person):
    return [row.name for row in office.engine.ask(Inbox("pool"), person).rows]


def test_a_free_task_stands_in_the_list_of_whoever_is_on_duty_at_that_moment(nights):
    on_call(nights)
    nights.move_to("2025-09-22 19:00")
    nights.start("call")
    task = nights.open_task("handle")
    assert (pool(nights, "zhou"), pool(nights, "wu")) == (["handle"], [])
    nights.move_to("2025-09-23 09:00")
    assert pool(nights, "zhou") == []
    with pytest.raises(NotAllowed):
        nights.engine.execute(ClaimUserTask(task.id, "zhou"))
    nights.move_to("2025-09-27 09:00")
    assert pool(nights, "wu") == ["handle"]
    nights.engine.execute(ClaimUserTask(task.id, "wu"))
    nights.move_to("2025-09-28 19:00")
    nights.engine.execute(CompleteUserTask(task.id, "wu", {}))
    assert nights.open_tasks() == []


def test_a_notice_goes_to_who_is_on_duty_when_it_is_written(nights):
    on_call(nights)
    nights.move_to("2025-09-22 19:00")
    nights.start("call")
    nights.worker.drain()
    assert [m.recipient for m in nights.channel.delivered] == ["zhou"]


def test_where_nobody_is_on_duty_the_other_performers_are_asked(nights):
    on_call(nights, "duty:night,leader")
    nights.start("call")
    nights.worker.drain()
    assert [m.recipient for m in nights.channel.delivered] == ["wang"]
    assert pool(nights, "wang") == ["handle"]


def test_a_duty_passed_on_takes_its_free_tasks_along_and_tells_the_receiver(nights):
    on_call(nights)
    nights.move_to("2025-09-22 19:00")
    nights.start("call")
    nights.worker.drain()
    handed = HandOverDuty("night", "zhou", "wu", at("2025-09-22 19:00"), at("2025-09-23 08:30"), "发烧", "zhou")
    nights.engine.execute(handed)
    assert (pool(nights, "zhou"), pool(nights, "wu")) == ([], ["handle"])
    nights.worker.drain()
    told = nights.channel.delivered[-1]
    assert (told.recipient, told.subject) == ("wu", "值班变动:夜间值班")
    assert "发烧" in told.body
    nights.move_to("2025-09-23 18:00")
    assert pool(nights, "zhou") == ["handle"]


def test_nobody_passes_on_another_s_duty_or_one_that_is_none(nights):
    tonight = at("2025-09-22 18:00"), at("2025-09-23 08:30")
    with pytest.raises(NotAllowed):
        nights.engine.execute(HandOverDuty("night", "zhou", "wu", *tonight, "换班", "wu"))
    with pytest.raises(Conflict):
        nights.engine.execute(HandOverDuty("night", "wu", "zhou", *tonight, "换班", "wu"))
    with pytest.raises(Invalid):
        nights.engine.execute(HandOverDuty("night", "zhou", "nobody", *tonight, "换班", "zhou"))
    with pytest.raises(Invalid):
        nights.engine.execute(HandOverDuty("night", "zhou", "wu", *tonight, " ", "zhou"))
    with pytest.raises(NotFound):
        nights.engine.execute(HandOverDuty("day", "zhou", "wu", *tonight, "换班", "zhou"))
    nights.engine.execute(HandOverDuty("night", "zhou", "wu", *tonight, "换班", "root"))


def test_an_exception_holds_for_its_time_and_can_be_taken_back_before_it_begins(nights):
    day = at("2025-10-01 08:00"), at("2025-10-02 08:00")
    change = nights.engine.execute(ChangeDuty("night", "feng", "", *day, "国庆值班", "root"))
    nights.move_to("2025-10-01 12:00")
    assert nights.engine.ask(Rosters())[0].now == ("冯处长",)
    with pytest.raises(Conflict):
        nights.engine.execute(DropDutyChange("night", change, "root"))
    later = nights.engine.execute(
        ChangeDuty("night", "", "", at("2025-10-03 00:00"), at("2025-10-04 00:00"), "停业", "root")
    )
    nights.engine.execute(DropDutyChange("night", later, "root"))
    assert [change.reason for change in nights.engine.ask(ShowRoster("night")).changes] == ["国庆值班"]


def test_a_turn_that_ends_keeps_what_was_and_one_that_never_began_is_gone(nights):
    def turns():
        return {turn.id: turn.last for turn in nights.engine.ask(ShowRoster("night")).turns}

    running = next(iter(turns()))
    nights.engine.execute(EndDutyTurn("night", running, date(2025, 9, 22), "root"))
    assert turns()[running] == date(2025, 9, 22)
    start, stop = parse_hours("18:00-20:00")
    to_come = nights.engine.execute(AddDutyTurn("night", "wu", EVERY_DAY, start, stop, date(2025, 10, 9), "root"))
    nights.engine.execute(EndDutyTurn("night", to_come, date(2025, 9, 30), "root"))
    assert to_come not in turns()
    with pytest.raises(Invalid):
        nights.engine.execute(EndDutyTurn("night", running, date(2025, 9, 1), "root"))
    with pytest.raises(NotFound):
        nights.engine.execute(EndDutyTurn("night", 99, date(2025, 9, 22), "root"))


def test_the_list_of_rosters_says_when_nobody_is_on_duty(nights):
    row = nights.engine.ask(Rosters())[0]
    assert (row.now, row.gap.start) == ((), at("2025-09-22 10:00"))
    add_turn(nights, "feng", EVERY_DAY, "08:30-18:00")
    row = nights.engine.ask(Rosters())[0]
    assert (row.now, row.gap) == (("冯处长",), None)


def test_the_hours_of_the_roster_s_calendar_are_no_gap_lunch_included(nights):
    nights.engine.execute(PutRoster("night", "夜间值班", "root", "office"))
    nights.engine.execute(
        EndDutyTurn("night", nights.engine.ask(ShowRoster("night")).turns[-1].id, date(2025, 9, 27), "root")
    )
    assert nights.engine.ask(Rosters())[0].gap.start == at("2025-09-28 18:00")
    with pytest.raises(Invalid):
        nights.engine.execute(PutRoster("night", "夜间值班", "root", "nowhere"))


def test_everybody_finds_their_own_turns(nights):
    mine = nights.engine.ask(MyDuties(days=6), "wu")
    assert [(d.start, d.end - d.start) for d in mine] == [
        (at("2025-09-27 08:30"), timedelta(hours=9, minutes=30)),
        (at("2025-09-28 08:30"), timedelta(hours=1, minutes=30)),
    ]
    assert nights.engine.ask(MyDuties(), "li") == []


@pytest.mark.parametrize(
    ("moment", "who", "step"),
    [
        ("2025-09-23 10:00", "wang", "by_day"),
        ("2025-09-23 12:30", "zhou", "by_night"),
        ("2025-09-23 19:00", "zhou", "by_night"),
    ],
)
def test_a_procedure_asks_whether_it_is_working_time_and_goes_to_who_is_on_duty_when_not(nights, moment, who, step):
    add_turn(nights, "zhou", EVERY_DAY, "12:00-14:00")
    nights.deploy(
        procedure(
            "complaint",
            service("hours", "is_open", {"open_now": "${open}"}, calendar="office"),
            gateway("way", default="by_night"),
            user("by_day", "leader"),
            user("by_night", "duty:night"),
            flows="start >> hours >> way [open_now] >> by_day >> end; way >> by_night >> end",
        )
    )
    nights.move_to(moment)
    nights.start("complaint")
    assert (nights.open_tasks(), pool(nights, who)) == ([step], [step])


def test_rosters_cost_no_statement_once_they_are_known(nights):
    nights.engine.ask(Inbox("pool"), "zhou")
    with statements(nights.engine) as seen:
        nights.engine.ask(Inbox("pool"), "zhou")
    assert sum(said.startswith("SELECT") for said in seen) == 2


def test_two_who_change_rosters_at_the_same_time_never_leave_the_same_version_behind(nights):
    other, wrote = nights.another_engine().database, threading.Event()

    def second():
        with transaction(other) as connection:
            rosters.put(connection, "day", "白天值班", None)
            wrote.wait(10)

    with transaction(nights.engine.database) as connection:
        rosters.put(connection, "night", "夜班", None)
        beside = threading.Thread(target=second)
        beside.start()
        time.sleep(0.3)  # on PostgreSQL the second has read by now what was there before, and waits for the first
    between = _version(nights)
    wrote.set()
    beside.join(10)
    assert _version(nights) != between
    assert {"夜班", "白天值班"} <= {row.name for row in nights.engine.ask(Rosters())}


def _version(office):
    """Give how a process that looks now would tell whether it has to read the rosters anew."""
    with reading(office.engine.database) as connection:
        return settings.get(connection, rosters.VERSION)


def test_a_person_who_is_disabled_is_not_told(nights):
    on_call(nights, "duty:night,leader")
    nights.engine.execute(DisablePerson("zhou", "root"))
    nights.move_to("2025-09-22 19:00")
    nights.start("call")
    nights.worker.drain()
    assert [m.recipient for m in nights.channel.delivered] == ["wang"]


def test_the_demo_has_a_roster_and_a_second_run_adds_nothing():
    commands = demo_rosters(())
    assert [type(command) for command in commands] == [PutRoster, *[AddDutyTurn] * 4]
    assert demo_rosters({"property_night"}) == []
