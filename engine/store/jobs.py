"""Jobs: leased one by one, finished only by whoever holds the lease (the fence tells)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from engine.domain.errors import Conflict
from engine.domain.states import SUSPENDED
from engine.store.database import each
from engine.store.leasing import LEASED, abandoned, due, extend, give_back, held, lease_rows, take
from engine.store.tables import instance, job

_INSERT = insert(job)
_OTHER = job.alias("other")


def add(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert ready jobs."""
    connection.execute(_INSERT, each(rows))


def cancel(connection: Connection, instance_id: int, tokens: Iterable[str]) -> None:
    """Withdraw the jobs of tokens that the case no longer needs; a worker that still runs one is fenced."""
    ours = (
        job.c.instance_id == instance_id,
        job.c.token_id.in_(list(tokens)),
        job.c.state.in_(("ready", "resting", "leased", "kept", "failed")),
    )
    connection.execute(update(job).where(*ours).values(state="cancelled"))


def rest(connection: Connection, instance_id: int) -> None:
    """Let the jobs of a case that nobody has begun rest until it goes on."""
    ours = job.c.instance_id == instance_id, job.c.state == "ready"
    connection.execute(update(job).where(*ours).values(state="resting"))


def wake(connection: Connection, instance_id: int) -> None:
    """Let the jobs of a case that rested begin."""
    ours = job.c.instance_id == instance_id, job.c.state == "resting"
    connection.execute(update(job).where(*ours).values(state="ready"))


def keep(connection: Connection, job_id: int, fence: int, payload: Mapping[str, Any]) -> None:
    """Keep what a worker reported about its job until the case goes on; raise Conflict when the lease is lost."""
    finish(connection, job_id, fence, "kept", payload=dict(payload))


def take_kept(connection: Connection, instance_id: int, state: str = "done") -> Row[Any] | None:
    """End the job of a case whose report was kept, and give it with the report as its payload; None where there is none."""
    ours = job.c.instance_id == instance_id, job.c.state == "kept"
    return connection.execute(update(job).where(*ours).values(state=state).returning(job)).one_or_none()


def lease(connection: Connection, owner: str, now: datetime, until: datetime, limit: int) -> list[Row[Any]]:
    """Take jobs whose moment has come, oldest first, and never two of one case at the same time.

    The pick locks the cases too and passes over locked ones, so that of two workers only one decides about a case; it then
    looks again, because what it saw may be older than the lock. The index uq_job_leased stands behind both.
    """
    taken = _OTHER.c.instance_id == job.c.instance_id
    busy = select(_OTHER.c.id).where(taken, _OTHER.c.state == LEASED).exists()
    picking = (
        select(job.c.id, job.c.instance_id)
        .join_from(job, instance, job.c.instance_id == instance.c.id)
        .where(due(job, now), ~busy, instance.c.status != SUSPENDED)
        .order_by(job.c.run_at, job.c.id)
        .limit(limit)
        .with_for_update(of=[job, instance], key_share=True, skip_locked=True)
    )
    first: dict[int, int] = {}
    for ident, instance_id in connection.execute(picking):
        first.setdefault(instance_id, ident)
    if not first:
        return []
    now_busy = select(job.c.instance_id).where(job.c.instance_id.in_(first), job.c.state == LEASED)
    for instance_id in connection.execute(now_busy).scalars().all():
        first.pop(instance_id, None)
    return take(connection, job, job.c.id.in_(first.values()), owner, until) if first else []


def take_over(
    connection: Connection, owner: str, lease_now: datetime, until: datetime, most_attempts: int | None = None
) -> list[Row[Any]]:
    """Take the oldest job whose holder let the lease run out, of those tried at most so often; none is an empty list."""
    suspended = select(instance.c.id).where(instance.c.id == job.c.instance_id, instance.c.status == SUSPENDED)
    wanted = abandoned(job, lease_now) & ~suspended.exists()
    if most_attempts is not None:
        wanted &= job.c.attempts <= most_attempts
    return lease_rows(connection, job, wanted, owner, until, 1)


def finish(connection: Connection, job_id: int, fence: int, state: str, **values: Any) -> Row[Any]:
    """End or reschedule a leased job; raise Conflict when the lease belongs to somebody else by now."""
    ours = held(job, job_id, fence)
    row = connection.execute(update(job).where(ours).values(state=state, **values).returning(job)).one_or_none()
    if row is None:
        raise Conflict("这个作业已不在你手上(租约过期、已撤回或已完成)")
    return row


def holder(connection: Connection, job_id: int, fence: int) -> int:
    """Give the instance of a job that is still held under this fence; raise Conflict otherwise."""
    return int(in_hand(connection, job_id, fence).instance_id)


def in_hand(connection: Connection, job_id: int, fence: int) -> Row[Any]:
    """Give a job that is still held under this fence; raise Conflict otherwise."""
    found = connection.execute(select(job).where(held(job, job_id, fence))).one_or_none()
    if found is None:
        raise Conflict("这个作业已不在你手上(租约过期、已撤回或已完成)")
    return found


def extend_lease(connection: Connection, job_id: int, fence: int, until: datetime) -> bool:
    """Keep a running job; say whether it is still ours."""
    return extend(connection, job, job_id, fence, until)


def let_go(connection: Connection, job_id: int, fence: int) -> bool:
    """Give a leased job back untried; say whether it still was ours."""
    return give_back(connection, job, job_id, fence)


def postpone(connection: Connection, job_id: int, until: datetime) -> None:
    """Let a job that is ready again wait before its next attempt."""
    connection.execute(update(job).where(job.c.id == job_id).values(run_at=until))


def give_up(connection: Connection, job_id: int) -> None:
    """Take a job out of circulation until an admin retries it."""
    connection.execute(update(job).where(job.c.id == job_id).values(state="failed"))


def retry(connection: Connection, job_id: int, at: datetime) -> bool:
    """Make a failed job ready again with fresh attempts; say whether it still was a failed one."""
    failed = (job.c.id == job_id, job.c.state == "failed")
    again = update(job).where(*failed).values(state="ready", run_at=at, attempts=0, error=None)
    return connection.execute(again).rowcount == 1


def change(connection: Connection, job_id: int, payload: Mapping[str, Any]) -> None:
    """Give a failed job other inputs."""
    failed = (job.c.id == job_id, job.c.state == "failed")
    connection.execute(update(job).where(*failed).values(payload=dict(payload)))


def settle(connection: Connection, job_id: int) -> Row[Any] | None:
    """Call a failed job done because an admin gave its result; None when it is not a failed one any more."""
    failed = (job.c.id == job_id, job.c.state == "failed")
    return connection.execute(update(job).where(*failed).values(state="done").returning(job)).one_or_none()
