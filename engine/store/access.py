"""Who looked at personal data, when and why."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select

from engine.store.tables import access_log, work_order


def order_seen(connection: Connection, number: str, scope: ColumnElement[bool]) -> tuple[int, dict[str, Any]] | None:
    """Give id and record of an order inside somebody's scope, or None."""
    query = select(work_order.c.id, work_order.c.record).where(work_order.c.number == number, scope)
    row = connection.execute(query).one_or_none()
    return None if row is None else (row.id, row.record)


def log_access(connection: Connection, person: str, order_id: int, field: str, reason: str, at: datetime) -> None:
    """Note a look."""
    values = {"at": at, "person": person, "order_id": order_id, "field": field, "reason": reason}
    connection.execute(insert(access_log), values)
