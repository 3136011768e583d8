"""Sound diagrams are judged sound from every position they come to; a join that waits for ever is named."""

import random
import re
from typing import Any

import pytest
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.definition import build
from engine.bpmn.documents import read
from engine.bpmn.elements import elements_of
from engine.bpmn.runtime import Case
from engine.bpmn.soundness import Net, Place, Stuck, Verdict, doubled, judge
from tests.support.bpmn import both, boundary, document, either, end, plain, process, start, timer, user, xor
from tests.support.diagrams import Game, drawn, rework, sound
from tests.unit.bpmn.test_random_diagrams import NAMES, Kept, anything

_LIVE = TaskState.READY | TaskState.WAITING | TaskState.STARTED
SOUND = Verdict(True)


def net(*parts: Any) -> Net:
    root = read(document(process("p", start("s"), end("e"), *parts)), "p.bpmn")
    return Net(elements_of(root), "p")


def standing(workflow: Any, nodes: Any) -> list[Place]:
    """Give where the tokens of a live workflow stand, as the engine's own tree tells."""
    found = []
    for token in workflow.tasks.values():
        ident = token.task_spec.bpmn_id
        if ident not in nodes.nodes or not token.has_state(_LIVE) or "key" in token.internal_data:
            continue
        if nodes.nodes[ident].attached_to:
            continue
        found.append(Place(ident, token.parent.task_spec.bpmn_id if nodes.is_join(ident) else ""))
    return found


def scopes(case: Case) -> list[tuple[str, Any]]:
    """Give each live scope of a case, by id, with its workflow."""
    inner = [(w.spec.name, w) for w in case.workflow.subprocesses.values() if not w.completed]
    return [(case.workflow.spec.name, case.workflow), *inner]


@pytest.mark.parametrize("seed", range(100))
def test_every_position_that_a_run_of_a_sound_diagram_comes_to_is_sound(seed: int) -> None:
    block, chance = sound(seed), random.Random(seed)
    definition = build("p", {"p.bpmn": drawn(block)}, NAMES)
    nets = {scope: Net(definition.elements, scope) for scope in {e.scope for e in definition.elements.values()}}
    game, run, judged = Game(block), Kept(definition), 0
    while game.open():
        for scope, workflow in scopes(run.case):
            places = standing(workflow, nets[scope])
            assert judge(nets[scope], places) == SOUND, (seed, scope, places)
            judged += len(places)
        at = chance.choice(game.moves())
        answers = anything(chance, judged)
        game.complete(at, answers)
        run.complete(at, answers)
    assert judged > 0


@pytest.mark.parametrize("seed", range(100))
def test_a_sound_diagram_is_sound_from_its_beginning_in_every_scope(seed: int) -> None:
    elements = build("p", {"p.bpmn": drawn(sound(seed, depth=4))}, NAMES).elements
    for scope in {e.scope for e in elements.values()}:
        whole = Net(elements, scope)
        assert judge(whole, *whole.beginnings()) == SOUND, (seed, scope)


def test_a_join_that_only_one_of_two_choices_feeds_is_named_with_what_is_missing() -> None:
    broken = net(xor("g"), user("a"), user("b"), both("j"), "s g", "g a if x", "g b", "a j", "b j", "j e")
    verdict = judge(broken, *broken.beginnings())
    assert verdict in (Verdict(False, (Stuck("j", ("a",)),)), Verdict(False, (Stuck("j", ("b",)),)))


PARALLEL = (both("g"), user("a"), user("b"), both("j"), user("c"), "s g", "g a", "g b", "a j", "b j", "j c", "c e")


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([Place("a"), Place("b")], SOUND),
        ([Place("a"), Place("j", "b")], SOUND),
        ([Place("c")], SOUND),
        ([Place("a")], Verdict(False, (Stuck("j", ("b",)),))),
        ([Place("a"), Place("c")], Verdict(False, (Stuck("j", ("b",)),))),
        ([Place("a"), Place("a"), Place("b")], Verdict(False, (Stuck("j", ("b",)),))),
    ],
)
def test_where_a_jump_into_a_parallel_block_may_go(places: list[Place], expected: Verdict) -> None:
    assert judge(net(*PARALLEL), places) == expected


