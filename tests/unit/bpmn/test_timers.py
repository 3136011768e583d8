"""A timer is handed out once and fires for the token that is named, for no other."""

import pytest

from engine.bpmn.runtime import Case
from engine.domain.errors import Conflict, StepFailed
from tests.support.bpmn import (
    both,
    boundary,
    bpmn,
    end,
    multi,
    start,
    sub,
    timer,
    user,
    xor,
)
from tests.support.driving import COLUMNS, running


def test_a_timer_fires_only_for_the_token_that_is_named() -> None:
    guarded = [
        part
        for n in "ab"
        for part in (
            user(n),
            boundary(f"{n}x", n, timer("PT1H")),
            user(f"{n}late"),
            xor(f"{n}m"),
            f"f {n} {n}m j",
            f"{n}x {n}late {n}m",
        )
    ]
    run = running("p", bpmn("p", start("s"), both("f"), *guarded, both("j"), end("e"), "s f", "j e"))
    run.fire("ax")
    assert run.names() == ["alate", "b"]


def test_a_timer_of_one_instance_leaves_the_others_alone() -> None:
    inside = sub(
        "w",
        multi("people", "person"),
        start("ws"),
        user("u"),
        boundary("x", "u", timer("PT1H")),
        user("late"),
        end("we"),
        end("we2"),
        "ws u we",
        "x late we2",
    )
    run = running("p", bpmn("p", start("s"), inside, end("e"), "s w e"), people=["li", "wang"])
    run.fire("x")
    assert run.names() == ["late", "u"]
    assert len(run.timers) == 1


def test_a_cycle_leaves_a_fresh_timer_waiting() -> None:
    ticking = boundary("x", "a", timer("R3/PT10M", "timeCycle"), interrupts=False)
    run = running("p", bpmn("p", start("s"), user("a"), ticking, user("n"), end("e"), end("e2"), "s a e", "x n e2"))
    run.fire("x", again=True)
    assert (run.names(), len(run.timers)) == (["a", "n"], 1)
    run.fire("x", again=True)
    run.fire("x")
    assert (run.names(), run.timers) == (["a", "n", "n", "n"], {})
    run.complete("a")
    for _ in range(3):
        run.complete("n")
    assert run.completed


def test_a_timer_is_handed_out_once_and_not_again_after_loading() -> None:
    run = running(
        "p",
        bpmn(
            "p",
            start("s"),
            both("f"),
            user("a"),
            boundary("x", "a", timer("PT1H")),
            user("b"),
            both("j"),
            end("e"),
            end("e2"),
            "s f a j e",
            "f b j",
            "x e2",
        ),
    )
    case = Case.load(run.definition, run.blob, run.data, COLUMNS, run.workers)
    case.complete(run.token("b"), {})
    assert case.arrivals.timers == []


def test_completing_a_task_closes_its_timers() -> None:
    run = running(
        "p",
        bpmn(
            "p",
            start("s"),
            user("a"),
            boundary("x", "a", timer("PT1H")),
            user("b"),
            end("e"),
            end("e2"),
            "s a b e",
            "x e2",
        ),
    )
    case = Case.load(run.definition, run.blob, run.data, COLUMNS, run.workers)
    timer_token = run.timer("x")
    case.complete(run.token("a"), {})
    assert (case.closed("timer"), case.closed("task")) == ([timer_token], [run.token("a")])


def test_a_timer_that_has_fired_cannot_fire_again() -> None:
    run = running(
        "p",
        bpmn(
            "p",
            start("s"),
            user("a"),
            boundary("x", "a", timer("PT1H")),
            user("b"),
            end("e"),
            end("e2"),
            "s a e",
            "x b e2",
        ),
    )
    token = run.timer("x")
    run.fire("x")
    case = Case.load(run.definition, run.blob, run.data, COLUMNS, run.workers)
    with pytest.raises(Conflict):
        case.fire(token)


@pytest.mark.parametrize("kind", ["timeDuration", "timeCycle"])
def test_a_computed_timer_that_nobody_can_read_is_an_incident(kind: str) -> None:
    ticking = boundary("x", "a", timer("${limit}", kind), interrupts=False)
    drawn = bpmn("p", start("s"), user("a"), ticking, end("e"), end("e2"), "s a e", "x e2")
    with pytest.raises(StepFailed, match="x"):
        running("p", drawn, limit="一会儿")
