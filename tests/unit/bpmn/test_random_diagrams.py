"""Our driver, with and without forgetting, SpiffWorkflow's own driver and a token game agree on what is open."""

import random
import re
from typing import Any

import pytest
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.definition import Definition, build
from engine.bpmn.lint import Known, check_diagram
from engine.bpmn.record import Step
from engine.bpmn.runtime import Case
from tests.support.diagrams import FIRE, PEOPLE, Game, Open, drawn, rework, sound
from tests.support.driving import COLUMNS, Run, Workers

NAMES = {"people", "number_", "again"}
RECORD = {"people": PEOPLE, "number_": 0, "again": False}
SEEDS = range(200)


class _Unforgetting(Case):
    def advance(self, *, shrink: bool = False) -> None:
        super().advance(shrink=False)


class Kept:
    """Our driver on a case that stays in memory and forgets nothing."""

    def __init__(self, definition: Definition) -> None:
        self.case = _Unforgetting.start(definition, dict(RECORD), COLUMNS, Workers())

    def _tokens(self) -> dict[Open, Any]:
        return ready(self.case.workflow)

    def open(self) -> list[Open]:
        return sorted(self._tokens())

    def complete(self, at: Open, answers: dict[str, Any]) -> None:
        if at[1] == FIRE:
            self.case.fire(armed(self.case.workflow, at[0]).id.hex)
        else:
            self.case.complete(self._tokens()[at].id.hex, answers)


class Stock(Kept):
    """SpiffWorkflow's own workflow and driver on our specs."""

    def __init__(self, definition: Definition) -> None:
        self.step = Step(
            definition.elements, definition.declared, definition.decisions, dict(RECORD), COLUMNS, Workers()
        )
        self.workflow = BpmnWorkflow(definition.spec, dict(definition.subs), script_engine=self.step)
        self.workflow.do_engine_steps()

    def _tokens(self) -> dict[Open, Any]:
        return ready(self.workflow)

    def complete(self, at: Open, answers: dict[str, Any]) -> None:
        if at[1] == FIRE:
            token = armed(self.workflow, at[0])
            token.internal_data["event_fired"] = True
            token.task_spec._update(token)
        else:
            token = self._tokens()[at]
            self.step.write(token, answers)
            token.run()
        self.workflow.do_engine_steps()


def armed(workflow: Any, name: str) -> Any:
    (token,) = [t for t in workflow.event_manager.tasks.values() if t.task_spec.bpmn_id == name]
    return token


def ready(workflow: Any) -> dict[Open, Any]:
    tokens = [t for w in (workflow, *workflow.subprocesses.values()) for t in w.tasks.values()]
    found = [t for t in tokens if t.state == TaskState.READY and t.task_spec.manual]
    named = {(t.task_spec.bpmn_id, str(t.internal_data.get("key", ""))): t for t in found}
    assert len(named) == len(found)
    return named


class Stored(Run):
    """Our driver, loaded and dumped around every step."""

    def __init__(self, definition: Definition) -> None:
        super().__init__(definition, dict(RECORD))

    def complete(self, at: Open, answers: dict[str, Any]) -> None:  # type: ignore[override]
        if at[1] == FIRE:
            self.fire(at[0])
        else:
            super().complete(*at, **answers)


def play(block: Any, seed: int, answers_for: Any, drivers: tuple[type, ...] = (Stored, Kept, Stock)) -> int:
    """Complete open tasks in random order until the game is over; give the number of steps."""
    chance, turns = random.Random(seed), 0
    definition = build("p", {"p.bpmn": drawn(block)}, NAMES)
    game, runs = Game(block), [driver(definition) for driver in drivers]
    while True:
        expected = game.open()
        for run in runs:
            assert run.open() == expected, (seed, turns, type(run).__name__)
            if isinstance(run, Run):
                assert sorted(t.element.id for t in run.timers.values()) == game.timers()
        if not expected:
            assert all(run.completed for run in runs if isinstance(run, Run))
            assert all(said(run.data) == said(game.record) for run in runs if isinstance(run, Run))
            return turns
        at, answers = chance.choice(game.moves()), answers_for(chance, turns)
        turns += 1
        for run in (game, *runs):
            run.complete(at, answers)


def said(record: dict[str, Any]) -> dict[str, Any]:
    """Give what called processes have handed back."""
    return {name: value for name, value in record.items() if name.endswith("_said")}


def anything(chance: random.Random, turn: int) -> dict[str, Any]:
    return {"number_": chance.randrange(64), "again": turn < 30 and chance.random() < 0.5}


@pytest.mark.parametrize("seed", SEEDS)
def test_all_drivers_agree_with_the_token_game(seed: int) -> None:
    assert play(sound(seed), seed, anything) > 0


@pytest.mark.parametrize("branches", [2, 3, 4])
@pytest.mark.parametrize("seed", range(5))
def test_a_parallel_block_inside_a_rework_loop_for_twenty_turns(seed: int, branches: int) -> None:
    steps = 20 * (branches + 1)
    turns = play(rework(branches), seed, lambda _, turn: {"number_": 0, "again": turn < steps - 1})
    assert turns == steps


@pytest.mark.parametrize("seed", SEEDS)
def test_a_sound_diagram_is_not_refused(seed: int) -> None:
    xml = drawn(sound(seed))
    known = Known(form_keys=frozenset(NAMES), forms=frozenset(re.findall(r'userTask id="(\w+)"', xml.decode())))
    assert check_diagram("p", {"p.bpmn": xml}, known) == []


def test_the_seeds_meet_every_kind_of_block() -> None:
    text = "".join(drawn(sound(seed)).decode() for seed in SEEDS)
    kinds = [
        "parallelGateway",
        "inclusiveGateway",
        "exclusiveGateway",
        "subProcess",
        "boundaryEvent",
        "callActivity",
        '_limit" name="办w',
        '_limit" name="办c',
        'isSequential="true"',
        "again",
    ]
    assert [kind for kind in kinds if text.count(kind) < 20] == []
