"""Multi-instance and loops run rightly where stock SpiffWorkflow does not."""

import pytest

from engine.bpmn.definition import build
from engine.domain.errors import StepFailed
from tests.support.bpmn import (
    both,
    bpmn,
    end,
    loop,
    multi,
    start,
    user,
    xor,
)
from tests.support.driving import Run, running


def signers(*, sequential: bool = False, until: str = "") -> bytes:
    marker = multi("people", "person", until=until, sequential=sequential)
    return bpmn(
        "p",
        start("s"),
        xor("m"),
        user("a", marker),
        user("z"),
        xor("g", default="m"),
        end("e"),
        "s m a z g m",
        "g e if ok",
    )


def test_a_collection_does_not_touch_the_shared_spec() -> None:
    first = running("p", signers(), people=["li", "wang"], form_keys=("ok",))
    second = Run(first.definition, {"people": ["zhao"]})
    assert (first.open(), second.open()) == ([("a", "0"), ("a", "1")], [("a", "0")])


@pytest.mark.parametrize("sequential", [False, True])
def test_multi_instance_can_be_entered_again(sequential: bool) -> None:
    run = running("p", signers(sequential=sequential), people=["li", "wang"], form_keys=("ok", "opinion"))
    for turn in range(3):
        run.complete("a", "0", opinion=turn)
        run.complete("a", "1", opinion=turn)
        run.complete("z", ok=turn == 2)
    assert run.completed
    assert run.data["a"] == {"0": {"opinion": 2}, "1": {"opinion": 2}}


def test_the_list_of_signers_is_frozen_on_arrival() -> None:
    run = running(
        "p",
        bpmn(
            "p",
            start("s"),
            both("f"),
            user("a", multi("people", "person", sequential=True)),
            user("b"),
            both("j"),
            end("e"),
            "s f a j e",
            "f b j",
        ),
        people=["li", "wang"],
    )
    run.complete("b", people=[])
    run.complete("a", "0")
    assert run.open() == [("a", "1")]


def test_a_list_with_an_empty_item_is_an_incident() -> None:
    with pytest.raises(StepFailed, match="空项"):
        running("p", signers(sequential=True), people=["li", None], form_keys=("ok",))


def test_a_list_that_is_empty_is_passed_at_once() -> None:
    assert running("p", signers(), people=[], form_keys=("ok",)).names() == ["z"]


def test_half_done_instances_end_on_a_freshly_built_definition() -> None:
    run = running("p", signers(), people=["li", "wang"], form_keys=("ok",))
    run.complete("a", "1")
    run.definition = build("p", {"p.bpmn": signers()}, {"people", "ok"})
    run.complete("a", "0")
    assert run.names() == ["z"]


def test_the_completion_condition_cancels_the_rest() -> None:
    run = running(
        "p",
        signers(until="${nrOfCompletedInstances * 2 > nrOfInstances}"),
        people=["li", "wang", "zhao"],
        form_keys=("ok",),
    )
    run.complete("a", "0")
    run.complete("a", "2")
    assert run.names() == ["z"]


def test_a_standard_loop_runs_until_its_condition_fails() -> None:
    run = running(
        "p", bpmn("p", start("s"), user("a", loop("again", maximum="3")), end("e"), "s a e"), form_keys=("again",)
    )
    run.complete("a", again=True)
    run.complete("a", again=True)
    run.complete("a", again=True)
    assert run.completed


def test_the_owners_file_is_not_rewritten() -> None:
    drawn = signers()
    files = {"p.bpmn": drawn}
    build("p", files, {"people", "ok"})
    assert files == {"p.bpmn": drawn}


@pytest.mark.parametrize("people", ["li", 3, True])
def test_a_list_that_is_no_list_is_an_incident(people: object) -> None:
    with pytest.raises(StepFailed, match="名单"):
        running("p", signers(), people=people, form_keys=("ok",))
