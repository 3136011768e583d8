"""The record rules of the design (2a): who reads and writes what, and that nothing is lost between two steps."""

import itertools

import pytest

from engine.bpmn.runtime import Case
from engine.domain.errors import Conflict, InvalidExpression, StepFailed
from tests.support.bpmn import (
    both,
    bpmn,
    call,
    catch,
    document,
    element,
    end,
    extension,
    message,
    multi,
    parameters,
    process,
    properties,
    script,
    service,
    start,
    sub,
    user,
)
from tests.support.driving import COLUMNS, Run, Workers, running

BESIDE = bpmn("p", start("s"), both("f"), user("a"), user("b"), both("j"), user("z"), end("e"), "s f a j z e", "f b j")


CALLED = process("q", start("qs"), user("b"), script("k", "result = kind + opinion"), end("qe"), "qs b k qe")


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_two_branches_do_not_overwrite_each_other(order: str) -> None:
    run = running("p", BESIDE, form_keys=("x", "y"), x="old", y="old")
    for name in order:
        run.complete(name, **({"x": "from a"} if name == "a" else {"y": "from b"}))
    assert (run.data["x"], run.data["y"]) == ("from a", "from b")


def test_an_answer_is_a_copy_and_never_an_alias() -> None:
    run = running(
        "p",
        bpmn("p", start("s"), script("k", "b = a"), user("u"), script("l", 'b["x"] = 2'), end("e"), "s k u l e"),
        a={"x": 1},
    )
    run.complete("u")
    assert (run.data["a"], run.data["b"]) == ({"x": 1}, {"x": 2})


def test_a_write_replaces_a_name_and_merges_nothing() -> None:
    run = running("p", BESIDE, form_keys=("x",), x={"one": 1, "list": [1, 2]})
    run.complete("a", x={"list": [2, 2, 3]})
    assert run.data["x"] == {"list": [2, 2, 3]}


def test_a_sub_process_shares_the_scope_around_it() -> None:
    run = running(
        "p",
        bpmn("p", start("s"), sub("w", start("ws"), script("k", "n = n + 1"), end("we"), "ws k we"), end("e"), "s w e"),
        n=1,
    )
    assert run.data["n"] == 2


def test_the_same_called_process_used_twice_keeps_its_data_apart() -> None:
    drawn = document(
        process(
            "p",
            start("s"),
            both("f"),
            call("one", "q", {"kind": '"x"'}, {"first": "result"}),
            call("two", "q", {"kind": '"y"'}, {"second": "result"}),
            both("j"),
            end("e"),
            "s f one j e",
            "f two j",
        ),
        CALLED,
    )
    run = running("p", drawn, form_keys=("opinion",))
    one, two = run.tasks
    for token, opinion in ((two, "no"), (one, "yes")):
        run.complete_token(token, opinion=opinion)
    assert run.completed
    assert {run.data["first"], run.data["second"]} == {"xyes", "yno"}
    assert run.data["one"]["result"] == run.data["first"]


def test_a_called_process_does_not_see_its_caller_unless_told() -> None:
    def reading(mapping: str) -> Run:
        inside = process("q", start("qs"), script("k", "seen = secret"), end("qe"), "qs k qe")
        calling = element("callActivity", "c", extension(mapping), calledElement="q")
        return running(
            "p", document(process("p", start("s"), calling, user("a"), end("e"), "s c a e"), inside), secret="x"
        )

    assert reading('<camunda:in source="number" target="other"/>').data["c"]["seen"] is None
    assert reading('<camunda:in variables="all"/>').data["c"]["seen"] == "x"


def test_a_called_process_that_sees_its_caller_writes_only_its_own() -> None:
    inside = process("q", start("qs"), script("k", "n = n + 1"), end("qe"), "qs k qe")
    calling = element("callActivity", "c", extension('<camunda:in variables="all"/>'), calledElement="q")
    run = running("p", document(process("p", start("s"), calling, user("a"), end("e"), "s c a e"), inside), n=1)
    assert (run.data["n"], run.data["c"]["n"]) == (1, 2)


