"""A worker's many hands: one thread for each job in hand and one for each channel, so that nothing slow holds up the rest."""

import logging
import threading
from dataclasses import dataclass, field
from datetime import timedelta

from engine import FinishOutbox, LeasedJob, Outgoing, WaitingChannels
from engine.domain.errors import EngineError
from workers.hands import SENDING_LIMIT, Key, held_message
from workers.outbox import send_one
from workers.runner import Worker

log = logging.getLogger("banjie.worker")
SIZE = 4
"""Jobs in hand at the same time."""
MAX_LOST = 4
"""Threads that may be given up before the process makes way for a fresh one."""
PATIENCE_SECONDS = 0.5


@dataclass
class Crew:
    """Works on a worker's behalf; threads are daemons, so that one that hangs for ever never keeps the process alive."""

    worker: Worker
    size: int = SIZE
    max_lost: int = MAX_LOST
    sending_limit: timedelta = SENDING_LIMIT
    senders: dict[str, "Sender"] = field(default_factory=dict)

    @property
    def is_exhausted(self) -> bool:
        """Whether so many threads did not come back that a fresh process does better."""
        return self.worker.hands.lost >= self.max_lost

    def fire_timers(self) -> None:
        """Fire timers until none is due."""
        while not self.worker.stopping.is_set() and self.worker.fire_timers():
            pass

    def begin_jobs(self) -> None:
        """Give every free hand a job, again and again until none is due or all hands are full."""
        hands = self.worker.hands
        while not self.is_exhausted and (free := self.size - hands.count("job")) > 0:
            if any(held.suspect for held in list(hands.held.values())):
                return
            hands.emptied.clear()
            leased = self.worker.lease_jobs(free)
            for job in leased:
                self._begin(job)
            if not leased:
                return
            hands.emptied.wait(PATIENCE_SECONDS)

    def begin_sending(self) -> None:
        """See that every channel with messages has a sender of its own."""
        if self.worker.stopping.is_set() or self.is_exhausted:
            return
        for name in self.worker.engine.ask(WaitingChannels()):
            sender = self.senders.get(name)
            if sender is None or not sender.is_at_work:
                self.senders[name] = Sender(self.worker, name, self.sending_limit)
                threading.Thread(target=self.senders[name].work, name=f"channel {name}", daemon=True).start()

    def settle(self, grace: float) -> None:
        """Wait up to `grace` seconds for what is in hand, then give back what is left."""
        hands = self.worker.hands
        waiting = threading.Event()
        for _ in range(int(grace / 0.05)):
            if not hands.held:
                return
            waiting.wait(0.05)
        hands.give_everything_back()

    def _begin(self, job: LeasedJob) -> None:
        threading.Thread(target=self.worker.run, args=(job,), name=f"job {job.id}", daemon=True).start()


@dataclass
class Sender:
    """One channel's thread: sends what is due, one after another, until nothing is."""

    worker: Worker
    name: str
    limit: timedelta
    is_at_work: bool = True
    """False once it has nothing to do, or was given up while it sent."""
    _key: Key = ("", 0, 0)

    def work(self) -> None:
        """Send until nothing is due, the worker stops, or this sender was given up for being too slow."""
        try:
            while not self.worker.stopping.is_set() and self._send():
                pass
        except EngineError as error:
            log.warning("channel %s has to wait: %s", self.name, error)
        finally:
            self.is_at_work = False

    def _send(self) -> bool:
        worker = self.worker
        outcome = send_one(worker.engine, worker.owner, self.name, worker.channel_for, worker.span, self._hold)
        if outcome is None:
            return False
        try:
            worker.tell(FinishOutbox((outcome,)))
        finally:
            ours = worker.hands.let_go(self._key)
        return ours

    def _hold(self, message: Outgoing) -> None:
        held = held_message(message, self.limit, self.worker.span, self._give_up)
        self._key = held.key
        self.worker.hands.take(held)

    def _give_up(self) -> None:
        self.is_at_work = False
