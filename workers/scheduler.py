"""The tick: APScheduler in memory, with no state of its own. What is due stands in rows, never here.

Timers, jobs, channels and the watch over what is in hand have a tick each; none waits for another.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from engine.domain.errors import Busy, Unavailable
from workers.crew import Crew

log = logging.getLogger("banjie.worker")
TICK_SECONDS = 0.5
WATCH_SECONDS = 1
HEARTBEAT_SECONDS = 15
REVIEW_SECONDS = 30
LATE_LIMIT_SECONDS = 10
SEAL_SECONDS = 600
CALENDAR_SECONDS = 3600
GRACE_SECONDS = 15
"""How long a worker that stops waits for what is in hand; the supervisor waits a little longer before it insists."""
LONGEST_PAUSE = 2
"""Seconds that a duty rests at most while the database is away."""


@dataclass
class Duty:
    """Something done at every tick, whatever happens: while it fails it says so once and lets more and more turns pass."""

    name: str
    act: Callable[[], object]
    every: float = TICK_SECONDS
    failed: int = 0
    resting: int = 0

    def __call__(self) -> None:
        """Do it, unless it is resting; never raises."""
        if self.resting:
            self.resting -= 1
            return
        try:
            self.act()
        except Exception as error:  # noqa: BLE001  # the loop edge: nothing that goes wrong in a turn ends the loop
            self._rest(error)
        else:
            if self.failed:
                log.warning("%s: going on after %d turns that failed", self.name, self.failed)
            self.failed = 0

    def _rest(self, error: Exception) -> None:
        if not self.failed:
            known = isinstance(error, Busy | Unavailable)
            log.error("%s has to wait: %s", self.name, error, exc_info=None if known else error)
        self.failed += 1
        self.resting = min(2 ** min(self.failed, 8) - 1, int(LONGEST_PAUSE / self.every))


def start(crew: Crew, watch_seconds: float = WATCH_SECONDS) -> BackgroundScheduler:
    """Begin ticking; turns of one duty never overlap, and a late tick is never dropped."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a turn that lasts longer than a tick is no news
    scheduler = BackgroundScheduler(timezone="UTC")
    hands, passed = crew.worker.hands, timedelta(seconds=watch_seconds)
    duties = (
        ("timers", crew.fire_timers, TICK_SECONDS),
        ("jobs", crew.begin_jobs, TICK_SECONDS),
        ("channels", crew.begin_sending, TICK_SECONDS),
        ("watch", lambda: hands.watch(passed), watch_seconds),
        ("heartbeat", hands.keep, HEARTBEAT_SECONDS),
        ("reviews", crew.worker.review_pauses, REVIEW_SECONDS),
        ("late limits", crew.worker.catch_up_calendars, LATE_LIMIT_SECONDS),
        ("seal", crew.worker.seal_history, SEAL_SECONDS),
        ("calendars", crew.worker.keep_calendars, CALENDAR_SECONDS),
    )
    for name, act, seconds in duties:
        options = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        scheduler.add_job(Duty(name, act, seconds), "interval", seconds=seconds, id=name, **options)
    scheduler.start()
    return scheduler


def stop(crew: Crew, scheduler: BackgroundScheduler, grace: float = GRACE_SECONDS) -> None:
    """Take nothing new, finish what is in hand within `grace` seconds, and give back the rest."""
    crew.worker.stopping.set()
    scheduler.shutdown(wait=True)
    crew.settle(grace)
