"""Rows that workers take for a while: due ones and those whose last holder let the lease run out, oldest first."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, select, update


def lease_rows(
    connection: Connection, table: Table, owner: str, now: datetime, lease_now: datetime, span: timedelta, limit: int
) -> list[Row[Any]]:
    """Take rows for `span`; each gets a new fence number, which outdates whoever held it before.

    An abandoned row goes alone, before all due ones: if it is what brings its holders down, it counts against no other.
    """
    due = (table.c.state == "ready") & (table.c.run_at <= now)
    abandoned = (table.c.state == "leased") & (table.c.lease_until <= lease_now)
    until = lease_now + span
    return _take(connection, table, abandoned, owner, until, 1) or _take(connection, table, due, owner, until, limit)


def _take(
    connection: Connection, table: Table, wanted: ColumnElement[bool], owner: str, until: datetime, limit: int
) -> list[Row[Any]]:
    """Rows that another worker is just taking are skipped. The pick stands in a CTE, so that it is made once."""
    picked = (
        select(table.c.id)
        .where(wanted)
        .order_by(table.c.run_at, table.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("picked")
    )
    values: Mapping[str, Any] = {
        "state": "leased",
        "owner": owner,
        "lease_until": until,
        "fence": table.c.fence + 1,
        "attempts": table.c.attempts + 1,
    }
    taking = update(table).where(table.c.id.in_(select(picked.c.id))).values(**values).returning(table)
    return sorted(connection.execute(taking), key=lambda row: (row.run_at, row.id))


def held(table: Table, row_id: int, fence: int) -> ColumnElement[bool]:
    """Give the condition that a row is still held under this fence."""
    return (table.c.id == row_id) & (table.c.fence == fence) & (table.c.state == "leased")
