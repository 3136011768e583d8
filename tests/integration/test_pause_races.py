"""Two things happen to a paused order at the same moment: one counts, and nothing is moved twice."""

from engine import CompleteUserTask, FireTimer, PauseCase, ResumeCase
from tests.support.offices import at
from tests.support.races import race, refusals

STOP = "等材料", "other", None, "sun"


def test_a_pause_and_a_completion_at_the_same_moment(leave):
    task = leave.open_task("approve").id
    others = leave.another_engine()
    results = race(
        [
            lambda: leave.engine.execute(PauseCase(leave.number, *STOP)),
            lambda: others.execute(CompleteUserTask(task, "wang", {"verdict": "no"})),
        ]
    )
    assert (len(refusals(results)), leave.case().status) in [(1, "paused"), (1, "closed")]
    assert all(row.ended_at for row in leave.rows("pause")) == (leave.case().status == "closed")


def test_two_resume_at_the_same_moment_and_the_limit_moves_once(leave):
    leave.engine.execute(PauseCase(leave.number, *STOP))
    leave.move_to("2025-09-22 15:00")
    others = leave.another_engine()
    results = race([lambda e=e: e.execute(ResumeCase(leave.number, "", "sun")) for e in (leave.engine, others)])
    assert len(refusals(results)) == 1
    assert leave.case().due_at == at("2025-09-24 11:30")


def test_a_timer_that_is_due_as_the_order_is_paused_fires_before_or_rests(leave):
    leave.move_to("2025-09-23 18:00")
    timers = [row.id for row in leave.rows("timer") if row.role == "due"]
    others = leave.another_engine()
    fired, _ = race(
        [
            lambda: others.execute(FireTimer(timers[0])),
            lambda: leave.engine.execute(PauseCase(leave.number, *STOP)),
        ]
    )
    assert (fired, [row.state for row in leave.rows("timer") if row.role == "due"]) in [(True, []), (False, ["paused"])]


def test_a_timer_does_not_overtake_the_order_going_on(leave):
    leave.engine.execute(PauseCase(leave.number, *STOP))
    leave.move_to("2025-09-23 18:00")
    timers = [row.id for row in leave.rows("timer") if row.role == "due"]
    others = leave.another_engine()
    fired, _ = race(
        [
            lambda: others.execute(FireTimer(timers[0])),
            lambda: leave.engine.execute(ResumeCase(leave.number, "", "sun")),
        ]
    )
    assert (fired, leave.case().due_at) == (False, at("2025-09-25 16:30"))
