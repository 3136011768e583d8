"""A calendar changes while a step computes a limit by what it was: the limit follows, once, and nobody waits for anybody."""

import pytest

from engine import CatchUpCalendar, ChangeCalendar, ExtendUserTask, History, LateLimits, PreviewChange, StartInstance
from engine.domain.calendar_change import Change
from engine.domain.errors import Invalid
from engine.domain.holiday_notice import read_notice
from engine.store.database import reading
from engine.store.history import broken_at
from tests.support.holidays_2027 import TEXT
from tests.support.offices import at, before
from tests.support.procedures import procedure, timer, user
from tests.support.races import race, refusals
from workers.runner import Worker

LONG = procedure(
    "long_errand",
    user("do", due="13个工作日", warn="75%"),
    timer("late", "到期", on="do"),
    timer("early", "预警", on="do"),
    timer("rest", "12个工作日", on="do"),
    user("look"),
    flows="start >> do >> end; late >> look; early >> look; rest >> look; look >> end",
    deadline=["do"],
)
NEW_YEAR = Change("days", "2027年放假安排", days=read_notice(TEXT).days)
OLD, NEW = at("2027-01-15 18:00"), at("2027-01-14 18:00")
REST = at("2027-01-13 18:00")


@pytest.fixture
def errand(office):
    """An errand of thirteen working days that may begin while 2027 is announced."""
    office.move_to("2026-12-28 10:00")
    office.deploy(LONG)
    return office


@pytest.fixture
def apart(errand):
    """The same where writers do not wait for each other: rows are locked, not the whole file."""
    if errand.engine.database.dialect.name == "sqlite":
        pytest.skip("SQLite lets one writer in at a time: there is no moment in between")
    return errand


def announce(office, engine=None):
    seen = office.engine.ask(PreviewChange(NEW_YEAR), "root").expects
    return (engine or office.engine).execute(ChangeCalendar(NEW_YEAR, seen, "已公布", "root"))


def announced_meanwhile(office, statement, act):
    """Let the year be announced, and be committed, on another connection right before a statement of an act."""
    other = office.another_engine()
    with before(office.engine, statement, lambda _: announce(office, other)):
        return act()


def limits(office):
    [task] = [t for t in office.rows("user_task") if t.state == "open"]
    timers = {row.element_id: row.due_at for row in office.rows("timer")}
    listed = {row.due_at for row in office.rows("inbox")}
    return task.due_at, listed, office.case().due_at, timers["late"], timers["rest"]


MOVED = (NEW, {NEW}, NEW, NEW, REST)


def test_a_limit_opened_while_the_year_is_announced_follows_at_the_next_round(apart):
    apart.start("long_errand")
    first = apart.number
    announced_meanwhile(apart, "INSERT INTO user_task", lambda: apart.start("long_errand"))
    assert (limits_of_case(apart), limits_of_case(apart, first)) == (OLD, NEW)
    assert apart.engine.ask(LateLimits()) == [2]
    apart.worker.drain()
    assert (limits_of_case(apart), apart.engine.ask(LateLimits())) == (NEW, [])
    [version] = [v for v in apart.rows("calendar_version") if v.id == 2]
    assert version.moved == 4


def limits_of_case(office, number=None):
    office.number = number or office.number
    return office.case().due_at


def test_task_lists_timers_order_and_history_follow_together(apart):
    announced_meanwhile(apart, "INSERT INTO user_task", lambda: apart.start("long_errand"))
    apart.worker.drain()
    assert limits(apart) == MOVED
    assert {row.calendar_version for row in apart.rows("timer")} == {2}
    [past] = [e for e in apart.engine.ask(History(apart.case().instance_id)) if e.kind == "CalendarChanged"]
    assert (past.actor, past.payload["title"], past.payload["reason"]) == ("system", NEW_YEAR.title, "已公布")
    assert {m["element"] for m in past.payload["moves"]} == {"do", "rest"}
    with reading(apart.engine.database) as connection:
        assert broken_at(connection, apart.case().instance_id) is None


