"""A fired timer that follows a limit listens again beside its live activity, for as long as that lives."""

from engine.bpmn.runtime import Case
from tests.support.bpmn import boundary, bpmn, end, start, timer, user
from tests.support.driving import COLUMNS, Run, running


def guarded(*, interrupts: bool = False) -> Run:
    """A task whose missed limit, and whose warning, each call somebody."""
    drawn = bpmn(
        "p",
        start("s"),
        user("a", dueDate="P1D", followUpDate="PT1H"),
        boundary("x", "a", timer("到期"), interrupts=interrupts),
        boundary("w", "a", timer("预警"), interrupts=False),
        user("late"),
        end("e"),
        end("e2"),
        end("e3"),
        "s a e",
        "x late e2",
        "w e3",
    )
    return running("p", drawn)


def again(run: Run, role: str = "due") -> list[str]:
    """Let fired timers listen again, as an extension does, and give the elements that do."""
    armed = {a.element.id: a for a in run.timers.values()} | {"x": run.due_timer}  # type: ignore[attr-defined]
    found: list[str] = []

    def change(case: Case) -> None:
        fresh = case.listen_again(run.token("a"), role)
        run.timers.update({token: armed[element.id] for token, element in fresh})
        found.extend(element.id for _, element in fresh)

    run._act(change)
    return found


def prepared(**said: bool) -> Run:
    """A guarded case that remembers how its due timer was handed out."""
    run = guarded(**said)
    run.due_timer = run.timers[run.timer("x")]  # type: ignore[attr-defined]
    return run


def test_a_timer_that_still_waits_is_left_alone() -> None:
    assert again(prepared()) == []


def test_a_fired_timer_listens_again_once_and_the_warning_does_not() -> None:
    run = prepared()
    run.fire("w")
    run.fire("x")
    assert (again(run), again(run)) == (["x"], [])


def test_a_timer_that_interrupts_has_nothing_left_to_listen_beside() -> None:
    run = prepared(interrupts=True)
    token = run.token("a")
    run.fire("x")
    case = Case.load(run.definition, run.blob, run.data, COLUMNS, run.workers)
    assert case.listen_again(token, "due") == []


def test_a_task_that_is_done_takes_the_listening_timer_along() -> None:
    run = prepared()
    run.fire("x")
    again(run)
    token = run.timer("x")
    case = Case.load(run.definition, run.blob, run.data, COLUMNS, run.workers)
    case.complete(run.token("a"), {})
    assert token in case.closed("timer")
    run.complete("a")
    run.complete("late")
    assert run.completed


def test_a_timer_that_listens_and_ends_in_the_same_step_is_closed_with_it() -> None:
    run = prepared()
    run.fire("x")
    case = Case.load(run.definition, run.blob, run.data, COLUMNS, run.workers)
    [(fresh, _)] = case.listen_again(run.token("a"), "due")
    case.complete(run.token("a"), {})
    assert fresh in case.closed("timer")


def test_a_limit_may_be_missed_and_extended_any_number_of_times() -> None:
    run = prepared()
    for _ in range(20):
        run.fire("x")
        run.complete("late")
        assert (again(run), run.names()) == (["x"], ["a"])
    run.complete("a")
    assert run.completed
