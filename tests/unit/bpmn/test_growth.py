"""State stays bounded; what would run away or grow without end is stopped, and the stored case is as before."""

import pytest

from engine.domain.errors import StepFailed
from tests.support.bpmn import (
    both,
    boundary,
    bpmn,
    call,
    document,
    end,
    loop,
    message,
    multi,
    process,
    script,
    start,
    user,
    xor,
)
from tests.support.driving import Run, running

REWORK = bpmn(
    "p", start("s"), xor("m"), user("a"), user("b"), xor("g", default="m"), end("e"), "s m a b g m", "g e if ok"
)


def test_a_loop_of_1200_turns_completes_and_never_early() -> None:
    run = running("p", REWORK, form_keys=("ok",))
    run.complete("a")
    run.complete("b", ok=False)
    size = len(run.blob)
    for _ in range(1199):
        assert run.names() == ["a"]
        run.complete("a")
        run.complete("b", ok=False)
    assert len(run.blob) < size + 50
    run.complete("a")
    run.complete("b", ok=True)
    assert run.completed


def test_a_parallel_block_in_a_loop_of_300_turns_stays_small() -> None:
    drawn = bpmn(
        "p",
        start("s"),
        xor("m"),
        both("f"),
        user("a"),
        user("b"),
        both("j"),
        xor("g", default="m"),
        end("e"),
        "s m f a j g m",
        "f b j",
        "g e if ok",
    )
    run, sizes = running("p", drawn, form_keys=("ok",)), []
    for turn in range(300):
        run.complete("ab"[turn % 2])
        run.complete("ba"[turn % 2])
        sizes.append(len(run.blob))
    assert max(sizes) < sizes[2] + 50


def test_a_called_process_in_a_loop_of_300_turns_stays_small() -> None:
    called = process("q", start("qs"), user("b"), end("qe"), "qs b qe")
    drawn = document(
        process("p", start("s"), xor("m"), call("k", "q"), xor("g", default="m"), end("e"), "s m k g m", "g e if ok"),
        called,
    )
    run, sizes = running("p", drawn, form_keys=("ok",)), []
    for _ in range(300):
        run.complete("b")
        sizes.append(len(run.blob))
    assert max(sizes) < sizes[2] + 50


def test_a_standard_loop_of_400_turns_stays_small() -> None:
    run = running("p", bpmn("p", start("s"), user("a", loop(maximum="400")), end("e"), "s a e"))
    size = len(run.blob)
    for _ in range(399):
        run.complete("a")
    assert len(run.blob) < size + 50
    run.complete("a")
    assert run.completed


def test_a_runaway_loop_is_an_incident() -> None:
    drawn = bpmn(
        "p",
        start("s"),
        user("z"),
        xor("m"),
        user("a", multi("people", "person")),
        xor("g", default="m"),
        end("e"),
        "s z m a g m",
        "g e if ok",
    )
    run = running("p", drawn, form_keys=("ok",), people=[])
    before = run.blob, run.record
    with pytest.raises(StepFailed):
        run.complete("z")
    assert (run.blob, run.record) == before


def test_a_runaway_loop_inside_two_branches_is_an_incident() -> None:
    drawn = bpmn(
        "p",
        start("s"),
        user("z"),
        both("f"),
        user("w"),
        xor("m"),
        user("a", multi("people", "person")),
        xor("g", default="m"),
        end("e"),
        "s z f m a g m",
        "f w e",
        "g e if ok",
    )
    run = running("p", drawn, form_keys=("ok",), people=[])
    with pytest.raises(StepFailed):
        run.complete("z")


@pytest.mark.parametrize("count", [1001, 1_000_000])
def test_more_than_1000_instances_are_an_incident(count: int) -> None:
    with pytest.raises(StepFailed, match="1000"):
        running("p", bpmn("p", start("s"), user("a", multi(count="many")), end("e"), "s a e"), many=count)


def test_1000_instances_are_served() -> None:
    run = running(
        "p",
        bpmn(
            "p",
            start("s"),
            user("a", multi("people", "person", until="nrOfCompletedInstances >= 2")),
            end("e"),
            "s a e",
        ),
        people=[str(at) for at in range(1000)],
    )
    assert len(run.open()) == 1000
    run.complete("a", "999")
    run.complete("a", "0")
    assert run.completed


def test_a_chain_of_250_scripts_runs_in_one_step() -> None:
    chain = [f"n{at}" for at in range(250)]
    run = running(
        "p",
        bpmn("p", start("s"), *[script(n, "n = (n or 0) + 1") for n in chain], end("e"), " ".join(["s", *chain, "e"])),
    )
    assert (run.completed, run.data["n"]) == (True, 250)


def test_a_large_record_leaves_the_state_small() -> None:
    run: Run = running("p", REWORK, form_keys=("ok", "text"), text="长" * 100_000)
    run.complete("a", text="短" * 100_000)
    run.complete("b", ok=False)
    assert len(run.record) > 100_000
    assert len(run.blob) < 4096


def test_a_message_heard_200_times_leaves_the_case_small() -> None:
    drawn = bpmn(
        "p",
        start("s"),
        user("a"),
        boundary("x", "a", message("asked"), interrupts=False),
        end("e"),
        end("xe"),
        "s a e",
        "x xe",
    )
    run, sizes = running("p", drawn), []
    for _ in range(200):
        run.deliver("asked")
        sizes.append(len(run.blob))
    assert max(sizes) < sizes[1] + 50
    run.complete("a")
    assert run.completed