@pytest.mark.parametrize("order", list(itertools.permutations("012")), ids="".join)
def test_opinions_survive_dump_and_load_between_any_two_steps(order: tuple[str, ...]) -> None:
    drawn = bpmn("p", start("s"), user("a", multi("people", "person")), script("k", "n = len(a)"), end("e"), "s a k e")
    run = running("p", drawn, form_keys=("opinion",), people=["li", "wang", "zhao"])
    for key in order:
        run.complete("a", key, opinion=f"opinion of {key}")
    assert run.data["a"] == {key: {"opinion": f"opinion of {key}"} for key in "012"}
    assert (run.completed, run.data["n"]) == (True, 3)


def test_each_instance_sees_its_own_item_and_row() -> None:
    inside = sub(
        "w",
        multi("people", "person"),
        start("ws"),
        script("k", 'hello = "你好" + person'),
        user("u"),
        end("we"),
        "ws k u we",
    )
    run = running("p", bpmn("p", start("s"), inside, end("e"), "s w e"), people=["li", "wang"])
    assert run.data["w"] == {"0": {"hello": "你好li"}, "1": {"hello": "你好wang"}}


def test_items_of_two_levels_are_both_seen() -> None:
    outer = sub(
        "w",
        multi("names", "name"),
        start("ws"),
        user("u", multi("people", "person"), assignee='${name + "-" + person}'),
        end("we"),
        "ws u we",
    )
    run = running("p", bpmn("p", start("s"), outer, end("e"), "s w e"), names=["x", "y"], people=["li", "wang"])
    assert sorted(t.assignee for t in run.tasks.values()) == ["x-li", "x-wang", "y-li", "y-wang"]


def test_a_declared_name_is_empty_and_an_undeclared_one_an_error() -> None:
    run = running("p", BESIDE, form_keys=("x",))
    case = Case.load(run.definition, run.blob, run.data, COLUMNS, run.workers)
    token = next(t for t in case.workflow.tasks.values() if t.id.hex == run.token("a"))
    look = case.step.lookup(token)
    assert (look("x"), look("number")) == (None, COLUMNS["number"])
    with pytest.raises(InvalidExpression):
        look("nobody")


def test_a_failing_step_leaves_state_and_record_as_they_were() -> None:
    drawn = bpmn("p", start("s"), user("a"), script("k", "n = x / 0"), end("e"), "s a k e")
    run = running("p", drawn, form_keys=("x",))
    before = run.blob, run.record
    with pytest.raises(StepFailed, match="k"):
        run.complete("a", x=1)
    assert (run.blob, run.record, run.names()) == (*before, ["a"])


def test_a_failing_step_can_be_done_again() -> None:
    drawn = bpmn("p", start("s"), user("a"), script("k", "n = 6 / x"), end("e"), "s a k e")
    run = running("p", drawn, form_keys=("x",))
    with pytest.raises(StepFailed):
        run.complete("a", x=0)
    run.complete("a", x=2)
    assert (run.completed, run.data["n"]) == (True, 3.0)


def test_a_job_is_asked_with_the_values_of_its_arrival() -> None:
    drawn = bpmn(
        "p",
        start("s"),
        both("f"),
        service("k", "work", parameters({"x": "${x}"}, {"done": "${answer}"})),
        user("a"),
        both("j"),
        end("e"),
        "s f k j e",
        "f a j",
    )
    run = running("p", drawn, workers=Workers(jobs=("work",)), x="first")
    run.complete("a", x="second")
    run.report("work", answer=7)
    assert (run.completed, run.data["done"]) == (True, 7)


def test_a_job_that_has_reported_cannot_report_again() -> None:
    run = running(
        "p",
        bpmn("p", start("s"), service("k", "work"), user("a"), end("e"), "s k a e"),
        workers=Workers(jobs=("work",)),
    )
    (token,) = run.jobs
    run.report("work")
    case = Case.load(run.definition, run.blob, run.data, COLUMNS, run.workers)
    with pytest.raises(Conflict):
        case.report(token, {})


def test_a_message_waits_under_its_correlation_key() -> None:
    drawn = bpmn("p", start("s"), catch("m", properties(correlation="${phone}"), message("paid")), end("e"), "s m e")
    run = running("p", drawn, phone="13800000000")
    assert list(run.waits.values()) == ["13800000000"]
