"""Blocks that are or need a scope: processes, sub-processes, calls, what a timer breaks off or sets beside them."""

from collections.abc import Iterator
from typing import Any

from tests.support.blocks import Block, Drawing, Group, Open, Task, decided
from tests.support.bpmn import Part, boundary, call, end, process, start, sub, timer, user, xor


class Scope(Group):
    """A block and what runs beside it; over when both are."""

    def __init__(self, ident: str) -> None:
        super().__init__(ident, [])
        self.beside: list[Task] = []

    def draw(self, on: Drawing) -> tuple[str, str]:
        """Draw the block alone: this is the scope of the process."""
        first, last = self.blocks[0].draw(on)
        return str(first), str(last)

    def begin(self, record: dict[str, Any]) -> None:
        self.enter(self.blocks, record)

    def open(self) -> Iterator[Open]:
        yield from super().open()
        for task in self.beside:
            yield from task.open()

    def stop(self) -> None:
        """Break off everything that is under way."""
        self.live = []
        for task in self.beside:
            task.waits = False

    def complete(self, at: Open, record: dict[str, Any]) -> bool:
        beside = [task for task in self.beside if at in task.open()]
        for task in beside:
            task.complete(at, record)
        if not beside:
            super().complete(at, record)
        return not self.live and not any(task.waits for task in self.beside)


class Reminded(Task):
    """A user task beside which, when its timer fires, another one opens; that one ends in the scope around it."""

    def __init__(self, ident: str, scope: "Scope") -> None:
        super().__init__(ident)
        self.fired, self.reminder = False, Task(f"{ident}_over")
        scope.beside.append(self.reminder)

    def draw(self, on: Drawing) -> tuple[str, str]:
        name, limit, rest = self.ident, f"{self.ident}_limit", f"{self.ident}_rest"
        watch = boundary(limit, name, timer("到期"), interrupts=False)
        on.add(user(name, dueDate="PT1H"), watch, user(self.reminder.ident), end(rest))
        on.add(f"{limit} {self.reminder.ident} {rest}")
        return name, name

    def begin(self, record: dict[str, Any]) -> None:
        super().begin(record)
        self.fired = False

    def timers(self) -> Iterator[str]:
        if self.waits and not self.fired:
            yield f"{self.ident}_limit"

    def complete(self, at: Open, record: dict[str, Any]) -> bool:
        if at[0] == self.ident:
            return super().complete(at, record)
        self.fired = True
        self.reminder.begin(record)
        return False


class Inside(Scope):
    """The same in a sub-process."""

    def draw(self, on: Drawing) -> tuple[str, str]:
        drawn = on.inside()
        on.add(sub(self.ident, *self._framed(drawn)))
        return self.ident, self.ident

    def _framed(self, drawn: Drawing) -> list[Part | str]:
        first, last = super().draw(drawn)
        begins, ends = f"{self.ident}_begins", f"{self.ident}_ends"
        return [start(begins), end(ends), *drawn.parts, f"{begins} {first}", f"{last} {ends}"]


class Called(Inside):
    """The same in a process that is called: it has a record of its own and hands one name back."""

    NAMES = ("people", "number_", "again")

    def __init__(self, ident: str) -> None:
        super().__init__(ident)
        self.record: dict[str, Any] = {}

    def draw(self, on: Drawing) -> tuple[str, str]:
        target, drawn = f"{self.ident}_called", on.inside()
        on.processes.append(process(target, *self._framed(drawn)))
        on.add(call(self.ident, target, {name: name for name in self.NAMES}, {f"{self.ident}_said": "number_"}))
        return self.ident, self.ident

    def begin(self, record: dict[str, Any]) -> None:
        said = decided(record, self.ident, (record["number_"], record["again"]))
        self.record = {"number_": said[0], "again": said[1], "story": record.get("story")}
        super().begin(self.record)

    def record_for(self, at: Open, record: dict[str, Any]) -> dict[str, Any]:
        return super().record_for(at, self.record)

    def complete(self, at: Open, record: dict[str, Any]) -> bool:
        over = super().complete(at, self.record)
        if over:
            record[f"{self.ident}_said"] = self.record["number_"]
        return over


class Abandoned(Block):
    """A sub-process or a call that a timer breaks off with everything inside; somebody else takes over."""

    def __init__(self, inside: Inside) -> None:
        self.inside, self.ident = inside, inside.ident
        self.over = Task(f"{inside.ident}_over")
        self.going = False

    def draw(self, on: Drawing) -> tuple[str, str]:
        name, limit, join = self.ident, f"{self.ident}_limit", f"{self.ident}_join"
        self.inside.draw(on)
        on.add(boundary(limit, name, timer("PT1H")), user(self.over.ident), xor(join))
        on.add(f"{name} {join}", f"{limit} {self.over.ident} {join}")
        return name, join

    def begin(self, record: dict[str, Any]) -> None:
        self.going = True
        self.inside.begin(record)

    def open(self) -> Iterator[Open]:
        yield from self.inside.open() if self.going else self.over.open()

    def timers(self) -> Iterator[str]:
        if self.going:
            yield f"{self.ident}_limit"
            yield from self.inside.timers()

    def record_for(self, at: Open, record: dict[str, Any]) -> dict[str, Any]:
        return self.inside.record_for(at, record) if self.going and self.inside.has(at) else record

    def complete(self, at: Open, record: dict[str, Any]) -> bool:
        if not self.going:
            return self.over.complete(at, record)
        if at[0] != f"{self.ident}_limit":
            self.going = not self.inside.complete(at, record)
            return not self.going
        self.inside.stop()
        self.going = False
        self.over.begin(record)
        return False
