"""Jobs: leased one by one, finished only by whoever holds the lease (the fence tells)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from engine.domain.errors import Conflict
from engine.store.database import each
from engine.store.leasing import held, lease_rows
from engine.store.tables import job

_INSERT = insert(job)


def add(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert ready jobs."""
    connection.execute(_INSERT, each(rows))


def cancel(connection: Connection, instance_id: int, tokens: Iterable[str]) -> None:
    """Withdraw the jobs of tokens that the case no longer needs; a worker that still runs one is fenced."""
    ours = (
        job.c.instance_id == instance_id,
        job.c.token_id.in_(list(tokens)),
        job.c.state.in_(("ready", "leased", "failed")),
    )
    connection.execute(update(job).where(*ours).values(state="cancelled"))


def lease(
    connection: Connection, owner: str, now: datetime, lease_now: datetime, span: timedelta, limit: int
) -> list[Row[Any]]:
    """Take jobs whose moment has come, oldest first."""
    return lease_rows(connection, job, owner, now, lease_now, span, limit)


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
    return connection.execute(update(job).where(held(job, job_id, fence)).values(lease_until=until)).rowcount == 1


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
