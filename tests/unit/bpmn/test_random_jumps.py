"""On random sound diagrams an admin jumps anywhere: it is refused, or the case can be driven to its end, nothing twice."""

import random

import pytest

from engine.bpmn.definition import build
from tests.support.diagrams import drawn, sound
from tests.support.jumps import Leaper
from tests.support.returns import answers
from tests.unit.bpmn.test_random_returns import NAMES

SEEDS = range(200)


def walk(seed: int, *, depth: int = 3, jumps: int = 4) -> tuple[int, int]:
    """Complete, send back and jump at random until the case is over; give how often it jumped and was refused."""
    chance, turns, jumped, refused = random.Random(seed), 0, 0, 0
    told = Leaper(build("p", {"p.bpmn": drawn(sound(seed, depth))}, NAMES))
    while not told.completed:
        told.check()
        turns += 1
        assert turns < 500, seed
        if jumped < jumps and chance.random() < 0.4:
            wrong = told.jump(*told.anywhere(chance))
            jumped, refused = jumped + (wrong is None), refused + (wrong is not None)
            continue
        targets = [t for at in told.open() for t in told.targets(at) + told.into_broken]
        if targets and turns < 40 and chance.random() < 0.2:
            told.back(chance.choice(targets))
            continue
        told.play(chance.choice(told.moves()), answers(chance, turns))
    return jumped, refused


@pytest.mark.parametrize("seed", SEEDS)
def test_jumped_at_random(seed: int) -> None:
    walk(seed)


def test_the_walks_do_jump_and_are_refused() -> None:
    counted = [walk(seed) for seed in range(30)]
    assert min(sum(n for n, _ in counted), sum(n for _, n in counted)) > 15
