"""What a worker does in one round: fire due timers, run leased jobs, send due messages."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from engine import (
    CatchUpCalendar,
    Command,
    CompleteJob,
    DeliverMessage,
    DuePauses,
    DueSlips,
    DueTimers,
    Engine,
    FailJob,
    FireTimer,
    KeepCalendars,
    LateLimits,
    LeasedJob,
    LeaseJobs,
    Outgoing,
    ReviewPause,
    ReviewSlip,
    SealHistory,
)
from engine.domain.errors import BpmnError, Busy, Conflict, EngineError, StepFailed, Unavailable
from engine.service_tasks import ATTEMPTS, SEND
from workers.channels import Channel, Channels
from workers.channels.console import Console
from workers.hands import Hands, held_job
from workers.outbox import send_due
from workers.switchboard import Switchboard

log = logging.getLogger("banjie.worker")
BATCH = 10
"""Jobs run in one round, before timers and messages have their turn again."""
REPORT_AGAIN = (0.1, 0.5, 2, 5, 10)
"""Pauses in seconds before a report is given again that the database did not take."""


@dataclass
class Worker:
    """One worker: stateless between rounds, except for what is in hand (which the heartbeat keeps)."""

    engine: Engine
    owner: str = "worker"
    channels: Channels = field(default_factory=dict)
    fallback: Channel = field(default_factory=Console)
    span: timedelta = timedelta(seconds=60)
    """How long a lease lasts without a heartbeat: what is in hand at a sudden death waits as long."""
    stopping: threading.Event = field(default_factory=threading.Event)
    hands: Hands = field(init=False)
    _opened: dict[str, tuple[int, Channel]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.hands = Hands(self.engine)

    def channel_for(self, message: Outgoing) -> Channel:
        """Give the channel that takes a message: one given to this worker, one that is set up, else the fallback."""
        return Switchboard(self.engine, self.channels, self.fallback, self._opened).channel_for(message)

    def round(self) -> int:
        """Do everything that is due now, once; give how much that was."""
        done = self.catch_up_calendars() + self.fire_timers() + self.review_pauses() + self.review_slips()
        return done + self.run_jobs() + self.send_messages()

    def drain(self) -> int:
        """Go on until nothing is due; give how much was done."""
        total = 0
        while not self.stopping.is_set() and (done := self.round()):
            total += done
        return total

    def fire_timers(self) -> int:
        """Fire due timers, oldest first; one that fails becomes an incident and is moved aside. Give how many were settled.

        Raises Unavailable when the database is away.
        """
        settled = 0
        for timer_id in self.engine.ask(DueTimers()):
            if self.stopping.is_set():
                break
            try:
                settled += self.engine.execute(FireTimer(timer_id))
            except StepFailed:
                log.exception("timer %s", timer_id)
                settled += 1
            except Unavailable:
                raise
            except EngineError as error:
                log.warning("timer %s has to wait: %s", timer_id, error)
        return settled

    def review_pauses(self) -> int:
        """Tell of the pauses whose review date has come; give how many. Raises Unavailable when the database is away."""
        return self._review(self.engine.ask(DuePauses()), ReviewPause)

    def review_slips(self) -> int:
        """Tell of the slips that nobody answered in time; give how many. Raises Unavailable when the database is away."""
        return self._review(self.engine.ask(DueSlips()), ReviewSlip)

    def _review(self, due: list[int], review: Callable[[int], Command[bool]]) -> int:
        told = 0
        for ident in due:
            if self.stopping.is_set():
                break
            try:
                told += self.engine.execute(review(ident))
            except Unavailable:
                raise
            except EngineError as error:
                log.warning("%s has to wait: %s", review(ident), error)
        return told

    def catch_up_calendars(self) -> int:
        """Move the limits that were computed while a calendar changed; give how many. Raises Unavailable."""
        return sum(self.engine.execute(CatchUpCalendar(version)) for version in self.engine.ask(LateLimits()))

    def run_jobs(self) -> int:
        """Lease and run due jobs one at a time: none waits, or counts an attempt, in the hands of a worker that stops or dies."""
        for done in range(BATCH):
            leased = self.lease_jobs(1)
            if not leased:
                return done
            self.run(leased[0])
        return BATCH

    def lease_jobs(self, limit: int) -> list[LeasedJob]:
        """Take due jobs in hand; a stopping worker takes none."""
        if self.stopping.is_set():
            return []
        leased = self.engine.execute(LeaseJobs(self.owner, self.span, limit, idle=not self.hands.count("job")))
        for job in leased:
            self.hands.take(held_job(self.engine, job, self.span))
        return leased

    def send_messages(self) -> int:
        """Send one batch of due messages of all channels."""
        return send_due(self.engine, self.owner, self.channel_for, self.span)

    def seal_history(self) -> None:
        """Seal the histories of the days that are over; whoever of several workers comes first does it."""
        self.engine.execute(SealHistory())

    def keep_calendars(self) -> None:
        """Fill the years ahead, and remind admins of a notice that is missing; once a week, whichever worker comes first."""
        self.engine.execute(KeepCalendars())

    def run(self, job: LeasedJob) -> None:
        """Run a job in hand and report what came of it."""
        try:
            self.tell(self._outcome(job))
        except (Conflict, Unavailable) as error:
            log.warning("job %s could not be reported: %s", job.id, error)
        except StepFailed:
            log.exception("job %s was done, but its case could not go on", job.id)
        finally:
            self.hands.let_go(("job", job.id, job.fence))

    def tell(self, report: Command[object]) -> None:
        """Give a report, again and again while the database cannot take it: the work is done, only its result is at stake."""
        for pause in REPORT_AGAIN:
            try:
                self.engine.execute(report)
                return
            except (Busy, Unavailable) as error:
                log.warning("reporting again in %s s: %s", pause, error)
                threading.Event().wait(pause)
        self.engine.execute(report)

    def _outcome(self, job: LeasedJob) -> Command[object]:
        task = self.engine.register.tasks.get(job.topic)
        if job.topic == SEND:
            return self._deliver(job)
        if task is None:
            return FailJob(job.id, job.fence, f"没有登记过的服务任务 {job.topic}", attempts_allowed=1)
        try:
            result = task.run({**job.payload, "idempotency_key": job.idempotency_key})
        except BpmnError as error:
            return FailJob(job.id, job.fence, str(error), error_code=error.error_code)
        except Exception as error:  # the loop edge: whatever a handler does, the worker goes on
            log.exception("job %s (%s)", job.id, job.topic)
            reason = f"{type(error).__name__}: {error}"
            return FailJob(job.id, job.fence, reason, attempts_allowed=task.attempts)
        return CompleteJob(job.id, job.fence, result)

    def _deliver(self, job: LeasedJob) -> Command[object]:
        """Carry a message to another case; one that cannot be delivered is tried again as any job."""
        try:
            return CompleteJob(job.id, job.fence, self.engine.execute(DeliverMessage(job.id, job.fence)))
        except (Busy, Unavailable):
            raise  # not the message's fault: its lease runs out and it is carried again
        except EngineError as error:
            return FailJob(job.id, job.fence, str(error), attempts_allowed=ATTEMPTS)
