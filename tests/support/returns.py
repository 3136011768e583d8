"""Sending back at the level of tokens, with the history that the commands would keep."""

import random
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import orjson

from engine.bpmn import signers
from engine.bpmn.definition import Definition
from engine.bpmn.runtime import Case
from engine.steps import past, returning, saving
from engine.steps.returning import Target, Undone
from tests.support.diagrams import FIRE, Open
from tests.support.driving import COLUMNS, Run
from tests.support.stories import RECORD, Story

FORM = frozenset({"number_", "again"})
"""What the form of every task asks for."""
AT = datetime(2025, 10, 9, 1, tzinfo=UTC)


class Told(Run):
    """A case whose history is kept, as the commands keep it."""

    def __init__(self, definition: Definition) -> None:
        self.history: list[Any] = []
        self.kind, self.about = "InstanceStarted", {}
        self.into_broken: list[Target] = []
        """Targets inside activities that were broken off; what stood beside them there is not told by the game."""
        super().__init__(definition, dict(RECORD))

    def play(self, at: Open, answers: dict[str, Any]) -> None:
        """Complete a task, or let a timer fire."""
        self.kind, self.about = "TimerFired", {}
        if at[1] == FIRE:
            self.fire(at[0])
            return
        self.kind, self.about = past.COMPLETED, {"task": len(self.history), "name": at[0], "item": at[1]}
        self.complete(*at, **answers)

    def targets(self, at: Open) -> list[Target]:
        """Give where an open task may be sent back to."""
        row = SimpleNamespace(token_id=self.token(*at))
        known = past.read(self.history)
        found = returning.targets(known, self._load(), row)  # type: ignore[arg-type]
        self.into_broken = [t for t in found if not known.broken.isdisjoint(_around(known, t))]
        return [t for t in found if t not in self.into_broken]

    def back(self, target: Target) -> Undone:
        """Send the case back."""
        known, done = past.read(self.history), list[Undone]()
        self.kind = "UserTaskSentBack"

        def act(case: Case) -> None:
            scene = SimpleNamespace(row=SimpleNamespace(record=case.step.record))
            done.append(returning.turn_back(scene, case, known, target.mark))  # type: ignore[arg-type]
            self.about = {"undone": sorted(done[0].marks), "parted": [list(pair) for pair in done[0].parted]}

        self._act(act)
        return done[0]

    def straight(self, target: Target, at: Open) -> None:
        """Have a step done again alone; it leads straight back to an open task."""
        known, task = past.read(self.history), SimpleNamespace(token_id=self.token(*at))
        self.kind = "UserTaskSentBack"

        def act(case: Case) -> None:
            released = SimpleNamespace(form_of=lambda _: SimpleNamespace(keys=FORM))
            scene = SimpleNamespace(row=SimpleNamespace(record=case.step.record), released=released)
            undone = returning.turn_back_straight(scene, case, known, target.mark, task)  # type: ignore[arg-type]
            self.about = {"undone": sorted(undone.marks), "parted": [], "straight": True}

        self._act(act)

    def add(self, at: Open, *, next_in_turn: bool) -> str:
        """Let one more sign with whoever has an open task; give their key."""
        token, keys = self.token(*at), list[str]()
        self.kind = past.CO_SIGNER_ADDED

        def act(case: Case) -> None:
            keys.append(signers.add(case, token, "zhou", next_in_turn=next_in_turn))
            found = signers.co_signers(case, token)
            assert found is not None
            said = {"key": keys[0], "value": "zhou", "at": list(found.items).index(keys[0])}
            self.about = {"host": found.host, **said}

        self._act(act)
        return keys[0]

    def drop(self, at: Open, key: str) -> None:
        """Take one of those off who sign with whoever has an open task."""
        token = self.token(*at)
        self.kind = past.CO_SIGNER_DROPPED

        def act(case: Case) -> None:
            found = signers.co_signers(case, token)
            assert found is not None
            signers.drop(case, token, key)
            case.advance()
            self.about = {"host": found.host, "key": key}

        self._act(act)

    def _load(self) -> Case:
        return Case.load(self.definition, self.blob, self.data, COLUMNS, self.workers, len(self.history) + 1)

    def _keep(self, case: Case) -> None:
        came = case.arrivals
        said = orjson.loads(orjson.dumps({**self.about, "changes": came.changes, **saving.lineage_of(came)}))
        number, element = len(self.history) + 1, str(self.about.get("name", ""))
        event = SimpleNamespace(seq=number, at=AT, actor="li", kind=self.kind, element_id=element, content=said)
        self.history.append(event)
        super()._keep(case)


def _around(known: past.Past, target: Target) -> list[str]:
    return [level.identity for level in known.steps[target.mark].levels[:-1]]


def may_go_straight(story: Story, target: Target) -> bool:
    """Whether the token game knows what comes of sending straight to a step: a step with a limit of its own begins other things
    when that passes, and one that is itself being done again alone leads nowhere afterwards.
    """
    plain = target.element_id.startswith("t") or target.element_id.endswith("_over")
    return target.straight and plain and (target.element_id, "") not in story.alone


def answers(chance: random.Random, turn: int) -> dict[str, Any]:
    """Give any answers; after thirty moves nothing turns in circles any more."""
    return {"number_": chance.randrange(64), "again": turn < 30 and chance.random() < 0.5}
