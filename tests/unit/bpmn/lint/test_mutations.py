"""Whatever is broken: lint never raises, and what it lets through can be built and started."""

import random

import pytest

from engine.bpmn.definition import build
from engine.bpmn.dmn import check_decision
from engine.bpmn.lint import Known, check_diagram
from engine.domain.errors import StepFailed
from tests.support.bpmn import (
    boundary,
    call,
    catch,
    conditional,
    dmn,
    document,
    element,
    end,
    error,
    message,
    multi,
    parameters,
    plain,
    process,
    properties,
    receive,
    script,
    service,
    signal,
    start,
    sub,
    throw,
    timer,
    user,
    xor,
)
from tests.support.diagrams import drawn, sound
from tests.support.driving import Run, Workers
from tests.support.mutations import mutated

CALLED = process("q", start("qs"), user("ask", multi("people", "person")), end("qe", error("E")), "qs ask qe")
RICH = document(
    process(
        "p",
        start("s"),
        xor("m"),
        user("a", due="3个工作日", warn="2个工作日 从 received_at", priority="50", assignee="${who}"),
        boundary("a_due", "a", timer("到期"), interrupts=False),
        boundary("a_warn", "a", timer("预警"), interrupts=False),
        boundary("a_said", "a", properties(correlation="${phone}"), message("said"), interrupts=False),
        boundary("a_odd", "a", conditional("(n or 0) > 99")),
        end("e1"),
        "a_due e1",
        "a_warn e1",
        "a_said e1",
        "a_odd e1",
        script("k", "n = (n or 0) + 1\nif n > 3:\n    again = False"),
        element("businessRuleTask", "d", decision="d1"),
        service("w", "work", parameters({"x": "${n}", "text": "共${n}次"}, {"y": "${x}"})),
        element("eventBasedGateway", "g"),
        receive("r", "paid"),
        catch("t", timer("${limit}")),
        xor("h", default="x"),
        xor("x"),
        "g r h",
        "g t h",
        sub(
            "u",
            start("us"),
            throw("ut", signal("go")),
            call("c", "q", {"people": "people"}, {"z": "number"}),
            boundary("ce", "c", error("E")),
            end("ue", plain("terminate")),
            end("ue2"),
            "us ut c ue",
            "ce ue2",
        ),
        service("v", "notify", parameters({"notice": "hurry", "to": "clerk@${unit},holder:a,starter,phone:${phone}"})),
        end("e"),
        "s m a k d w g",
        "h m if again",
        "h x u v e",
    ),
    CALLED,
)
TABLE = dmn("d1", "n", "unit", {"> 3": '"city"', "-": '"county"'})
RECORD = {"who": "li", "phone": "1", "limit": "PT1H", "people": ["li", "wang"], "again": True}
KEYS = frozenset(RECORD)
KNOWN = Known(
    form_keys=KEYS,
    forms=frozenset({"a", "ask"}),
    topics=frozenset({"work"}),
    decisions_of_workers=frozenset({"work"}),
    roles=frozenset({"clerk"}),
    notices=frozenset({"hurry"}),
)


def test_the_rich_diagram_is_clean_and_runs() -> None:
    files = {"p.bpmn": RICH, "d.dmn": TABLE}
    assert check_diagram("p", files, KNOWN) == []
    run = Run(build("p", files, KEYS), dict(RECORD), Workers({"work": lambda **said: said}))
    run.complete("a")
    run.fire("t")
    run.complete("a", again=False)
    run.deliver("paid")
    assert run.open() == [("ask", "0"), ("ask", "1")]


@pytest.mark.parametrize("seed", range(40))
def test_what_is_let_through_can_be_built_and_started(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(15):
        files = {
            "p.bpmn": mutated(RICH, chance, chance.randint(1, 2)),
            "d.dmn": mutated(TABLE, chance, chance.randint(0, 1)),
        }
        findings = check_diagram("p", files, KNOWN) + check_decision("d.dmn", files["d.dmn"])
        if any(f.level == "error" for f in findings):
            continue
        try:
            Run(build("p", files, KEYS), dict(RECORD), Workers({"work": lambda **said: said})).complete("a")
        except (StepFailed, StopIteration):
            continue


@pytest.mark.parametrize("seed", range(10))
def test_lint_never_raises(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(10):
        files = {"p.bpmn": mutated(drawn(sound(seed)), chance, 8), "d.dmn": mutated(TABLE, chance, 4)}
        assert isinstance(check_diagram("p", files, KNOWN), list)
        cut = files["p.bpmn"][: chance.randrange(len(files["p.bpmn"]))]
        assert check_diagram("p", {"p.bpmn": cut}, KNOWN)
