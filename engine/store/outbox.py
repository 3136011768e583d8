"""What is to leave the house: written with the step, sent after the commit."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, update

from engine.store.database import each
from engine.store.leasing import held, lease_rows
from engine.store.tables import outbox

_INSERT = insert(outbox)


def put(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert messages to be sent."""
    connection.execute(_INSERT, each(rows))


def lease(
    connection: Connection, owner: str, now: datetime, lease_now: datetime, span: timedelta, limit: int
) -> list[Row[Any]]:
    """Take messages whose moment has come, oldest first."""
    return lease_rows(connection, outbox, owner, now, lease_now, span, limit)


def finish(connection: Connection, outbox_id: int, fence: int, state: str, **values: Any) -> bool:
    """Note the outcome of a sending; say whether the lease was still ours."""
    ours = held(outbox, outbox_id, fence)
    return connection.execute(update(outbox).where(ours).values(state=state, **values)).rowcount == 1


def retry(connection: Connection, outbox_id: int, at: datetime, recipient: str) -> bool:
    """Let a message that was given up be sent again, perhaps to another address; say whether it still was given up."""
    failed = (outbox.c.id == outbox_id, outbox.c.state == "failed")
    again = update(outbox).where(*failed).values(state="ready", run_at=at, attempts=0, error=None, recipient=recipient)
    return connection.execute(again).rowcount == 1
