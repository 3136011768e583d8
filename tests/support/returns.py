"""Sending back, played twice: by the engine, and by a token game that leaves a move out and plays the rest again."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import orjson

from engine.bpmn import signers
from engine.bpmn.definition import Definition
from engine.bpmn.runtime import Case
from engine.steps import past, returning, saving
from engine.steps.returning import Target, Undone
from tests.support.blocks import Signers, blocks_in
from tests.support.diagrams import FIRE, PEOPLE, Game, Open
from tests.support.driving import COLUMNS, Run
from tests.support.scopes import Reminded

RECORD = {"people": PEOPLE, "number_": 0, "again": False}
AT = datetime(2025, 10, 9, 1, tzinfo=UTC)
Move = tuple[int, Open, dict[str, Any]]
REARM, ADD, DROP = "rearm", "add", "drop"
"""Moves besides completing: reminders of a step that was sent back come anew; one more signs, one less."""


class Story:
    """The oracle. Sending back to a step is the same story without that step: whatever came of it cannot happen any more."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make, self.moves, self.count = make, list[Move](), 0
        self.decisions: dict[Any, Any] = {"move": 0}
        self._play_again()

    def open(self) -> list[Open]:
        return self.game.open()

    def timers(self) -> list[str]:
        return self.game.timers()

    def complete(self, at: Open, answers: dict[str, Any]) -> None:
        self.count += 1
        self._play((self.count, at, answers))

    def back(self, at: Open) -> None:
        """Leave out the last time a step was completed."""
        last = max(n for n, (_, where, _) in enumerate(self.moves) if where == at)
        late = {f"{block.ident}_limit" for block in around(self.game.block, at[0])}
        later = [move for move in self.moves[last + 1 :] if move[1][0] not in late]
        self.moves[last:] = later
        self._play_again()
        self.rearm(at[0])

    def add(self, block: Signers, key: str, *, next_in_turn: bool) -> None:
        """Let one more sign; in turn, directly after whose turn it is, or last."""
        behind = block.left[0] if next_in_turn and block.in_turn else None
        self.complete((block.ident, ADD), {"key": key, "behind": behind, "turn": block.turn})

    def drop(self, block: Signers, key: str) -> None:
        """Take somebody off."""
        self.complete((block.ident, DROP), {"key": key, "turn": block.turn})

    def rearm(self, ident: str) -> None:
        """A limit was moved: where its reminder has come already, it will come anew."""
        self.complete((ident, REARM), {})

    def without(self, at: Open) -> list[Open]:
        """Give what would be open if a step were left out."""
        other = Story(self.make)
        other.decisions, other.moves, other.count = dict(self.decisions), list(self.moves), self.count
        other.back(at)
        return other.open()

    def done(self) -> list[Open]:
        return sorted({at for _, at, _ in self.moves if at[1] not in (FIRE, REARM, ADD, DROP)})

    def _play_again(self) -> None:
        moves, self.moves = self.moves, []
        self.decisions["move"] = 0
        self.game = Game(self.make(), self.decisions)
        for move in moves:
            self._play(move)

    def _play(self, move: Move) -> None:
        number, at, answers = move
        self.decisions["move"] = number
        if at[1] == REARM:
            block = next((b for b in blocks_in(self.game.block) if isinstance(b, Reminded) and b.ident == at[0]), None)
            if block is None or not block.waits:
                return
            block.fired = False
        elif at[1] in (ADD, DROP):
            if not self._edit(at, answers):
                return
        elif (at[1] == FIRE and at[0] in self.timers()) or at in self.open():
            self.game.complete(at, answers)
        else:
            return
        self.moves.append(move)

    def _edit(self, at: Open, said: dict[str, Any]) -> bool:
        """Add or drop a signer, if the same turn of the same task is still on."""
        found = [b for b in self.game.signers() if b.ident == at[0] and b.turn == said["turn"]]
        if not found:
            return False
        if at[1] == ADD:
            found[0].add(said["key"], said["behind"])
        else:
            self.game.drop(found[0], said["key"])
        return True


def around(block: Any, ident: str) -> list[Any]:
    """Give the blocks around a step, itself included; none where it is not inside."""
    if getattr(block, "ident", "") == ident:
        return [block]
    inner = [*getattr(block, "blocks", ()), *([block.inside] if hasattr(block, "inside") else ())]
    found = next((path for each in inner if (path := around(each, ident))), [])
    return [block, *found] if found else []


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


def answers(chance: random.Random, turn: int) -> dict[str, Any]:
    """Give any answers; after thirty moves nothing turns in circles any more."""
    return {"number_": chance.randrange(64), "again": turn < 30 and chance.random() < 0.5}
