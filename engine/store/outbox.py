"""What is to leave the house: written with the step, sent after the commit."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, true, update

from engine.store.database import each
from engine.store.leasing import LEASED, READY, abandoned, due, extend, give_back, held, lease_rows
from engine.store.tables import outbox

_INSERT = insert(outbox)
_UNDER_WAY = select(outbox.c.channel).where(outbox.c.state == LEASED).distinct()
_NEXT = select(func.min(outbox.c.channel)).where(outbox.c.state == READY, outbox.c.channel > bindparam("last"))


def put(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert messages to be sent."""
    connection.execute(_INSERT, each(rows))


def lease(
    connection: Connection,
    owner: str,
    now: datetime,
    lease_now: datetime,
    until: datetime,
    limit: int,
    channel: str | None = None,
) -> list[Row[Any]]:
    """Take messages whose moment has come, of one channel or of all, oldest first.

    An abandoned one goes alone, before all due ones: if it is what brings its senders down, it counts against no other.
    """
    ours = true() if channel is None else outbox.c.channel == channel
    return lease_rows(connection, outbox, abandoned(outbox, lease_now) & ours, owner, until, 1) or lease_rows(
        connection, outbox, due(outbox, now) & ours, owner, until, limit
    )


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


def finish(connection: Connection, outbox_id: int, fence: int, state: str, **values: Any) -> bool:
    """Note the outcome of a sending; say whether the lease was still ours."""
    ours = held(outbox, outbox_id, fence)
    return connection.execute(update(outbox).where(ours).values(state=state, **values)).rowcount == 1


def retry(connection: Connection, outbox_id: int, at: datetime, recipient: str) -> bool:
    """Let a message that was given up be sent again, perhaps to another address; say whether it still was given up."""
    failed = (outbox.c.id == outbox_id, outbox.c.state == "failed")
    again = update(outbox).where(*failed).values(state="ready", run_at=at, attempts=0, error=None, recipient=recipient)
    return connection.execute(again).rowcount == 1