def test_an_extension_granted_while_the_year_is_announced_follows_too(apart):
    short = procedure("short", user("do", due="2个工作日"), timer("late", "到期", on="do"), user("look"),
                      flows="start >> do >> end; late >> look >> end")  # fmt: skip
    apart.deploy(short)
    apart.start("short")
    task = apart.open_task("do")
    extend = ExtendUserTask(task.id, "sun", "11个工作日", "情况复杂")
    announced_meanwhile(apart, "UPDATE user_task", lambda: apart.engine.execute(extend))
    assert apart.open_task("do").due_at == OLD
    apart.worker.drain()
    assert apart.open_task("do").due_at == NEW


def test_of_two_workers_one_moves_a_late_limit_and_everybody_is_told_once(apart):
    apart.start("long_errand")
    announced_meanwhile(apart, "INSERT INTO user_task", lambda: apart.start("long_errand"))
    others = [apart.another_engine() for _ in range(2)]
    moved = race([lambda e=e: e.execute(CatchUpCalendar(2)) for e in others])
    assert sorted(moved) == [0, 2]
    apart.worker.drain()
    assert apart.history().count("CalendarChanged") == 1
    told = [row for row in apart.rows("outbox") if row.notice == "calendar_changed"]
    of_this = [row.recipient for row in told if apart.number in row.body]
    assert sorted(of_this) == ["li", "wu", "zheng", "zhou"]
    assert len({row.idempotency_key for row in told}) == len(told) == 8


def test_nothing_is_late_after_an_ordinary_change_and_nothing_is_told_again(errand):
    errand.start("long_errand")
    announce(errand)
    errand.start("long_errand")
    assert errand.engine.ask(LateLimits()) == []
    assert errand.engine.execute(CatchUpCalendar(2)) == 0
    errand.worker.drain()
    assert sorted(who for who, notice in errand.channel.notices() if notice == "calendar_changed") == [
        "li", "wu", "zheng", "zhou"]  # fmt: skip
    assert errand.history().count("CalendarChanged") == 0


def test_a_limit_that_had_run_out_and_was_extended_afterwards_stays(errand):
    errand.start("long_errand")
    errand.work_at("2027-01-18 09:00")
    announce(errand)
    errand.engine.execute(ExtendUserTask(errand.open_task("do").id, "sun", "3个工作日", "情况复杂"))
    due = errand.open_task("do").due_at
    errand.worker.drain()
    assert (errand.open_task("do").due_at, errand.engine.ask(LateLimits())) == (due, [])


def test_after_an_hour_nobody_looks_any_more(errand):
    errand.start("long_errand")
    announce(errand)
    errand.move_to("2026-12-28 11:01")
    assert errand.engine.execute(CatchUpCalendar(2)) == 0


def test_steps_the_change_and_those_who_catch_up_never_wait_in_a_circle(errand):
    back = errand.engine.ask(PreviewChange(NEW_YEAR), "root").expects
    starting, changing, catching, extending = (errand.another_engine() for _ in range(4))
    errand.start("long_errand")
    task = errand.open_task("do").id
    results = race(
        [
            lambda: [starting.execute(StartInstance("long_errand", "li", {})) for _ in range(5)],
            lambda: changing.execute(ChangeCalendar(NEW_YEAR, back, "已公布", "root")),
            lambda: [Worker(catching).catch_up_calendars() for _ in range(10)],
            lambda: [extending.execute(ExtendUserTask(task, "sun", "1个工作日", "改期")) for _ in range(5)],
        ]
    )
    assert refusals(results) == []
    errand.worker.drain()
    due = {row.id: row.due_at for row in errand.rows("user_task")}
    assert due.pop(task) == at("2027-01-21 18:00")
    assert set(due.values()) == {NEW}
    with pytest.raises(Invalid, match="没有差别"):
        announce(errand)
