"""An order that stands still: limits, timers, lists and the order's due moment rest, and move together when it goes on."""

from datetime import datetime

import pytest

from engine import (
    CancelOrder,
    FireTimer,
    History,
    InboxCounts,
    PauseCase,
    RequestExtension,
    ResumeCase,
)
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.support.offices import at, statements
from tests.support.procedures import end, message, procedure, tell, timer, user

OVERDUE, WARNING = ("sun", "overdue"), ("wang", "warning")


def pause(office, actor="sun", *, reason="等来电人补充材料", kind="caller", review=None):
    office.engine.execute(PauseCase(office.number, reason, kind, review, actor))


def resume(office, actor="sun", note=""):
    office.engine.execute(ResumeCase(office.number, note, actor))


def moments(office):
    (task,) = office.case().open_tasks
    timers = {row.role: row.due_at for row in office.rows("timer")}
    lists = {row.due_at for row in office.rows("inbox")}
    return task.due_at, task.warn_at, timers, lists, office.case().due_at


def test_everything_that_follows_a_limit_moves_together_when_the_order_goes_on(leave):
    pause(leave)
    leave.move_to("2025-09-22 15:00")
    resume(leave)
    due, warn = at("2025-09-24 11:30"), at("2025-09-22 17:00")
    assert moments(leave) == (due, warn, {"due": due, "warn": warn}, {due}, due)


def test_a_pause_without_working_time_moves_nothing(leave):
    leave.move_to("2025-09-22 18:00")
    pause(leave)
    leave.move_to("2025-09-23 08:30")
    before = moments(leave)
    resume(leave)
    assert moments(leave) == before


def test_nothing_fires_while_the_order_stands_still(leave):
    leave.work_at("2025-09-22 10:30")
    pause(leave)
    timers = [row.id for row in leave.rows("timer")]
    leave.work_at("2025-10-20 10:00")
    assert [leave.engine.execute(FireTimer(ident)) for ident in timers] == [False, False]
    assert WARNING not in leave.channel.notices()
    assert {row.state for row in leave.rows("timer")} == {"paused"}


def test_after_the_pause_warning_and_expiry_come_in_their_time(leave):
    pause(leave)
    leave.move_to("2025-09-22 15:00")
    resume(leave)
    leave.channel.delivered.clear()
    leave.work_at("2025-09-24 11:29")
    assert [n for n in leave.channel.notices() if n in (WARNING, OVERDUE)] == [WARNING]
    leave.work_at("2025-09-24 11:30")
    assert [n for n in leave.channel.notices() if n in (WARNING, OVERDUE)] == [WARNING, OVERDUE]


def test_several_pauses_add_up(leave):
    for begin, stop in (("10:00", "11:00"), ("14:00", "16:00")):
        leave.move_to(f"2025-09-22 {begin}")
        pause(leave)
        leave.move_to(f"2025-09-22 {stop}")
        resume(leave)
    assert leave.case().due_at == at("2025-09-24 11:30")


def test_nobody_completes_a_task_of_an_order_that_stands_still(leave):
    pause(leave)
    with pytest.raises(Conflict, match="工单正在暂停.*等来电人补充材料.*请先恢复"):
        leave.complete("approve", "wang", verdict="yes")
    assert leave.open_tasks() == ["approve"]


@pytest.mark.parametrize("actor", ["zhou", "li", "wang"])
def test_only_supervisors_and_holders_pause_and_resume(leave, actor):
    with pytest.raises(NotAllowed):
        pause(leave, actor)
    pause(leave)
    with pytest.raises(NotAllowed):
        resume(leave, actor)


def test_whoever_holds_a_task_of_it_may(leave):
    leave.claim("approve", "wang")
    pause(leave, "wang")
    assert leave.case().status == "paused"
    resume(leave, "wang")
    assert leave.case().status == "open"


def test_a_procedure_may_name_further_roles(office):
    files = procedure("rest", user("do"), flows="start >> do >> end")
    files["procedure.toml"] = files["procedure.toml"].replace(b'urgers = ["leader"]', b'pausers = ["leader"]')
    office.deploy(files)
    office.start("rest")
    pause(office, "wang")
    assert office.case().status == "paused"


@pytest.mark.parametrize(
    "said",
    [{"reason": " "}, {"reason": "长" * 501}, {"kind": "holiday"}, {"review": at("2025-09-22 10:00")}],
)
def test_a_pause_needs_a_reason_a_kind_and_a_review_date_to_come(leave, said):
    with pytest.raises(Invalid):
        pause(leave, **said)
    assert leave.case().status == "open"


def test_pausing_twice_and_resuming_what_runs_is_refused(leave):
    with pytest.raises(Conflict):
        resume(leave)
    pause(leave)
    with pytest.raises(Conflict):
        pause(leave)
    with pytest.raises(NotFound):
        leave.engine.execute(ResumeCase("X1", "", "sun"))


