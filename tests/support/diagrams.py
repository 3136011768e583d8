"""Random sound diagrams, drawn as BPMN, and the token game that says what must be open."""

import random
from typing import Any

from tests.support.blocks import (
    Choice,
    Drawing,
    Late,
    Loop,
    Open,
    Parallel,
    Sequence,
    Signers,
    Some,
    Task,
    blocks_in,
)
from tests.support.bpmn import document, end, process, start
from tests.support.scopes import Abandoned, Called, Inside, Reminded, Scope

PEOPLE = ["li", "wang", "zhao"]
FIRE = "!"
"""Stands in place of a multi-instance key where a timer is meant, not a task."""


class Maker:
    """Makes blocks from a seed."""

    def __init__(self, seed: int) -> None:
        self.random, self.count = random.Random(seed), 0
        self.scopes: list[Scope] = []

    def ident(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def block(self, depth: int) -> Any:
        """Give any block, nested at most `depth` deep."""
        kinds = [self.task, self.task, self.late, self.reminded, self.signers]
        if depth:
            kinds += [
                self.sequence,
                self.sequence,
                self.choice,
                self.parallel,
                self.parallel,
                self.some,
                self.loop,
                self.inside,
                self.called,
                self.abandoned,
            ]
        return self.random.choice(kinds)(depth - 1)

    def task(self, _: int) -> Task:
        return Task(self.ident("t"))

    def late(self, _: int) -> Late:
        return Late(self.ident("d"))

    def reminded(self, _: int) -> Reminded:
        return Reminded(self.ident("r"), self.scopes[-1])

    def signers(self, _: int) -> Signers:
        return Signers(self.ident("m"), self.random.randint(1, 3), in_turn=self.random.random() < 0.5)

    def blocks(self, depth: int) -> list[Any]:
        return [self.block(depth) for _ in range(self.random.randint(2, 3))]

    def sequence(self, depth: int) -> Sequence:
        return Sequence(self.ident("q"), self.blocks(depth))

    def choice(self, depth: int) -> Choice:
        return Choice(self.ident("x"), self.blocks(depth))

    def parallel(self, depth: int) -> Parallel:
        return Parallel(self.ident("p"), self.blocks(depth))

    def some(self, depth: int) -> Some:
        return Some(self.ident("o"), self.blocks(depth))

    def loop(self, depth: int) -> Loop:
        body = Sequence(self.ident("b"), [self.block(depth), Task(self.ident("t"))])
        return Loop(self.ident("l"), [body])

    def inside(self, depth: int) -> Inside:
        return self.fill(Inside(self.ident("w")), depth)

    def called(self, depth: int) -> Called:
        """Give a process of its own, called from here."""
        return self.fill(Called(self.ident("c")), depth)

    def abandoned(self, depth: int) -> Abandoned:
        """Give a sub-process or a call with a limit on the whole."""
        return Abandoned(self.random.choice([self.inside, self.called])(depth))

    def whole(self, depth: int) -> Scope:
        """Give the blocks of a process."""
        whole: Scope = self.fill(Scope("all"), depth)
        return whole

    def fill(self, scope: Any, depth: int) -> Any:
        """Give a scope its block."""
        self.scopes.append(scope)
        scope.blocks = [Sequence(self.ident("q"), self.blocks(depth))]
        self.scopes.pop()
        return scope


class Game:
    """The oracle: which user tasks are open, by the structure of the blocks alone."""

    def __init__(self, block: Any, story: dict[Any, Any] | None = None) -> None:
        self.block, self.record = block, {"number_": 0, "again": False, "story": story}
        self.over = False
        block.begin(self.record)

    def open(self) -> list[Open]:
        return [] if self.over else sorted(self.block.open())

    def timers(self) -> list[str]:
        return [] if self.over else sorted(self.block.timers())

    def moves(self) -> list[Open]:
        """What may happen next: a task is completed, or a timer fires whose follower is not open already."""
        late = [(name, FIRE) for name in self.timers() if (name.replace("_limit", "_over"), "") not in self.open()]
        return self.open() + late

    def signers(self) -> list[Signers]:
        """Give the tasks that several sign and some still have to."""
        live = {name for name, _ in self.open()}
        return [block for block in blocks_in(self.block) if isinstance(block, Signers) and block.ident in live]

    def drop(self, block: Signers, key: str) -> None:
        """Take somebody off who has not signed; where nobody is left the block is over."""
        if block.left == [key]:
            self.over = self.block.complete((block.ident, key), self.record)
        else:
            block.left.remove(key)

    def complete(self, at: Open, answers: dict[str, Any]) -> None:
        if not at[1] and "number_" in answers:
            self.block.record_for(at, self.record).update(number_=answers["number_"], again=answers["again"])
        self.over = self.block.complete(at, self.record)


def sound(seed: int, depth: int = 3) -> Any:
    """Give a random sound block."""
    return Maker(seed).whole(depth)


def rework(branches: int) -> Any:
    """Give a parallel block inside a loop: co-sign, reject, redo."""
    return Loop("l", [Sequence("b", [Parallel("p", [Task(f"t{at}") for at in range(branches)]), Task("judge")])])


def drawn(block: Any) -> bytes:
    """Give the BPMN of a block as process p."""
    on = Drawing()
    first, last = block.draw(on)
    return document(process("p", start("s"), end("e"), *on.parts, f"s {first}", f"{last} e"), *on.processes)
