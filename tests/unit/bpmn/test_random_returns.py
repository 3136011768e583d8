"""On random sound diagrams every step that may be sent back to is: nothing is lost, nothing is doubled, the case can end."""

import random
from typing import Any

import pytest

from engine.bpmn.definition import build
from engine.steps.returning import Target
from tests.support.diagrams import FIRE, Open, drawn, sound
from tests.support.jumps import Leaper
from tests.support.returns import Told, answers, may_go_straight
from tests.support.stories import Story

NAMES = {"people", "number_", "again"}
SEEDS = range(200)


def walk(seed: int, *, depth: int = 3, returns: int = 6) -> int:
    """Complete tasks, send back and jump at random until the case is over; give how often it was sent back."""
    chance, turns, sent = random.Random(seed), 0, 0
    story, told = Story(lambda: sound(seed, depth)), Leaper(build("p", {"p.bpmn": drawn(sound(seed, depth))}, NAMES))
    while story.open():
        agree(story, told, (seed, turns))
        turns += 1
        at = chance.choice(story.open())
        targets = told.targets(at) if sent < returns else []
        if targets and chance.random() < 0.3:
            send_back(story, told, chance.choice(targets), at, straight=chance.random() < 0.5)
            sent += 1
            continue
        if turns < 40 and story.jumps() and chance.random() < 0.1:
            jump(story, told, *chance.choice(story.jumps()))
            continue
        if story.game.signers() and chance.random() < 0.3:
            resign(story, told, chance)
            continue
        move, said = chance.choice(story.next_moves()), answers(chance, turns)
        story.complete(move, said)
        told.play(move, said)
    agree(story, told, (seed, turns))
    assert told.completed
    return sent


def send_back(story: Story, told: Told, to: Target, at: Open, *, straight: bool) -> None:
    """Send a task back: straight to a step that is to be done again alone, if that can be, else to walk every step again."""
    if straight and at not in story.alone and may_go_straight(story, to):
        told.straight(to, at)
        story.straight((to.element_id, to.item), at)
    else:
        told.back(to)
        story.back((to.element_id, to.item))


def jump(story: Story, told: Leaper, at: str, to: str) -> None:
    """Take a token elsewhere; a drawing too large to be judged is left alone."""
    wrong = told.jump(told.at(at), to)
    assert wrong is None or wrong.unknown, wrong
    if wrong is None:
        story.jump(at, to)


def resign(story: Story, told: Told, chance: random.Random) -> None:
    """Add a co-signer, or take one off, at random."""
    block = chance.choice(story.game.signers())
    at = chance.choice(list(block.open()))
    if chance.random() < 0.5 and block.droppable():
        key = chance.choice(block.droppable())
        told.drop(at, key)
        story.drop(block, key)
    elif len(block.left) < 5:
        next_in_turn = chance.random() < 0.5
        story.add(block, told.add(at, next_in_turn=next_in_turn), next_in_turn=next_in_turn)


def agree(story: Story, told: Told, where: Any) -> None:
    assert told.open() == story.open(), where
    assert sorted(t.element.id for t in told.timers.values()) == story.timers(), where


@pytest.mark.parametrize("seed", SEEDS)
def test_sent_back_at_random(seed: int) -> None:
    walk(seed)


def test_the_walks_do_send_back() -> None:
    assert sum(walk(seed) for seed in range(20)) > 20


def into_broken(seed: int) -> int:
    """Complete tasks at random; send back into activities that were broken off, whatever opens; give how often."""
    chance, turns, sent = random.Random(seed), 0, 0
    told = Told(build("p", {"p.bpmn": drawn(sound(seed, 4))}, NAMES))
    while not told.completed:
        turns += 1
        assert len(set(told.open())) == len(told.open()), (seed, turns)
        at = chance.choice(told.open())
        told.targets(at)
        if told.into_broken and sent < 3:
            told.back(chance.choice(told.into_broken))
            sent += 1
            continue
        limits = [t.element.id for t in told.timers.values() if t.element.id.endswith("_limit")]
        fires = limits and turns < 60 and chance.random() < 0.3
        told.play((chance.choice(limits), FIRE) if fires else at, answers(chance, turns))
        assert turns < 500
    return sent


def test_sent_back_into_what_was_broken_off_the_case_still_ends() -> None:
    assert sum(into_broken(seed) for seed in range(60)) > 5
