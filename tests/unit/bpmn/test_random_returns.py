"""On random sound diagrams every step that may be sent back to is: nothing is lost, nothing is doubled, the case can end."""

import random
from typing import Any

import pytest

from engine.bpmn.definition import build
from tests.support.diagrams import drawn, sound
from tests.support.returns import Story, Told, answers

NAMES = {"people", "number_", "again"}
SEEDS = range(200)


def walk(seed: int, *, depth: int = 3, returns: int = 6) -> int:
    """Complete tasks and send back at random until the case is over; give how often it was sent back."""
    chance, turns, sent = random.Random(seed), 0, 0
    story, told = Story(lambda: sound(seed, depth)), Told(build("p", {"p.bpmn": drawn(sound(seed, depth))}, NAMES))
    while story.open():
        agree(story, told, (seed, turns))
        turns += 1
        at = chance.choice(story.open())
        targets = told.targets(at) if sent < returns else []
        if targets and chance.random() < 0.3:
            to = chance.choice(targets)
            told.back(to)
            story.back((to.element_id, to.item))
            sent += 1
            continue
        move, said = chance.choice(story.game.moves()), answers(chance, turns)
        story.complete(move, said)
        told.play(move, said)
    agree(story, told, (seed, turns))
    assert told.completed
    return sent


def agree(story: Story, told: Told, where: Any) -> None:
    assert told.open() == story.open(), where
    assert sorted(t.element.id for t in told.timers.values()) == story.timers(), where


@pytest.mark.parametrize("seed", SEEDS)
def test_sent_back_at_random(seed: int) -> None:
    walk(seed)


def test_the_walks_do_send_back() -> None:
    assert sum(walk(seed) for seed in range(20)) > 20
