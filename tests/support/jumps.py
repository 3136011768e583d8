"""Jumps at random: what may be chosen, and what must be true of a case afterwards whatever it was."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

from engine.bpmn import jumping
from engine.bpmn.jumping import Position
from engine.bpmn.runtime import Case
from tests.support.diagrams import FIRE
from tests.support.returns import Told


class Leaper(Told):
    """A case in which an admin jumps."""

    def positions(self) -> list[Position]:
        """Give every open position."""
        return jumping.positions(self._load())

    def at(self, *names: str) -> list[Position]:
        """Give the positions at some elements."""
        return [p for p in self.positions() if p.element.id in names]

    def jump(self, chosen: Sequence[Position], to: str) -> jumping.Refusal | None:
        """Jump, or say why not."""
        wrong = jumping.refusal(self._load(), chosen, to)
        if wrong is None:
            self.kind = "InstanceJumped"

            def act(case: Case) -> None:
                left = jumping.jump(case, chosen, to)
                self.about = {"left": [list(asdict(each).values()) for each in left]}

            self._act(act)
        return wrong

    def anywhere(self, chance: random.Random) -> tuple[list[Position], str]:
        """Give some positions of one activity, and an element of it."""
        all_ = self.positions()
        first = chance.choice(all_)
        beside = [p for p in all_ if p.scope == first.scope and p is not first]
        chosen = [first, *(p for p in beside if chance.random() < 0.4)]
        return chosen, chance.choice(jumping.targets(self._load(), chosen)).id

    def moves(self) -> list[tuple[str, str]]:
        """Give what may happen next: a task is completed, or a timer fires whose follower is not open already."""
        open_ = self.open()
        timers = [t.element.id for t in self.timers.values()]
        return open_ + [(n, FIRE) for n in timers if (n.replace("_limit", "_over"), "") not in open_]

    def check(self) -> None:
        """No task is there twice; each limit is armed once, where its activity is open and has not fired."""
        assert len(set(self.open())) == len(self.open())
        armed = Counter(t.element.id for t in self.timers.values())
        assert not [name for name, count in armed.items() if count > 1]
        standing = {p.element.id for p in self.positions()} | set(self.names())
        elements = self.definition.elements
        assert {elements[name].attached_to for name in armed} <= standing
        limits = {e.id for e in elements.values() if e.attached_to in standing and e.interrupts}
        assert limits <= armed.keys()
