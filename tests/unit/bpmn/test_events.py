"""Events run rightly where stock SpiffWorkflow does not; each step is loaded from bytes and dumped again."""

import pytest

from engine.domain.errors import StepFailed
from tests.support.bpmn import (
    both,
    boundary,
    bpmn,
    catch,
    conditional,
    element,
    end,
    error,
    escalation,
    message,
    receive,
    service,
    signal,
    start,
    sub,
    throw,
    timer,
    user,
    xor,
)
from tests.support.driving import Run, Workers, running


def test_an_error_interrupts_only_the_sub_process_it_was_thrown_in() -> None:
    parts = [
        part
        for k in "xy"
        for part in (
            sub(k, start(f"{k}s"), user(f"{k}a"), end(f"{k}e", error("E")), f"{k}s {k}a {k}e"),
            boundary(f"{k}b", k, error("E")),
            user(f"{k}h"),
            xor(f"{k}m"),
            f"f {k} {k}m j",
            f"{k}b {k}h {k}m",
        )
    ]
    run = running("p", bpmn("p", start("s"), both("f"), *parts, both("j"), end("e"), "s f", "j e"))
    run.complete("xa")
    assert run.names() == ["xh", "ya"]
    run.complete("ya")
    run.complete("xh")
    run.complete("yh")
    assert run.completed


def test_an_error_goes_to_the_nearest_boundary_that_knows_its_code() -> None:
    inner = sub("w", start("ws"), user("a"), end("we", error("E")), "ws a we")
    outer = sub("v", start("vs"), inner, boundary("wb", "w", error("F")), end("ve"), end("ve2"), "vs w ve", "wb ve2")
    run = running(
        "p",
        bpmn(
            "p", start("s"), outer, boundary("vb", "v", error("E")), user("h"), end("e"), end("e2"), "s v e", "vb h e2"
        ),
    )
    run.complete("a")
    assert run.names() == ["h"]


def test_an_escalation_is_heard_and_the_sub_process_goes_on() -> None:
    inside = sub("w", start("ws"), throw("t", escalation("E")), user("a"), end("we"), "ws t a we")
    heard = boundary("wb", "w", escalation("E"), interrupts=False)
    run = running("p", bpmn("p", start("s"), inside, heard, user("h"), end("e"), end("e2"), "s w e", "wb h e2"))
    assert run.names() == ["a", "h"]


def test_a_signal_reaches_those_that_wait_in_the_same_case() -> None:
    drawn = bpmn(
        "p",
        start("s"),
        both("f"),
        user("a"),
        throw("t", signal("go")),
        end("e1"),
        catch("c", signal("go")),
        user("b"),
        end("e2"),
        user("h"),
        boundary("hb", "h", signal("go")),
        user("x"),
        end("e3"),
        "s f a t e1",
        "f c b e2",
        "f h e3",
        "hb x e3",
    )
    run = running("p", drawn)
    assert run.names() == ["a", "h"]
    run.complete("a")
    assert run.names() == ["b", "x"]


def test_a_signal_nobody_waits_for_leaves_nothing_behind() -> None:
    drawn = bpmn(
        "p",
        start("s"),
        xor("m"),
        throw("t", signal("go")),
        user("a"),
        xor("g", default="m"),
        end("e"),
        "s m t a g m",
        "g e if ok",
    )
    run = running("p", drawn, form_keys=("ok",))
    run.complete("a")
    size = len(run.blob)
    for _ in range(20):
        run.complete("a")
    assert len(run.blob) < size + 40


def test_a_message_on_a_boundary_that_does_not_interrupt_is_heard_every_time() -> None:
    asked = boundary("x", "a", message("asked"), interrupts=False)
    run = running(
        "p",
        bpmn("p", start("s"), user("a"), asked, user("h"), end("e"), end("e2"), "s a e", "x h e2"),
        form_keys=("why",),
    )
    run.deliver("asked", why="first")
    run.deliver("asked", why="second")
    assert (run.names(), run.data["why"]) == (["a", "h", "h"], "second")
    run.complete("a")
    assert run.waits == {}


def gateway() -> Run:
    return running(
        "p",
        bpmn(
            "p",
            start("s"),
            element("eventBasedGateway", "g"),
            receive("w", "paid"),
            catch("m", message("refused")),
            catch("t", timer("PT1H")),
            user("a"),
            user("b"),
            user("c"),
            end("e"),
            "s g w a e",
            "g m b e",
            "g t c e",
        ),
    )


@pytest.mark.parametrize(("event", "follows"), [("paid", "a"), ("refused", "b")])
def test_an_event_gateway_follows_the_first_message(event: str, follows: str) -> None:
    run = gateway()
    run.deliver(event)
    assert (run.names(), run.waits, run.timers) == ([follows], {}, {})


def test_an_event_gateway_follows_its_timer() -> None:
    run = gateway()
    run.fire("t")
    assert (run.names(), run.waits, run.timers) == (["c"], {}, {})


def test_a_condition_is_read_again_when_the_record_has_changed() -> None:
    drawn = bpmn(
        "p",
        start("s"),
        both("f"),
        user("a"),
        boundary("x", "a", conditional("ok")),
        user("h"),
        xor("n"),
        user("b"),
        both("j"),
        end("e"),
        "s f a n j e",
        "f b j",
        "x h n",
    )
    run = running("p", drawn, form_keys=("ok",))
    run.complete("b", ok=True)
    assert run.names() == ["h"]


def test_a_condition_that_leads_back_at_once_is_an_incident() -> None:
    drawn = bpmn(
        "p", start("s"), xor("m"), user("a"), boundary("x", "a", conditional("ok")), end("e"), "s m a e", "x m"
    )
    with pytest.raises(StepFailed):
        running("p", drawn, ok=True)


def test_a_business_error_of_a_job_is_caught_where_the_job_stands() -> None:
    drawn = bpmn(
        "p",
        start("s"),
        service("k", "work"),
        boundary("x", "k", error("gone")),
        user("h"),
        end("e"),
        end("e2"),
        "s k e",
        "x h e2",
    )
    run = running("p", drawn, workers=Workers(jobs=("work",)))
    run.fail("work", "gone")
    assert (run.names(), run.jobs) == (["h"], {})
