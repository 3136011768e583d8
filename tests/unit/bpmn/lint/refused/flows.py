"""Flows, gateways, circles and frames that are refused."""

from tests.support.bpmn import (
    both,
    boundary,
    bpmn,
    catch,
    conditional,
    either,
    end,
    error,
    loop,
    script,
    service,
    start,
    sub,
    timer,
    user,
    xor,
)
from tests.unit.bpmn.lint.refused.shape import Case, around, case, watched

CHAIN = [f"n{i}" for i in range(299)]


FLOWS = {
    "condition on the only flow of a task": case(
        "condition-ignored", "flow_a__e", start("s"), user("a"), end("e"), "s a", "a e if ok"
    ),
    "condition after a parallel gateway": case(
        "condition-ignored",
        "flow_f__b",
        start("s"),
        both("f"),
        user("a"),
        user("b"),
        both("j"),
        end("e"),
        "s f a j e",
        "f b if ok",
        "b j",
    ),
    "condition on a default flow": case(
        "condition-ignored",
        "flow_g__b",
        start("s"),
        xor("g", default="b"),
        user("a"),
        user("b"),
        end("e"),
        "s g",
        "g a if ok",
        "a e",
        "g b if ok",
        "b e",
    ),
    "two flows out of a task": case(
        "several-flows-out", "a", start("s"), user("a"), user("b"), end("e"), "s a e", "a b e"
    ),
    "two flows out of the start": case(
        "several-flows-out", "s", start("s"), user("a"), user("b"), end("e"), "s a e", "s b e"
    ),
    "choice without default": case(
        "gateway-default",
        "g",
        start("s"),
        xor("g"),
        user("a"),
        user("b"),
        end("e"),
        "s g",
        "g a if ok",
        "a e",
        "g b if again",
        "b e",
    ),
    "OR choice without default": case(
        "gateway-default",
        "g",
        start("s"),
        either("g"),
        user("a"),
        user("b"),
        end("e"),
        "s g",
        "g a if ok",
        "a e",
        "g b if again",
        "b e",
    ),
    "flow without condition": case(
        "gateway-default",
        "flow_g__a",
        start("s"),
        xor("g", default="b"),
        user("a"),
        user("b"),
        end("e"),
        "s g a e",
        "g b e",
    ),
    "default of another gateway": case(
        "gateway-default", "g", start("s"), user("a"), xor("g", default="x"), end("e"), "s a g e"
    ),
    "boundary without flow": case("boundary-without-flow", "x", *around(), boundary("x", "a", timer("PT1H"))),
    "boundary without event": case("boundary-without-event", "x", *around(), boundary("x", "a"), end("e2"), "x e2"),
    "boundary on nothing": case(
        "boundary-detached", "x", *around(), boundary("x", "gone", timer("PT1H")), end("e2"), "x e2", also="unreachable"
    ),
    "boundary on a gateway": case(
        "boundary-detached",
        "x",
        start("s"),
        xor("g"),
        end("e"),
        boundary("x", "g", timer("PT1H")),
        end("e2"),
        "s g e",
        "x e2",
    ),
    "unreachable": case("unreachable", "b", *around(), user("b"), "b e"),
    "no way to an end": case(
        "no-way-to-end", "b", start("s"), xor("g", default="e"), user("b"), end("e"), "s g", "g b if ok", "g e"
    ),
    "flow into another scope": case(
        "flow-dangling",
        "flow_a__e",
        start("s"),
        sub("w", start("ws"), user("a"), end("we"), "ws a we", "a e"),
        end("e"),
        "s w e",
    ),
    "flow out of an end": case("flow-dangling", "flow_e__b", *around(), user("b"), end("e2"), "e b e2"),
    "two start events": case("one-start", "s2", *around(), start("s2"), "s2 a"),
    "no start event": case("one-start", "p", user("a"), end("e"), "a e"),
    "sub-process with two starts": case(
        "one-start",
        "w2",
        start("s"),
        sub("w", start("w1"), start("w2"), user("a"), end("we"), "w1 a we", "w2 a"),
        end("e"),
        "s w e",
    ),
    "sub-process without end": case(
        "end-missing", "w", start("s"), sub("w", start("ws"), user("a"), "ws a"), end("e"), "s w e"
    ),
    "no end event": case("end-missing", "p", start("s"), user("a"), "s a"),
    "301 nodes": Case(
        "too-many-nodes",
        "p",
        {"p.bpmn": bpmn("p", start("s"), *[script(n, "n = 1") for n in CHAIN], end("e"), " ".join(["s", *CHAIN, "e"]))},
    ),
    "circle of scripts": case(
        "cycle-without-waiting",
        "m",
        start("s"),
        xor("m"),
        script("k", "n = 1"),
        xor("g", default="e"),
        end("e"),
        "s m k g e",
        "g m if ok",
    ),
    "circle through a decision": case(
        "cycle-without-waiting",
        "m",
        start("s"),
        xor("m"),
        service("k", "guess"),
        xor("g", default="e"),
        end("e"),
        "s m k g e",
        "g m if ok",
    ),
    "circle through an error boundary": case(
        "cycle-without-waiting",
        "m",
        start("s"),
        xor("m"),
        service("k", "guess"),
        boundary("x", "k", error("E")),
        end("e"),
        "s m k e",
        "x m",
    ),
    "circle through an empty sub-process": case(
        "cycle-without-waiting",
        "m",
        start("s"),
        xor("m"),
        sub("w", start("ws"), script("k", "n = 1"), end("we"), "ws k we"),
        xor("g", default="e"),
        end("e"),
        "s m w g e",
        "g m if ok",
    ),
    "endless loop of a script": case(
        "cycle-without-waiting", "k", start("s"), script("k", "n = 1", loop("ok")), end("e"), "s k e"
    ),
    "conditional boundary that leads back": case(
        "conditional-boundary-loop",
        "x",
        start("s"),
        xor("m"),
        user("a"),
        boundary("x", "a", conditional("ok")),
        end("e"),
        "s m a e",
        "x m",
    ),
    "cycle timer that interrupts": case("timer-cycle", "x", *watched(timer("R3/PT10M", "timeCycle"))),
    "cycle timer in the middle": case(
        "timer-cycle", "t", start("s"), catch("t", timer("R3/PT10M", "timeCycle")), end("e"), "s t e"
    ),
}