@pytest.mark.parametrize("places", [["a"], ["b"], ["a", "b"], ["c"]])
def test_an_inclusive_join_never_waits_for_what_does_not_come(places: list[str]) -> None:
    some = (either("g"), user("a"), user("b"), either("j"), user("c"))
    flows = ("s g", "g a if x", "g b if y", "a j", "b j", "j c", "c e")
    assert judge(net(*some, *flows), [Place(p) for p in places]) == SOUND


def test_a_branch_that_an_event_on_the_boundary_takes_past_the_join_leaves_the_join_waiting() -> None:
    late = boundary("late", "a", timer("PT1H"))
    broken = net(*PARALLEL, late, end("given_up"), "late given_up")
    assert judge(broken, *broken.beginnings()) == Verdict(False, (Stuck("j", ("a",)),))
    told = boundary("late", "a", timer("PT1H"), interrupts=False)
    assert judge(net(*PARALLEL, told, end("given_up"), "late given_up"), [Place("a"), Place("b")]) == SOUND


def test_a_terminating_end_saves_whoever_would_wait() -> None:

    stop = end("stop", plain("terminate"))
    late = boundary("late", "a", timer("PT1H"))
    assert judge(net(*PARALLEL, late, stop, "late stop"), [Place("a"), Place("b")]) == SOUND


def test_a_loop_without_a_way_out_cannot_end_though_no_join_waits() -> None:
    endless = net(user("a"), user("b"), "s a", "a b", "b a")
    assert judge(endless, *endless.beginnings()) == Verdict(False)


@pytest.mark.parametrize("branches", [2, 4, 8])
def test_a_parallel_block_in_a_rework_loop_is_sound(branches: int) -> None:
    elements = build("p", {"p.bpmn": drawn(rework(branches))}, NAMES).elements
    loop = Net(elements, "p")
    assert judge(loop, *loop.beginnings()) == SOUND
    assert judge(loop, [Place("t0")]).sound is False


def test_too_large_a_question_is_not_guessed() -> None:
    whole = net(*PARALLEL)
    assert judge(whole, *whole.beginnings(), most=2) == Verdict(None)


@pytest.mark.parametrize("seed", range(100))
def test_a_choice_whose_branches_end_in_a_join_of_all_is_refused_by_the_name_of_that_join(seed: int) -> None:
    xml = drawn(sound(seed)).decode()
    for join in re.findall(r'exclusiveGateway id="(x\d+_join)"', xml):
        broken = re.sub(rf'<bpmn:exclusiveGateway( id="{join}".*?)</bpmn:exclusiveGateway>', _AS_PARALLEL, xml)
        elements = elements_of(read(broken.encode(), "p.bpmn"))
        whole = Net(elements, elements[join].scope)
        verdict = judge(whole, *whole.beginnings())
        assert (verdict.sound, join in {each.join for each in verdict.stuck}) == (False, True), (seed, join)


_AS_PARALLEL = r"<bpmn:parallelGateway\1</bpmn:parallelGateway>"


def test_where_two_tokens_may_stand_at_once_is_told_in_whatever_order_they_move() -> None:
    whole = net(*PARALLEL)
    assert doubled(whole, [Place("a"), Place("b")]) == frozenset()
    assert doubled(whole, [Place("b"), Place("c")]) == frozenset()
    line = net(user("a"), user("b"), user("c"), "s a", "a b", "b c", "c e")
    assert doubled(line, [Place("a"), Place("c")]) == {"c", "e"}
    assert doubled(line, [Place("a"), Place("c")], most=2) is None
