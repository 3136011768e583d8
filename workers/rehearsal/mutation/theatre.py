"""A theatre where one procedure is deployed again and again, each time with something else wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from engine import CountOrders, Deploy, Engine, History, copy_engine, places
from engine.domain.actors import SYSTEM
from engine.domain.clock import FrozenClock
from workers.rehearsal.stage import Stage, Theatre

PATIENCE, ALLOWANCE = 10, 2000
"""A scenario on a mutant may ask the clock this many times as often as on the original, and so often on top."""


class Stuck(BaseException):
    """A scenario goes on for ever. No EngineError: nothing on the way may take it for a failed step and go on."""


@dataclass(slots=True)
class CountingClock(FrozenClock):
    """A clock that stands still, counts who looks at it, and loses patience: every command and query looks once."""

    patience: int = 1_000_000
    looked: int = 0

    def now(self) -> datetime:
        """Business now, UTC; raise Stuck when it was asked too often."""
        self.looked += 1
        if self.looked > self.patience:
            raise Stuck
        return self.at.astimezone(UTC)


class MutantTheatre(Theatre):
    """Every procedure as it is, one of them as it is just now; nothing of this reaches the theatre it is made from."""

    _spoiled: Engine | None

    def __init__(self, sound: Theatre) -> None:
        self._sound = self.template = sound.template
        self._last = self._spoiled = None
        self.clock = CountingClock(datetime(2024, 1, 1, tzinfo=UTC))
        self.patience = self.clock.patience

    def deploy(self, files: Mapping[str, bytes]) -> None:
        """Let the next stages play on these files instead; raise InvalidDiagram when the check refuses them."""
        spoiled = copy_engine(self._sound, self._sound.clock, over=self._spoiled)
        spoiled.caches = {kind: dict(shelf) for kind, shelf in self._sound.caches.items()}
        self._spoiled = self.template = spoiled
        spoiled.execute(Deploy(files, SYSTEM.id))

    def stage(self, starts_at: datetime) -> Stage:
        """Give a fresh stage under a clock that loses patience."""
        self.clock = CountingClock(starts_at, patience=self.patience)
        return self.at(self.clock)

    def came_by(self) -> set[str]:
        """Give the elements, and the rows of decision tables, that the cases of the last stage came by."""
        engine, found = self.last, set[str]()
        for instance_id in range(1, engine.ask(CountOrders()) + 1):
            for event in engine.ask(History(instance_id)):
                found |= {event.element_id, *event.payload.get("reached", ()), *places(event.payload.get("changes"))}
        return found - {""}
