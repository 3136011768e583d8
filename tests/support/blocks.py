"""Nested blocks that can be drawn as BPMN and played as a token game that knows no BPMN engine."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.support.bpmn import Part, both, boundary, either, multi, timer, user, xor

Open = tuple[str, str]


@dataclass
class Drawing:
    """Collects the parts of one scope; every block is drawn from one node to another."""

    parts: list[Part | str] = field(default_factory=list)
    processes: list[Part] = field(default_factory=list)
    """Processes that are called, however deep."""

    def inside(self) -> "Drawing":
        """Give a sheet for an inner scope; what is called from there is collected here."""
        return Drawing(processes=self.processes)

    def add(self, *parts: Part | str) -> None:
        self.parts += parts


def decided(record: dict[str, Any], ident: str, value: Any) -> Any:
    """Give a decision: as it was made when the same move led here before, if a story remembers."""
    story = record.get("story")
    return value if story is None else story.setdefault((ident, story["move"]), value)


class Block:
    """What all blocks have: whether something waits inside, and whose record an answer goes to."""

    def open(self) -> Iterator[Open]:
        """The user tasks that are open inside."""
        yield from ()

    def timers(self) -> Iterator[str]:
        """The timers that are armed inside."""
        yield from ()

    def has(self, at: Open) -> bool:
        """Whether a task or timer waits inside."""
        return at in self.open() or at[0] in self.timers()

    def record_for(self, at: Open, record: dict[str, Any]) -> dict[str, Any]:
        """Give the record that an answer goes to: the innermost called process has its own."""
        return record


class Task(Block):
    """One user task."""

    def __init__(self, ident: str) -> None:
        self.ident, self.waits = ident, False

    def draw(self, on: Drawing) -> tuple[str, str]:
        on.add(user(self.ident))
        return self.ident, self.ident

    def begin(self, record: dict[str, Any]) -> None:
        self.waits = True

    def open(self) -> Iterator[Open]:
        if self.waits:
            yield self.ident, ""

    def complete(self, at: Open, record: dict[str, Any]) -> bool:
        self.waits = False
        return True


class Late(Task):
    """A user task that a timer ends; somebody else takes over."""

    def __init__(self, ident: str) -> None:
        super().__init__(ident)
        self.over = Task(f"{ident}_over")

    def begin(self, record: dict[str, Any]) -> None:
        super().begin(record)
        self.over.waits = False

    def draw(self, on: Drawing) -> tuple[str, str]:
        name, limit, join = self.ident, f"{self.ident}_limit", f"{self.ident}_join"
        on.add(user(name), boundary(limit, name, timer("PT1H")), user(self.over.ident), xor(join))
        on.add(f"{name} {join}", f"{limit} {self.over.ident} {join}")
        return name, join

    def open(self) -> Iterator[Open]:
        yield from super().open()
        yield from self.over.open()

    def timers(self) -> Iterator[str]:
        if self.waits:
            yield f"{self.ident}_limit"

    def complete(self, at: Open, record: dict[str, Any]) -> bool:
        self.over.waits = at[0] == f"{self.ident}_limit"
        self.waits = False
        return not self.over.waits


class Signers(Block):
    """A user task for each of a list of people, all at once or in turn."""

    def __init__(self, ident: str, count: int, *, in_turn: bool) -> None:
        self.ident, self.count, self.in_turn = ident, count, in_turn
        self.left: list[str] = []
        self.signed = 0
        self.turn: Any = None
        """Which of its turns it is: the move that led here, told apart from those of other turns."""

    def draw(self, on: Drawing) -> tuple[str, str]:
        item = f"{self.ident}_person"
        marker = multi(f"people[:{self.count}]", item, sequential=self.in_turn)
        on.add(user(self.ident, marker, groups=f"clerk,person:${{{item}}}"))
        return self.ident, self.ident

    def begin(self, record: dict[str, Any]) -> None:
        self.left, self.signed = [str(at) for at in range(self.count)], 0
        self.turn = (record.get("story") or {}).get("move")

    def add(self, key: str, behind: str | None) -> None:
        """Let one more sign: behind somebody, else last."""
        self.left.insert(len(self.left) if behind is None else self.left.index(behind) + 1, key)

    def droppable(self) -> list[str]:
        """Give who may be taken off: never the only one where nobody has signed."""
        return self.left if self.signed or len(self.left) > 1 else []

    def open(self) -> Iterator[Open]:
        for key in self.left[:1] if self.in_turn else self.left:
            yield self.ident, key

    def complete(self, at: Open, record: dict[str, Any]) -> bool:
        self.left.remove(at[1])
        self.signed += 1
        return not self.left


class Group(Block):
    """Blocks of which some are under way."""

    def __init__(self, ident: str, blocks: list[Any]) -> None:
        self.ident, self.blocks = ident, blocks
        self.live: list[Any] = []

    def open(self) -> Iterator[Open]:
        for block in self.live:
            yield from block.open()

    def timers(self) -> Iterator[str]:
        for block in self.live:
            yield from block.timers()

    def record_for(self, at: Open, record: dict[str, Any]) -> dict[str, Any]:
        return next((block.record_for(at, record) for block in self.live if block.has(at)), record)

    def complete(self, at: Open, record: dict[str, Any]) -> bool:
        block = next(b for b in self.live if b.has(at))
        if block.complete(at, record):
            self.live.remove(block)
            self.after(block, record)
        return not self.live

    def after(self, block: Any, record: dict[str, Any]) -> None:
        """What starts when a block is over."""

    def enter(self, blocks: list[Any], record: dict[str, Any]) -> None:
        self.live = list(blocks)
        for block in blocks:
            block.begin(record)

    def _between(self, on: Drawing, split: str, join: str, conditions: list[str]) -> tuple[str, str]:
        for block, condition in zip(self.blocks, conditions, strict=True):
            first, last = block.draw(on)
            on.add(f"{split} {first}{condition}", f"{last} {join}")
        return split, join


class Sequence(Group):
    """One after another."""

    def draw(self, on: Drawing) -> tuple[str, str]:
        ends = [block.draw(on) for block in self.blocks]
        for (_, last), (first, _) in zip(ends, ends[1:], strict=False):
            on.add(f"{last} {first}")
        return ends[0][0], ends[-1][1]

    def begin(self, record: dict[str, Any]) -> None:
        self.enter(self.blocks[:1], record)

    def after(self, block: Any, record: dict[str, Any]) -> None:
        at = self.blocks.index(block) + 1
        self.enter(self.blocks[at : at + 1], record)


class Choice(Group):
    """One of several, by the record's number."""

    def draw(self, on: Drawing) -> tuple[str, str]:
        split, join = f"{self.ident}_split", f"{self.ident}_join"
        conditions = ["", *(f" if number_ % {len(self.blocks)} == {at}" for at in range(1, len(self.blocks)))]
        self._between(on, split, join, conditions)
        on.add(xor(split, default=_first(self.blocks[0])), xor(join))
        return split, join

    def begin(self, record: dict[str, Any]) -> None:
        self.enter([self.blocks[decided(record, self.ident, record["number_"]) % len(self.blocks)]], record)


