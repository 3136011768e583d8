"""Gateways, joins, ends and decisions run rightly where stock SpiffWorkflow does not."""

import pytest

from engine.bpmn.runtime import Case
from engine.domain.errors import Conflict
from tests.support.bpmn import (
    both,
    boundary,
    bpmn,
    dmn,
    either,
    element,
    end,
    parameters,
    plain,
    script,
    service,
    start,
    sub,
    timer,
    user,
    xor,
)
from tests.support.driving import COLUMNS, Workers, running

REWORK = bpmn(
    "p",
    start("s"),
    xor("m"),
    both("f"),
    user("a"),
    user("b"),
    user("c"),
    both("j"),
    xor("g", default="m"),
    end("e"),
    "s m f a j g m",
    "f b j",
    "f c j",
    "g e if ok",
)


def test_a_terminate_end_leaves_nothing_to_its_siblings() -> None:
    workers = Workers()
    drawn = bpmn(
        "p", start("s"), both("f"), end("e", plain("terminate")), service("k", "work"), end("e2"), "s f e", "f k e2"
    )
    run = running("p", drawn, workers=workers)
    assert (run.completed, workers.asked) == (True, [])


def test_a_terminate_end_inside_a_sub_process_ends_only_that() -> None:
    inside = sub(
        "w",
        start("ws"),
        both("f"),
        user("a"),
        user("b"),
        end("we", plain("terminate")),
        end("we2"),
        "ws f a we",
        "f b we2",
    )
    run = running("p", bpmn("p", start("s"), inside, user("z"), end("e"), "s w z e"))
    run.complete("a")
    assert run.names() == ["z"]


def test_a_step_that_has_passed_or_not_come_cannot_be_completed() -> None:
    run = running("p", bpmn("p", start("s"), user("a"), user("b"), end("e"), "s a b e"))
    passed = run.token("a")
    run.complete("a")
    case = Case.load(run.definition, run.blob, run.data, COLUMNS, run.workers)
    with pytest.raises(Conflict):
        case.complete(passed, {})
    with pytest.raises(Conflict):
        case.complete("0" * 32, {})


@pytest.mark.parametrize("turns", [["abc", "bca", "cab", "acb"], ["cba", "abc", "bac", "cab", "bca"]])
def test_a_join_of_three_branches_inside_a_loop_waits_for_all_in_every_turn(turns: list[str]) -> None:
    run = running("p", REWORK, form_keys=("ok",))
    for at, turn in enumerate(turns):
        assert run.names() == ["a", "b", "c"]
        for name in turn:
            run.complete(name, ok=at == len(turns) - 1)
    assert run.completed


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_an_or_join_waits_for_those_that_were_sent_out(order: str) -> None:
    drawn = bpmn(
        "p",
        start("s"),
        xor("m"),
        either("f", default="c"),
        user("a"),
        user("b"),
        user("c"),
        either("j"),
        user("z"),
        xor("g", default="m"),
        end("e"),
        "s m f",
        "f a if x",
        "a j",
        "f b if y",
        "b j",
        "f c j z g m",
        "g e if ok",
    )
    run = running("p", drawn, form_keys=("ok",), x=True, y=True)
    for _ in range(3):
        assert run.names() == ["a", "b"]
        run.complete(order[0])
        assert run.names() == [order[1]]
        run.complete(order[1])
        run.complete("z")


def test_a_decision_writes_to_the_record_and_forgets_its_old_answer() -> None:
    drawn = bpmn(
        "p",
        start("s"),
        xor("m"),
        element("businessRuleTask", "d", decision="d1"),
        user("a"),
        xor("g", default="m"),
        end("e"),
        "s m d a g m",
        "g e if ok",
    )
    table = dmn("d1", "kind", "unit", {'"x"': '"city"', "-": '"county"'})
    run = running("p", drawn, table, form_keys=("ok",), kind="x")
    run.complete("a", kind="y")
    assert run.data["unit"] == "county"


def test_a_limit_may_come_from_the_answer_of_the_step_before() -> None:
    drawn = bpmn(
        "p",
        start("s"),
        user("a"),
        user("b", due="${limit}"),
        boundary("x", "b", timer("到期"), interrupts=False),
        end("e"),
        end("e2"),
        "s a b e",
        "x e2",
    )
    run = running("p", drawn, form_keys=("limit",))
    run.complete("a", limit="3个工作日")
    armed = run.timers[run.timer("x")]
    assert (armed.role, armed.limit.text, armed.host) == ("due", "3个工作日", run.tasks[run.token("b")].host)


def test_a_service_task_may_be_called_like_its_topic() -> None:
    drawn = bpmn(
        "p",
        start("s"),
        service("work", "work", parameters({"x": "${number}"}, {"y": "${x}"})),
        user("a"),
        end("e"),
        "s work a e",
    )
    run = running("p", drawn, workers=Workers({"work": lambda x: {"x": x}}))
    assert run.data["y"] == COLUMNS["number"]


def test_moving_a_shape_does_not_change_which_condition_is_asked_first() -> None:
    shapes = "".join(
        f'<bpmndi:BPMNShape xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" bpmnElement="{n}">'
        f'<dc:Bounds xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" x="0" y="{y}"/></bpmndi:BPMNShape>'
        for n, y in (("a", 900), ("b", 1), ("e", 2))
    )
    drawn = bpmn(
        "p",
        start("s"),
        xor("g", default="e"),
        user("a"),
        user("b"),
        end("e"),
        "s g",
        "g a if ok",
        "g b if ok",
        "a e",
        "b e",
        "g e",
    )
    moved = drawn.replace(b"</bpmn:definitions>", shapes.encode() + b"</bpmn:definitions>")
    assert running("p", moved, ok=True).names() == running("p", drawn, ok=True).names() == ["a"]


def test_a_sub_process_that_says_it_is_no_event_sub_process_is_one_step_of_the_path() -> None:
    inside = element("subProcess", "w", start("ws"), user("a"), end("we"), *[], triggeredByEvent="false")
    drawn = bpmn("p", start("s"), inside, end("e"), "s w e").replace(
        b"</bpmn:subProcess>", _flows(b"ws a we") + b"</bpmn:subProcess>"
    )
    run = running("p", drawn)
    assert run.names() == ["a"]
    run.complete("a")
    assert run.completed


def _flows(chain: bytes) -> bytes:
    ids = chain.split()
    return b"".join(
        b'<bpmn:sequenceFlow id="f%d" sourceRef="%s" targetRef="%s"/>' % (i, a, b)
        for i, (a, b) in enumerate(zip(ids, ids[1:], strict=False))
    )


def test_two_tokens_may_merge_without_a_gateway() -> None:
    run = running(
        "p",
        bpmn(
            "p",
            start("s"),
            both("f"),
            user("a"),
            user("b"),
            script("k", "n = (n or 0) + 1"),
            end("e"),
            "s f a k e",
            "f b k",
        ),
    )
    run.complete("a")
    run.complete("b")
    assert (run.completed, run.data["n"]) == (True, 2)
