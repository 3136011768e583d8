"""The end of some walks: jumps from anywhere to anywhere, after which no token game knows what is open, only what must hold."""

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from engine import JumpInstance, JumpPosition, JumpPositions, JumpTargets, PreviewJump
from engine.bpmn.definition import build
from engine.bpmn.elements import Element
from engine.domain.errors import Invalid
from tests.support.diagrams import FIRE, Open, drawn
from tests.support.returns import answers
from tests.support.walk_verbs import CLERKS, hand_in

if TYPE_CHECKING:
    from tests.support.walks import Walk

MOST_JUMPS = 4


def wander(walk: "Walk") -> None:
    """Jump at random and go on, until the case is over."""
    elements = build("p", {"p.bpmn": drawn(walk.story.make())}, ()).elements
    jumps = 0
    while walk.open():
        _check(walk, elements)
        walk.turns += 1
        if jumps < MOST_JUMPS and walk.chance.random() < 0.4:
            _jump(walk)
            jumps += 1
        else:
            _move(walk)
        if walk.chance.random() < 0.2:
            walk.office.restart()
    walk.tidy(walk.office.case())


def _jump(walk: "Walk") -> None:
    """From some places of one activity to any element of it: what is refused is refused when asked and changes nothing."""
    engine, number = walk.office.engine, walk.office.number
    chosen = tuple(each.ident for each in _some(walk, engine.ask(JumpPositions(number), "root")))
    to = walk.chance.choice(engine.ask(JumpTargets(number, chosen), "root"))
    before = {t.id for t in walk.open()}
    wanted = JumpInstance(number, "root", chosen, to.element_id, "换一条路")
    if to.refusal:
        with pytest.raises(Invalid) as refused:
            engine.execute(wanted)
        assert str(refused.value) == to.refusal
        assert {t.id for t in walk.open()} == before
        return
    seen = engine.ask(PreviewJump(number, chosen, to.element_id), "root")
    engine.execute(wanted)
    walk.compare(before, seen.closes, seen.opens)
    assert seen.completes == (walk.office.case().status == "closed")


def _some(walk: "Walk", places: list[JumpPosition]) -> list[JumpPosition]:
    first = walk.chance.choice(places)
    beside = [each for each in places if each.scope == first.scope and each is not first]
    return [first, *(each for each in beside if walk.chance.random() < 0.4)]


def _move(walk: "Walk") -> None:
    """Complete a task, or let a timer fire whose follower is not open already."""
    tasks = {(t.element_id, t.item): t for t in walk.open()}
    timers = [row.element_id for row in walk.office.rows("timer")]
    late: list[Open] = [(name, FIRE) for name in timers if (name.replace("_limit", "_over"), "") not in tasks]
    at = walk.chance.choice(sorted(tasks) + sorted(late))
    if at[1] == FIRE:
        walk.fire(at[0])
        return
    who = walk.whose_turn(tasks[at].assignee or walk.chance.choice(CLERKS))
    hand_in(walk, tasks[at], who, {**answers(walk.chance, walk.turns), "said": walk.turns})


def _check(walk: "Walk", elements: dict[str, Element]) -> None:
    """No task is there twice; each limit is armed once, where its activity is open and has not fired."""
    case = walk.office.case()
    walk.tidy(case)
    tasks = [(t.element_id, t.item) for t in case.open_tasks]
    assert len(set(tasks)) == len(tasks), tasks
    armed = Counter(row.element_id for row in walk.office.rows("timer"))
    assert not [name for name, count in armed.items() if count > 1]
    places = walk.office.engine.ask(JumpPositions(walk.office.number), "root")
    standing = {each.element_id for each in places} | {name for name, _ in tasks}
    assert {elements[name].attached_to for name in armed} <= standing
    assert {e.id for e in elements.values() if e.attached_to in standing and e.interrupts} <= armed.keys()
