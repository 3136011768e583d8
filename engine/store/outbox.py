"""What is to leave the house: written with the step, sent after the commit."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, insert, select, true, update

from engine.store.database import each
from engine.store.leasing import LEASED, READY, abandoned, due, extend, give_back, held, lease_rows
from engine.store.tables import outbox

_INSERT = insert(outbox)
_UNDER_WAY = select(outbox.c.channel).where(outbox.c.state == LEASED).distinct()
_NEXT = select(func.min(outbox.c.channel)).where(outbox.c.state == READY, outbox.c.channel > bindparam("last"))


def put(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert messages to be sent."""
    connection.execute(_INSERT, each(rows))


def id_of(connection: Connection, idempotency_key: str) -> int:
    """Give the id of the message with this key."""
    found = select(outbox.c.id).where(outbox.c.idempotency_key == idempotency_key)
    return int(connection.execute(found).scalar_one())


def lease_abandoned(
    connection: Connection, owner: str, lease_now: datetime, until: datetime, channel: str | None = None
) -> Row[Any] | None:
    """Take the oldest message whose holder let the lease run out, alone: if it is what brings its senders down, it counts
    against no other.
    """
    left = lease_rows(connection, outbox, abandoned(outbox, lease_now) & _of(channel), owner, until, 1)
    return left[0] if left else None


def lease(
    connection: Connection, owner: str, now: datetime, until: datetime, limit: int, channel: str | None = None
) -> list[Row[Any]]:
    """Take messages whose moment has come, of one channel or of all, oldest first."""
    return lease_rows(connection, outbox, due(outbox, now) & _of(channel), owner, until, limit)


def _of(channel: str | None) -> ColumnElement[bool]:
    return true() if channel is None else outbox.c.channel == channel


def channels(connection: Connection) -> list[str]:
    """Give the channels that have something to send or under way; one small look into the index for each."""
    found = set(connection.execute(_UNDER_WAY).scalars())
    last = ""
    while (channel := connection.execute(_NEXT, {"last": last}).scalar()) is not None:
        found.add(channel)
        last = channel
    return sorted(found)


def extend_lease(connection: Connection, outbox_id: int, fence: int, until: datetime) -> bool:
    """Keep a message while it is being sent; say whether it is still ours."""
    return extend(connection, outbox, outbox_id, fence, until)


def let_go(connection: Connection, outbox_id: int, fence: int) -> bool:
    """Give a leased message back unsent; say whether it still was ours."""
    return give_back(connection, outbox, outbox_id, fence)


def finish(
    connection: Connection,
    outbox_id: int,
    fence: int,
    state: str,
    values: Mapping[str, Any],
    *,
    unknown: bool = False,
) -> bool:
    """Note the outcome of a sending; say whether the lease was still ours. `unknown`: its answer was lost, and is counted."""
    counted = {"unknowns": outbox.c.unknowns + 1} if unknown else {}
    ours = held(outbox, outbox_id, fence)
    return connection.execute(update(outbox).where(ours).values(state=state, **values, **counted)).rowcount == 1


def count_unknown(connection: Connection, outbox_id: int) -> None:
    """Count an attempt that may have arrived."""
    counted = update(outbox).where(outbox.c.id == outbox_id).values(unknowns=outbox.c.unknowns + 1)
    connection.execute(counted)


def retry(connection: Connection, outbox_id: int, at: datetime, recipient: str) -> bool:
    """Let a message that was given up be sent again, perhaps to another address; say whether it still was given up."""
    failed = (outbox.c.id == outbox_id, outbox.c.state == "failed")
    again = update(outbox).where(*failed).values(state="ready", run_at=at, attempts=0, error=None, recipient=recipient)
    return connection.execute(again).rowcount == 1
