"""A pause and what else may happen to a limit meanwhile: another calendar, the end of the calendar, the end of the order."""

from datetime import date

import pytest

from engine import CancelOrder, ChangeCalendar, History, PauseCase, PreviewChange, ResumeCase
from engine.domain.calendar_change import Change
from engine.domain.work_calendar import CalendarExhausted, Day
from engine.store.user_tasks import NO_DUE
from tests.support.offices import at
from tests.support.procedures import end, message, procedure, tell, timer, user

WARNING = ("wang", "soon")
STRIKE = Change("exceptions", "停电", "office", days=(Day(date(2025, 9, 23), False, "停电"),))


def pause(office):
    office.engine.execute(PauseCase(office.number, "等材料", "other", None, "sun"))


def resume(office):
    office.engine.execute(ResumeCase(office.number, "", "sun"))


def change(office, wish):
    seen = office.engine.ask(PreviewChange(wish), "root").expects
    return office.engine.execute(ChangeCalendar(wish, seen, "供电局通知", "root"))


def moments(office):
    """Give the limit of the leave request wherever it stands: task, warning, timers, list, order."""
    (task,) = office.case().open_tasks
    timers = {row.role: row.due_at for row in office.rows("timer")}
    (listed,) = {row.due_at for row in office.rows("inbox")}
    assert (timers["due"], listed, office.case().due_at) == (task.due_at, task.due_at, task.due_at)
    assert timers["warn"] == task.warn_at
    return task.due_at, task.warn_at


def test_beyond_the_calendar_nothing_goes_on_and_the_order_stays_paused(leave):
    pause(leave)
    before = moments(leave)
    leave.move_to("2099-01-05 10:00")
    with pytest.raises(CalendarExhausted, match="工作日历“机关作息”.*请管理员先补充放假安排"):
        resume(leave)
    (row,) = leave.rows("pause")
    assert (row.ended_at, leave.case().status, moments(leave)) == (None, "paused", before)
    assert {timer.state for timer in leave.rows("timer")} == {"paused"}
    assert "CaseResumed" not in leave.history()


def test_a_change_of_calendar_moves_a_limit_that_stands_still(leave):
    pause(leave)
    assert change(leave, STRIKE).moved == 1
    assert moments(leave) == (at("2025-09-24 18:00"), at("2025-09-22 12:00"))
    assert {timer.state for timer in leave.rows("timer")} == {"paused"}


def test_what_goes_on_after_a_change_of_calendar_counts_by_the_new_one(leave):
    pause(leave)
    change(leave, STRIKE)
    leave.move_to("2025-09-22 15:00")
    resume(leave)
    assert moments(leave) == (at("2025-09-25 11:30"), at("2025-09-22 17:00"))
    leave.work_at("2025-09-25 11:29")
    assert ("sun", "overdue") not in leave.channel.notices()
    leave.work_at("2025-09-25 11:30")
    assert ("sun", "overdue") in leave.channel.notices()


def test_a_day_off_told_of_afterwards_counts_though_the_moment_has_gone_by_in_the_pause(leave):
    pause(leave)
    leave.move_to("2025-09-26 10:00")
    assert change(leave, STRIKE).moved == 1
    assert moments(leave) == (at("2025-09-24 18:00"), at("2025-09-22 12:00"))
    resume(leave)
    assert moments(leave) == (at("2025-09-28 18:00"), at("2025-09-26 12:00"))


def test_a_limit_that_had_passed_when_the_pause_began_stays_where_it_is(leave):
    leave.move_to("2025-09-24 10:00")
    pause(leave)
    assert change(leave, STRIKE).moved == 0
    assert leave.case().due_at == at("2025-09-23 18:00")


def test_a_change_of_calendar_after_the_pause_counts_the_pause_by_the_new_one(leave):
    pause(leave)
    leave.move_to("2025-09-22 15:00")
    resume(leave)
    change(leave, STRIKE)
    assert moments(leave) == (at("2025-09-25 11:30"), at("2025-09-22 17:00"))


@pytest.fixture
def warned(office):
    """A task without a limit of which the leader is told after four hours of work."""
    files = procedure(
        "warned",
        message("told", "told"),
        user("do", warn="4小时(工作时间)"),
        timer("soon", "预警", on="do"),
        tell("tell_soon", "soon", "leader"),
        end("warned_end"),
        flows="start >> told >> do >> end; soon >> tell_soon >> warned_end",
        notices={"soon": "该看看了"},
    )
    office.deploy({**files, "procedure.toml": files["procedure.toml"].replace(b'calendar = "office"\n', b"")})
    office.start("warned")
    return office


def standing(office):
    (task,), (watch,), (listed,) = office.rows("user_task"), office.rows("timer"), office.rows("inbox")
    assert (task.due_at, listed.due_at, watch.state) == (None, NO_DUE, "waiting")
    return task.warn_at, watch.due_at


def test_a_warning_without_a_limit_moves_with_its_timer(warned):
    warned.send("told", "sun")
    assert standing(warned) == (at("2025-09-22 16:00"),) * 2
    pause(warned)
    warned.move_to("2025-09-22 15:00")
    resume(warned)
    assert standing(warned) == (at("2025-09-23 09:30"),) * 2
    past = warned.engine.ask(History(warned.case().instance_id))
    assert [e.payload["moved"][0]["element"] for e in past if e.kind == "CaseResumed"] == ["soon"]
    warned.work_at("2025-09-23 09:29")
    assert WARNING not in warned.channel.notices()
    warned.work_at("2025-09-23 09:30")
    assert warned.channel.notices().count(WARNING) == 1


def test_a_warning_that_came_before_the_pause_stays_where_it_was(warned):
    warned.send("told", "sun")
    warned.work_at("2025-09-22 16:00")
    pause(warned)
    warned.move_to("2025-09-24 15:00")
    resume(warned)
    assert [row.warn_at for row in warned.rows("user_task")] == [at("2025-09-22 16:00")]
    assert warned.rows("timer") == []


def complete(office):
    office.send("withdrawn")


def cancel(office):
    office.engine.execute(CancelOrder(office.number, "li", "不请了"))


@pytest.mark.parametrize(("finish", "status"), [(complete, "closed"), (cancel, "cancelled")])
def test_nothing_of_an_order_that_ends_while_it_stands_still_stays_paused(leave, finish, status):
    pause(leave)
    finish(leave)
    assert leave.case().status == status
    assert [row.ended_at for row in leave.rows("pause")] == [leave.engine.now()]
    assert (leave.rows("timer"), leave.rows("inbox")) == ([], [])
    assert [(task.state, task.ended_at) for task in leave.rows("user_task")] == [("cancelled", leave.engine.now())]
    leave.work_at("2025-10-20 10:00")
    assert ("sun", "overdue") not in leave.channel.notices()
