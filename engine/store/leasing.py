"""Rows that workers take for a while: due ones and those whose last holder let the lease run out, oldest first."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, literal_column, select, update

READY: ColumnElement[str] = literal_column("'ready'")
LEASED: ColumnElement[str] = literal_column("'leased'")
FAILED: ColumnElement[str] = literal_column("'failed'")
"""Written out in the statement: as a parameter, no plan that is kept could use the partial indexes."""


def due(table: Table, now: datetime) -> ColumnElement[bool]:
    """Give the condition that a row's moment has come and nobody has it."""
    return (table.c.state == READY) & (table.c.run_at <= now)


def abandoned(table: Table, lease_now: datetime) -> ColumnElement[bool]:
    """Give the condition that a row's holder let the lease run out."""
    return (table.c.state == LEASED) & (table.c.lease_until <= lease_now)


def lease_rows(
    connection: Connection, table: Table, wanted: ColumnElement[bool], owner: str, until: datetime, limit: int
) -> list[Row[Any]]:
    """Take wanted rows, oldest first; rows that another worker is just taking are skipped.

    The pick stands in a CTE, so that it is made once.
    """
    picked = (
        select(table.c.id)
        .where(wanted)
        .order_by(table.c.run_at, table.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("picked")
    )
    return take(connection, table, table.c.id.in_(select(picked.c.id)), owner, until)


def take(
    connection: Connection, table: Table, picked: ColumnElement[bool], owner: str, until: datetime
) -> list[Row[Any]]:
    """Lease picked rows; each gets a new fence number, which outdates whoever held it before."""
    values: Mapping[str, Any] = {
        "state": "leased",
        "owner": owner,
        "lease_until": until,
        "fence": table.c.fence + 1,
        "attempts": table.c.attempts + 1,
    }
    taking = update(table).where(picked).values(**values).returning(table)
    return sorted(connection.execute(taking), key=lambda row: (row.run_at, row.id))


def held(table: Table, row_id: int, fence: int) -> ColumnElement[bool]:
    """Give the condition that a row is still held under this fence."""
    return (table.c.id == row_id) & (table.c.fence == fence) & (table.c.state == "leased")


def give_back(connection: Connection, table: Table, row_id: int, fence: int) -> bool:
    """Let a row go as if it had never been taken: the attempt does not count; say whether it still was ours."""
    back = {"state": "ready", "owner": None, "lease_until": None, "attempts": table.c.attempts - 1}
    return connection.execute(update(table).where(held(table, row_id, fence)).values(**back)).rowcount == 1


def extend(connection: Connection, table: Table, row_id: int, fence: int, until: datetime) -> bool:
    """Keep a row for longer; say whether it is still ours."""
    return connection.execute(update(table).where(held(table, row_id, fence)).values(lease_until=until)).rowcount == 1
