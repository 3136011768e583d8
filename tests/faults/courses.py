"""A scenario played on a real database, in steps that can be taken up again after a crash as people would."""

import mmap
import os
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event, func, select

from engine import Engine, Outgoing
from engine.domain.clock import FrozenClock
from engine.domain.delivery import Outcome
from engine.domain.errors import EngineError
from engine.store.database import reading
from engine.store.tables import history, work_order
from workers.rehearsal.order_verbs import at
from workers.rehearsal.scenario import Run
from workers.rehearsal.scenario_file import Scenario
from workers.rehearsal.stage import Post, Stage
from workers.runner import Worker

LAYOUT = struct.Struct("<qqdd40s")
OF_THE_SYSTEM = "MessageReceived"


class Progress:
    """How far a course has come, in memory that outlives its process: step, events before it, moments, the order's number."""

    def __init__(self) -> None:
        self.memory = mmap.mmap(-1, LAYOUT.size)
        self.step, self.events, self.began, self.clock, self.number = 0, 0, 0.0, 0.0, ""

    def save(self) -> None:
        """Write it down."""
        values = (self.step, self.events, self.began, self.clock, self.number.encode())
        self.memory[:] = LAYOUT.pack(*values)

    def read(self) -> None:
        """Read what a child wrote."""
        self.step, self.events, self.began, self.clock, number = LAYOUT.unpack(self.memory[:])
        self.number = number.rstrip(b"\0").decode()


class ReportingClock(FrozenClock):
    """A clock that stands still until it is moved, and whose place is known after a crash."""

    def __init__(self, at: datetime, progress: Progress) -> None:
        super().__init__(at)
        self.progress = progress

    def move_to(self, at: datetime) -> None:
        """Move, and write it down."""
        self.at = at
        self.progress.clock = at.timestamp()
        self.progress.save()


class LoggedPost(Post):
    """Keeps what was sent in memory, and the keys in a file that survives a crash: what the world outside has seen."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path

    def send(self, message: Outgoing) -> Outcome:
        """Send."""
        answer = super().send(message)
        with self.path.open("ab", buffering=0) as file:
            file.write(f"{message.idempotency_key}\n".encode())
        return answer


@dataclass
class FailPoint:
    """Strikes at the n-th boundary of a statement: right before one, right after one, right before a commit."""

    at: int
    strike: Callable[[Any], None]
    hits: int = 0

    def watch(self, engine: Engine) -> None:
        """Count the boundaries of an engine."""
        for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
            event.listen(engine.database, name, lambda connection, *_: self._hit(connection))

    def _hit(self, connection: Any) -> None:
        self.hits += 1
        if self.hits == self.at:
            self.strike(connection)


def kill_ourselves(_connection: Any) -> None:
    """Die as power loss and the kernel's killer do it."""
    os.kill(os.getpid(), 9)


def drop_connection(connection: Any) -> None:
    """Lose the connection, as a restarted server or a cut link does it."""
    driver = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        driver.rollback()  # else an open cursor would keep the file locked
    driver.close()


@dataclass
class Course:
    """One scenario on one database."""

    engine: Engine
    scenario: Scenario
    progress: Progress
    post: LoggedPost
    stage: Stage = field(init=False)
    run: Run = field(init=False)

    def __post_init__(self) -> None:
        worker = Worker(self.engine, owner=f"course {os.getpid()}", fallback=self.post)
        self.stage = Stage(self.engine, self.engine.clock, self.post, worker)  # type: ignore[arg-type]
        self.run = Run(self.stage, self.scenario)
        self.run.number = self.progress.number

    def play(self, first: int = 0) -> list[str]:
        """Play from a step on; give the first expectations that were not met."""
        for index in range(first, len(self.scenario.steps)):
            step = self.scenario.steps[index]
            self._begin(index, step)
            problems = self.run.step(step)
            if problems:
                return [f"step {index + 1}: {problem}" for problem in problems]
        self._begin(len(self.scenario.steps), {})
        return self.ending()

    def ending(self) -> list[str]:
        """Give the final expectations that were not met."""
        return [f"ending: {problem}" for problem in self.run.ending(self.scenario.expect)]

    def resume(self) -> list[str]:
        """Go on after a crash or a lost connection: what was interrupted is done unless it had been, the rest follows."""
        clock, index = self.engine.clock, self.progress.step
        assert isinstance(clock, FrozenClock)
        clock.lease_at = clock.at + timedelta(days=1)
        self.stage.settle()
        if index < len(self.scenario.steps):
            problems = self._again(self.scenario.steps[index])
            self.stage.settle()
            self.run.seen = len(self.post.delivered)
            if problems:
                return problems
        return self.play(index + 1) if index < len(self.scenario.steps) else self.ending()

    def _begin(self, index: int, step: Any) -> None:
        self.progress.number = self.run.number
        self.progress.step, self.progress.events = index, self._events(step)
        self.progress.began = self.progress.clock = self.engine.clock.now().timestamp()
        self.progress.save()

    def _again(self, step: Any) -> list[str]:
        """Do an interrupted step once more, unless the history shows that it was done."""
        if "advance" in step or "until" in step:
            self._wait(step)
        elif self._events(step) > self.progress.events:
            if "start" in step:
                self.run.number = self._newest(step)
        else:
            try:
                self.run.act(step)
            except EngineError as error:
                if not error.is_a(step.get("expect", {}).get("refused", "")):
                    return [f"after the crash: {error.code} {error} ({step})"]
        return []

    def _wait(self, step: Any) -> None:
        """Wait for the same moment as before the crash, from where the clock stood."""
        clock = self.engine.clock
        assert isinstance(clock, FrozenClock)
        stood, clock.at = clock.at, datetime.fromtimestamp(self.progress.began, UTC)
        target = self.stage.later(step["advance"]) if "advance" in step else at(step["until"])
        clock.at = stood
        self.stage.advance_to(target)

    def _events(self, step: Any) -> int:
        """Give how many events whoever acts in a step has caused so far, in all cases."""
        acting = step.get("start") or step.get("cancel") or step
        actor = acting.get("actor", "system")
        counted = select(func.count()).select_from(history).where(history.c.actor == actor)
        if actor == "system":
            counted = counted.where(history.c.kind == OF_THE_SYSTEM)
        with reading(self.engine.database) as connection:
            return int(connection.execute(counted).scalar_one())

    def _newest(self, step: Any) -> str:
        process = step["start"].get("process", self.scenario.process)
        found = select(work_order.c.number).where(work_order.c.process == process).order_by(work_order.c.id.desc())
        with reading(self.engine.database) as connection:
            return str(connection.execute(found.limit(1)).scalar_one())
