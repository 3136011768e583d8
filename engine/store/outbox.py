"""What is to leave the house: written with the step, sent after the commit."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from engine.store.database import each
from engine.store.tables import outbox

_INSERT = insert(outbox)


def put(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert messages to be sent."""
    connection.execute(_INSERT, each(rows))


def lease(
    connection: Connection, owner: str, now: datetime, lease_now: datetime, span: timedelta, limit: int
) -> list[Row[Any]]:
    """Take messages whose moment has come or whose last sender let the lease run out, oldest first."""
    free = or_(
        (outbox.c.state == "ready") & (outbox.c.run_at <= now),
        (outbox.c.state == "leased") & (outbox.c.lease_until <= lease_now),
    )
    picked = (
        select(outbox.c.id)
        .where(free)
        .order_by(outbox.c.run_at, outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    values = {
        "state": "leased",
        "owner": owner,
        "lease_until": lease_now + span,
        "fence": outbox.c.fence + 1,
        "attempts": outbox.c.attempts + 1,
    }
    taken = connection.execute(
        update(outbox).where(outbox.c.id.in_(picked.scalar_subquery())).values(**values).returning(outbox)
    )
    return sorted(taken, key=lambda r: (r.run_at, r.id))


def finish(connection: Connection, outbox_id: int, fence: int, state: str, **values: Any) -> bool:
    """Note the outcome of a sending; say whether the lease was still ours."""
    held = (outbox.c.id == outbox_id, outbox.c.fence == fence, outbox.c.state == "leased")
    return connection.execute(update(outbox).where(*held).values(state=state, **values)).rowcount == 1