class Parallel(Group):
    """All of several at the same time."""

    def draw(self, on: Drawing) -> tuple[str, str]:
        split, join = f"{self.ident}_split", f"{self.ident}_join"
        on.add(both(split), both(join))
        return self._between(on, split, join, [""] * len(self.blocks))

    def begin(self, record: dict[str, Any]) -> None:
        self.enter(self.blocks, record)


class Some(Group):
    """Those of several whose bit of the record's number is set; the first when none is."""

    def draw(self, on: Drawing) -> tuple[str, str]:
        split, join = f"{self.ident}_split", f"{self.ident}_join"
        conditions = ["", *(f" if number_ // {2**at} % 2 == 1" for at in range(1, len(self.blocks)))]
        self._between(on, split, join, conditions)
        on.add(either(split, default=_first(self.blocks[0])), either(join))
        return split, join

    def begin(self, record: dict[str, Any]) -> None:
        number = decided(record, self.ident, record["number_"])
        chosen = [block for at, block in enumerate(self.blocks) if at and number // 2**at % 2 == 1]
        self.enter(chosen or self.blocks[:1], record)


class Loop(Group):
    """A block and a closing task, again and again while the record says so."""

    def draw(self, on: Drawing) -> tuple[str, str]:
        merge, again, leave = f"{self.ident}_merge", f"{self.ident}_again", f"{self.ident}_leave"
        first, last = self.blocks[0].draw(on)
        on.add(xor(merge), xor(again, default=leave), xor(leave))
        on.add(f"{merge} {first}", f"{last} {again} {leave}", f"{again} {merge} if again")
        return merge, leave

    def begin(self, record: dict[str, Any]) -> None:
        self.enter(self.blocks, record)

    def after(self, block: Any, record: dict[str, Any]) -> None:
        if decided(record, f"{self.ident}_again", record["again"]):
            self.enter(self.blocks, record)


def _first(block: Any) -> str:
    return str(block.draw(Drawing())[0])


def blocks_in(block: Any) -> Iterator[Any]:
    """Give a block and all blocks inside it."""
    yield block
    for inner in [*getattr(block, "blocks", ()), *([block.inside] if hasattr(block, "inside") else ())]:
        yield from blocks_in(inner)
