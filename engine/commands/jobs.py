"""Lease jobs to workers and take their reports."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from engine.domain.actors import SYSTEM
from engine.domain.back_off import pause
from engine.domain.errors import StepFailed
from engine.domain.states import SUSPENDED
from engine.domain.texts import savable
from engine.executor import Context
from engine.steps import saving
from engine.steps.job_reports import keep_result, report, stuck, throw
from engine.steps.scene import Scene, of_instance
from engine.store import incidents, jobs


@dataclass(frozen=True, slots=True)
class LeasedJob:
    """A job in a worker's hands until `fence` is outdated."""

    id: int
    topic: str
    payload: dict[str, Any]
    idempotency_key: str
    fence: int
    attempts: int
    suspect: bool = False
    """Whether it has been in hand at two deaths: nothing else should be beside it now."""


@dataclass(frozen=True, slots=True)
class LeaseJobs:
    """Take due jobs for a worker, of each case one at a time; one that brought down every worker that tried it is given up.

    An abandoned job goes alone, before all due ones, and from its second time on only to a worker with nothing else in hand
    (`idle`): if it is what brings its holders down, it counts against no other.
    """

    owner: str
    span: timedelta = timedelta(seconds=60)
    limit: int = 10
    idle: bool = True
    actor: str = SYSTEM.id

    def run(self, ctx: Context) -> list[LeasedJob]:
        """Give the jobs taken, oldest first."""
        connection, until = ctx.connection, ctx.lease_now + self.span
        rows = jobs.take_over(connection, self.owner, ctx.lease_now, until, None if self.idle else 1)
        suspect = any(r.attempts > 2 for r in rows)
        rows = rows or jobs.lease(connection, self.owner, ctx.now, until, self.limit)
        spent = [r for r in rows if r.attempts > ctx.engine.register.attempts_allowed(r.topic)]
        for row in spent:
            _give_up(ctx, row)
        return [
            LeasedJob(r.id, r.topic, r.payload, r.idempotency_key, r.fence, r.attempts, suspect)
            for r in rows
            if r not in spent
        ]


def _give_up(ctx: Context, row: Any) -> None:
    """The case itself is not locked here: whoever reports a job locks the case first, then the job."""
    reason = f"试了 {row.attempts - 1} 次,每次都没有回音:worker 中途断了,或被这个作业拖垮了"
    jobs.finish(ctx.connection, row.id, row.fence, "failed", error=reason)
    incidents.add(
        ctx.connection,
        "JobFailed",
        reason,
        ctx.now,
        instance_id=row.instance_id,
        element_id=row.element_id,
        job_id=row.id,
        payload={"inputs": row.payload},
    )


@dataclass(frozen=True, slots=True)
class ExtendLease:
    """Keep a running job (heartbeat)."""

    job_id: int
    fence: int
    span: timedelta = timedelta(seconds=60)
    actor: str = SYSTEM.id

    def run(self, ctx: Context) -> bool:
        """Say whether the job is still ours."""
        return jobs.extend_lease(ctx.connection, self.job_id, self.fence, ctx.lease_now + self.span)


@dataclass(frozen=True, slots=True)
class GiveBackJob:
    """Let a job go untried because its worker stops: it is free at once, and the attempt does not count."""

    job_id: int
    fence: int
    actor: str = SYSTEM.id

    def run(self, ctx: Context) -> bool:
        """Say whether the job was still ours."""
        return jobs.let_go(ctx.connection, self.job_id, self.fence)


@dataclass(frozen=True, slots=True)
class CompleteJob:
    """Report a job's result; the case goes on in the same transaction, a suspended one once it is resumed."""

    job_id: int
    fence: int
    result: Mapping[str, Any] = field(default_factory=dict)
    actor: str = SYSTEM.id

    def run(self, ctx: Context) -> None:
        """Raises Conflict when the lease belongs to somebody else by now, StepFailed when the diagram cannot go on."""
        held = jobs.in_hand(ctx.connection, self.job_id, self.fence)
        scene = of_instance(ctx, held.instance_id)
        if scene.row.instance_status == SUSPENDED:
            kept = {"inputs": held.payload, "result": dict(self.result)}
            jobs.keep(ctx.connection, self.job_id, self.fence, kept)
            return
        row = jobs.finish(ctx.connection, self.job_id, self.fence, "done")
        saving.save(scene, report(scene, row, self.result))

    def failed(self, ctx: Context, failure: StepFailed) -> None:
        """The work was done but the diagram could not go on: keep the result with the incident."""
        row = jobs.finish(ctx.connection, self.job_id, self.fence, "failed", error=str(failure))
        keep_result(ctx, row, failure, self.result)


@dataclass(frozen=True, slots=True)
class FailJob:
    """Report that a job failed: try again later, throw a business error, or hand it to an admin."""

    job_id: int
    fence: int
    reason: str
    attempts_allowed: int = 5
    error_code: str = ""
    actor: str = SYSTEM.id

    def run(self, ctx: Context) -> str:
        """Give the job's new state. Raises Conflict when the lease belongs to somebody else by now."""
        instance_id = jobs.holder(ctx.connection, self.job_id, self.fence)
        scene, reason = of_instance(ctx, instance_id), savable(self.reason)
        if self.error_code:
            return self._throw(scene)
        row = jobs.finish(ctx.connection, self.job_id, self.fence, "ready", error=reason, run_at=ctx.now)
        if row.attempts < self.attempts_allowed:
            jobs.postpone(ctx.connection, row.id, ctx.now + pause(row.attempts, row.idempotency_key))
            if scene.row.instance_status == SUSPENDED:
                jobs.rest(ctx.connection, instance_id)
            return "ready"
        jobs.give_up(ctx.connection, row.id)
        stuck(ctx, row, "JobFailed", reason, {"inputs": row.payload})
        scene.note("JobFailed", row.element_id, job=row.id, reason=reason)
        saving.finish(scene, scene.row.blob, saving.RUNNING)
        return "failed"

    def failed(self, ctx: Context, failure: StepFailed) -> None:
        """The diagram cannot take the business error: the job does not run again by itself."""
        row = jobs.finish(ctx.connection, self.job_id, self.fence, "failed", error=str(failure))
        stuck(ctx, row, "FailJob", str(failure), {"inputs": row.payload})

    def _throw(self, scene: Scene) -> str:
        ctx = scene.ctx
        if scene.row.instance_status == SUSPENDED:
            held = jobs.in_hand(ctx.connection, self.job_id, self.fence)
            kept = {"inputs": held.payload, "error_code": self.error_code}
            jobs.keep(ctx.connection, self.job_id, self.fence, kept)
            return "kept"
        row = jobs.finish(ctx.connection, self.job_id, self.fence, "done", error=savable(self.reason))
        saving.save(scene, throw(scene, row, self.error_code))
        return "done"
