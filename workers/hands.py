"""What a worker has in hand: leased rows, how long it has had each, and what to tell the engine about it."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from engine import (
    Command,
    Engine,
    ExtendLease,
    ExtendOutbox,
    FailJob,
    FinishOutbox,
    GiveBackJob,
    GiveBackMessage,
    LeasedJob,
    Outgoing,
    Sending,
)
from engine.domain.delivery import Unknown
from engine.domain.errors import Busy, Conflict, EngineError
from engine.service_tasks import TIME_LIMIT

log = logging.getLogger("banjie.worker")
SENDING_LIMIT = timedelta(minutes=1)
"""How long a channel may take for one message."""

Key = tuple[str, int, int]


@dataclass(slots=True)
class Held:
    """One leased row; the commands say what becomes of it when its holder is still at work, is too slow, or has to stop."""

    key: Key
    limit: timedelta
    keep: Command[bool]
    too_slow: Command[object]
    give_back: Command[bool]
    suspect: bool = False
    given_up: Callable[[], None] = lambda: None
    """Told when it was too slow."""
    age: timedelta = timedelta()
    """For how long it has been watched: no clock that jumps makes work late."""


def held_job(engine: Engine, job: LeasedJob, span: timedelta) -> Held:
    """Give a job as it is held."""
    task = engine.register.tasks.get(job.topic)
    limit = task.time_limit if task else TIME_LIMIT
    slow = FailJob(
        job.id,
        job.fence,
        f"{limit.total_seconds():g} 秒还没有办完,不再等",
        attempts_allowed=engine.register.attempts_allowed(job.topic),
    )
    keep, back = ExtendLease(job.id, job.fence, span), GiveBackJob(job.id, job.fence)
    return Held(("job", job.id, job.fence), limit, keep, slow, back, job.suspect)


def held_message(message: Outgoing, limit: timedelta, span: timedelta, given_up: Callable[[], None]) -> Held:
    """Give an outgoing message as it is held."""
    slow = FinishOutbox((Sending(message, Unknown("", f"{limit.total_seconds():g} 秒还没有送出,不再等")),))
    keep, back = ExtendOutbox(message.id, message.fence, span), GiveBackMessage(message.id, message.fence)
    return Held(("message", message.id, message.fence), limit, keep, slow, back, given_up=given_up)


@dataclass(slots=True)
class Hands:
    """Everything in hand, one thread each; `lost` counts threads that did not come back in time."""

    engine: Engine
    held: dict[Key, Held] = field(default_factory=dict)
    lost: int = 0
    emptied: threading.Event = field(default_factory=threading.Event)
    """Set whenever a hand becomes free."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, held: Held) -> None:
        """Begin to hold."""
        with self._lock:
            self.held[held.key] = held

    def let_go(self, key: Key) -> bool:
        """End to hold; say whether it still was ours. Whoever was given up in the meantime is not lost any more."""
        with self._lock:
            ours = self.held.pop(key, None) is not None
            self.lost -= 0 if ours else 1
        self.emptied.set()
        return ours

    def count(self, kind: str) -> int:
        """Give how many of a kind are in hand."""
        return sum(1 for key in list(self.held) if key[0] == kind)

    def keep(self) -> None:
        """Prolong every lease (heartbeat)."""
        for held in list(self.held.values()):
            self.engine.execute(held.keep)

    def watch(self, passed: timedelta) -> None:
        """Let time pass; report what has taken longer than it may, and count its thread as lost."""
        for held in list(self.held.values()):
            held.age += passed
            if held.age < held.limit:
                continue
            log.error("%s %s is over its time limit of %s", *held.key[:2], held.limit)
            try:
                self.engine.execute(held.too_slow)
            except Busy:
                continue  # said again at the next turn
            except Conflict as error:
                log.warning("%s %s: %s", *held.key[:2], error)
            with self._lock:
                self.lost += 1 if self.held.pop(held.key, None) is not None else 0
            held.given_up()
            self.emptied.set()

    def give_everything_back(self) -> None:
        """Free every lease at once: its attempt does not count, and a late report is fenced."""
        for held in list(self.held.values()):
            try:
                self.engine.execute(held.give_back)
            except EngineError as error:
                log.warning("%s %s keeps its lease until it runs out: %s", *held.key[:2], error)
