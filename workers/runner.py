"""What a worker does in one round: fire due timers, run leased jobs, send due messages."""

import logging
import threading
from dataclasses import dataclass, field

from engine import (
    CompleteJob,
    DeliverMessage,
    DueTimers,
    Engine,
    ExtendLease,
    FailJob,
    FireTimer,
    LeasedJob,
    LeaseJobs,
    SealHistory,
)
from engine.domain.errors import BpmnError, Conflict, EngineError, StepFailed
from engine.service_tasks import ATTEMPTS, SEND
from workers.channels import Channel, Channels
from workers.channels.console import Console
from workers.outbox import send_due

log = logging.getLogger("banjie.worker")
BATCH = 10
"""Jobs run in one round, before timers and messages have their turn again."""


@dataclass
class Worker:
    """One worker: stateless between rounds, except for the jobs in hand (which the heartbeat keeps)."""

    engine: Engine
    owner: str = "worker"
    channels: Channels = field(default_factory=dict)
    fallback: Channel = field(default_factory=Console)
    stopping: threading.Event = field(default_factory=threading.Event)
    in_hand: dict[int, int] = field(default_factory=dict)

    def round(self) -> int:
        """Do everything that is due now, once; give how much that was."""
        return self.fire_timers() + self.run_jobs() + self.send_messages()

    def drain(self) -> int:
        """Go on until nothing is due; give how much was done."""
        total = 0
        while not self.stopping.is_set() and (done := self.round()):
            total += done
        return total

    def fire_timers(self) -> int:
        """Fire due timers, oldest first; one that fails becomes an incident and is moved aside."""
        due = self.engine.ask(DueTimers())
        for timer_id in due:
            if self.stopping.is_set():
                break
            try:
                self.engine.execute(FireTimer(timer_id))
            except EngineError:
                log.exception("timer %s", timer_id)
        return len(due)

    def run_jobs(self) -> int:
        """Lease and run due jobs one at a time: none waits, or counts an attempt, in the hands of a worker that stops or dies."""
        for done in range(BATCH):
            leased = [] if self.stopping.is_set() else self.engine.execute(LeaseJobs(self.owner, limit=1))
            if not leased:
                return done
            self._run(leased[0])
        return BATCH

    def send_messages(self) -> int:
        """Send one batch of due messages."""
        return send_due(self.engine, self.owner, self.channels, self.fallback)

    def keep_leases(self) -> None:
        """Prolong the leases of all jobs in hand (heartbeat)."""
        for job_id, fence in list(self.in_hand.items()):
            self.engine.execute(ExtendLease(job_id, fence))

    def seal_history(self) -> None:
        """Seal the histories of the days that are over; whoever of several workers comes first does it."""
        self.engine.execute(SealHistory())

    def _run(self, job: LeasedJob) -> None:
        self.in_hand[job.id] = job.fence
        try:
            self._report(job)
        except Conflict as error:
            log.warning("job %s could not be reported: %s", job.id, error)
        except StepFailed:
            log.exception("job %s was done, but its case could not go on", job.id)
        finally:
            self.in_hand.pop(job.id, None)

    def _report(self, job: LeasedJob) -> None:
        task = self.engine.register.tasks.get(job.topic)
        if job.topic == SEND:
            self._deliver(job)
            return
        if task is None:
            self.engine.execute(FailJob(job.id, job.fence, f"没有登记过的服务任务 {job.topic}", attempts_allowed=1))
            return
        try:
            result = task.run({**job.payload, "idempotency_key": job.idempotency_key})
        except BpmnError as error:
            self.engine.execute(FailJob(job.id, job.fence, str(error), error_code=error.error_code))
        except Exception as error:  # the loop edge: whatever a handler does, the worker goes on
            log.exception("job %s (%s)", job.id, job.topic)
            reason = f"{type(error).__name__}: {error}"
            self.engine.execute(FailJob(job.id, job.fence, reason, attempts_allowed=task.attempts))
        else:
            self.engine.execute(CompleteJob(job.id, job.fence, result))

    def _deliver(self, job: LeasedJob) -> None:
        """Carry a message to another case; one that cannot be delivered is tried again as any job."""
        try:
            result = self.engine.execute(DeliverMessage(job.id, job.fence))
        except EngineError as error:
            self.engine.execute(FailJob(job.id, job.fence, str(error), attempts_allowed=ATTEMPTS))
        else:
            self.engine.execute(CompleteJob(job.id, job.fence, result))