def test_the_history_says_why_and_what_moved(leave):
    pause(leave, review=at("2025-09-23 10:00"))
    leave.move_to("2025-09-22 15:00")
    resume(leave, note="材料已补齐")
    events = {
        e.kind: e.payload
        for e in leave.engine.ask(History(leave.case().instance_id))
        if e.kind in ("CasePaused", "CaseResumed")
    }
    assert events["CasePaused"]["kind"] == "caller"
    (moved,) = events["CaseResumed"]["moved"]
    assert (moved["name"], at("2025-09-23 18:00")) == ("审批", datetime.fromisoformat(moved["was"]))
    assert (events["CaseResumed"]["note"], datetime.fromisoformat(moved["due_at"])) == (
        "材料已补齐",
        at("2025-09-24 11:30"),
    )


def test_a_cancelled_order_ends_its_pause(leave):
    pause(leave)
    leave.engine.execute(CancelOrder(leave.number, "li", "不请了"))
    (row,) = leave.rows("pause")
    assert (row.ended_by, leave.case().status) == ("li", "cancelled")


def test_a_message_that_closes_a_paused_order_ends_its_pause(leave):
    pause(leave)
    leave.send("withdrawn")
    (row,) = leave.rows("pause")
    assert (row.ended_at, leave.case().status) == (leave.engine.now(), "closed")


@pytest.fixture
def two_steps(office):
    """An order whose second step is opened by a message while it may stand still; a reminder comes every two hours."""
    files = procedure(
        "two",
        message("told", "told"),
        user("do", due="4小时(工作时间)"),
        timer("do_due", "到期", on="do"),
        tell("tell", "late", "supervisor"),
        end("told_late"),
        timer("remind", "R/2小时(工作时间)", on="do", kind="Cycle"),
        tell("tell_again", "reminder", "leader"),
        end("reminded"),
        flows="start >> told >> do >> end; do_due >> tell >> told_late; remind >> tell_again >> reminded",
        notices={"late": "超时", "reminder": "提醒"},
        deadline=["do"],
    )
    office.deploy(files)
    office.start("two")
    return office


def test_what_opens_while_the_order_stands_still_waits_paused(two_steps):
    pause(two_steps)
    two_steps.move_to("2025-09-22 11:00")
    two_steps.send("told", "sun")
    assert {row.state for row in two_steps.rows("timer")} == {"paused"}
    two_steps.work_at("2025-09-22 17:00")
    assert ("wang", "reminder") not in two_steps.channel.notices()
    resume(two_steps)
    assert two_steps.case().due_at == at("2025-09-23 11:30")
    assert {row.element_id: row.due_at for row in two_steps.rows("timer")} == {
        "do_due": at("2025-09-23 11:30"),
        "remind": at("2025-09-23 09:30"),
    }


def test_a_reminder_goes_on_with_what_was_left_of_its_turn(two_steps):
    two_steps.send("told", "sun")
    two_steps.work_at("2025-09-22 12:00")
    two_steps.move_to("2025-09-22 13:30")
    pause(two_steps)
    two_steps.move_to("2025-09-22 15:00")
    resume(two_steps)
    two_steps.channel.delivered.clear()
    two_steps.work_at("2025-09-22 16:59")
    assert ("wang", "reminder") not in two_steps.channel.notices()
    two_steps.work_at("2025-09-22 17:00")
    assert two_steps.channel.notices().count(("wang", "reminder")) == 1
    two_steps.work_at("2025-09-23 09:30")
    assert two_steps.channel.notices().count(("wang", "reminder")) == 2


def test_the_review_date_is_told_once_to_whoever_paused_and_to_the_supervisors(leave):
    leave.claim("approve", "wang")
    pause(leave, "wang", review=at("2025-09-24 10:00"))
    leave.worker.drain()
    leave.channel.delivered.clear()
    leave.work_at("2025-09-24 09:59")
    assert leave.channel.notices() == []
    leave.work_at("2025-09-24 10:00")
    assert sorted(leave.channel.notices()) == [("sun", "pause_review"), ("wang", "pause_review")]
    leave.work_at("2025-09-30 10:00")
    assert len(leave.channel.notices()) == 2


def test_an_order_that_went_on_is_not_reviewed(leave):
    pause(leave, review=at("2025-09-24 10:00"))
    resume(leave)
    leave.work_at("2025-09-24 10:00")
    assert [n for n in leave.channel.notices() if n[1] == "pause_review"] == []


def test_lists_still_show_the_task_of_an_order_that_stands_still(leave):
    pause(leave)
    assert leave.engine.ask(InboxCounts(), "wang")[:2] == (0, 1)


def test_a_limit_that_stood_still_has_not_passed(leave):
    leave.claim("approve", "wang")
    pause(leave)
    leave.move_to("2025-10-20 10:00")
    task = leave.open_task("approve").id
    assert leave.engine.execute(RequestExtension(task, "wang", "1个工作日", "材料未到"))


def test_pausing_and_resuming_take_few_statements(leave):
    pause(leave)
    resume(leave)
    counts = []
    for act in (pause, resume):
        with statements(leave.engine) as seen:
            act(leave)
        counts.append(len(seen))
    assert max(counts) <= 24, counts
