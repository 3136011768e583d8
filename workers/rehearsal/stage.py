"""A stage: an engine in memory, the demo organisation, a clock that moves from due moment to due moment, one worker."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from engine import (
    AnythingDue,
    Deploy,
    Engine,
    NextMoment,
    Outgoing,
    WhenDue,
    copy_engine,
    demo_organisation,
    install,
    open_engine,
)
from engine.bundles import procedure_folders, read_bundle
from engine.domain.actors import SYSTEM
from engine.domain.clock import FrozenClock
from engine.domain.delivery import Delivered, Outcome, Retry
from engine.service_tasks import Register
from engine.settings import Settings
from workers.runner import Worker

MAX_MOMENTS = 10_000
"""Due moments one advance may pass; more means that something keeps falling due without end."""


@dataclass(slots=True)
class Post:
    """The channel of a stage: keeps what was delivered, and fails as often as it is told to."""

    delivered: list[Outgoing] = field(default_factory=list)
    to_fail: dict[str, int] = field(default_factory=dict)

    def send(self, message: Outgoing) -> Outcome:
        """Deliver, or fail while failures are left for the channel."""
        if self.to_fail.get(message.channel, 0) > 0:
            self.to_fail[message.channel] -= 1
            return Retry("", f"{message.channel} 通道暂时不通(演练)")
        self.delivered.append(message)
        return Delivered()


@dataclass(slots=True)
class Stage:
    """Everything a scenario plays on."""

    engine: Engine
    clock: FrozenClock
    post: Post
    worker: Worker

    def settle(self) -> None:
        """Let the worker do everything that is due now; it is not called for nothing."""
        while self.engine.ask(AnythingDue()) and self.worker.round():
            continue

    def later(self, text: str) -> datetime:
        """Give the moment that a limit's text (`PT1H`, `1个工作日`) from now means, by the office calendar."""
        return self.engine.ask(WhenDue(text, "office"))

    def advance_to(self, target: datetime) -> None:
        """Move from due moment to due moment up to `target`, settling at each."""
        self.settle()
        for _ in range(MAX_MOMENTS):
            coming = self.engine.ask(NextMoment())
            if coming is None or coming > target:
                break
            if coming > self.clock.now():
                self.clock.move_to(coming)
            self.settle()
        else:
            raise RuntimeError("一直有事到期,停不下来")
        self.clock.move_to(max(target, self.clock.now()))
        self.settle()


def stage(engine: Engine, clock: FrozenClock) -> Stage:
    """Put a worker and a channel beside an engine."""
    post = Post()
    return Stage(engine, clock, post, Worker(engine, owner="rehearsal", fallback=post))


class Theatre:
    """Deploys procedures once into a template; every scenario gets a copy of its own, one at a time."""

    def __init__(self, folders: Iterable[Path], register: Register | None = None) -> None:
        clock = FrozenClock(datetime(2024, 1, 1, tzinfo=UTC))
        self.template = open_engine(Settings(database="sqlite://", kind="test"), clock, register)
        install(self.template)
        self.template.execute(demo_organisation(SYSTEM.id))
        for folder in folders:
            self.template.execute(Deploy(read_bundle(folder), SYSTEM.id))
        self._last: Engine | None = None

    def stage(self, starts_at: datetime) -> Stage:
        """Give a fresh stage at a moment; the one given before is swept away."""
        return self.at(FrozenClock(starts_at))

    def at(self, clock: FrozenClock) -> Stage:
        """Give a fresh stage under a clock; the one given before is swept away."""
        self._last = copy_engine(self.template, clock, over=self._last)
        return stage(self._last, clock)

    @property
    def last(self) -> Engine:
        """The engine of the stage given last; raise LookupError before the first."""
        if self._last is None:
            raise LookupError("no stage was given yet")
        return self._last


def neighbours(folder: Path) -> tuple[Path, ...]:
    """Give all procedures of the tree (family/procedure) that a folder stands in, itself included: they may call on each other."""
    here = folder.resolve()
    found = {path.parent for path in here.parent.parent.glob("*/*/procedure.toml")} | {here}
    return tuple(sorted(found))


def folders_at(path: Path) -> list[Path]:
    """Give the procedure folders that a path means: those below it, or the one it lies in."""
    found = list(procedure_folders(path)) if path.is_dir() else []
    if not found:
        found = [p for p in path.resolve().parents if (p / "procedure.toml").is_file()][:1]
    return found
