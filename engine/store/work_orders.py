"""Finding orders that belong together, and linking them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, literal_column, or_, select

from engine.domain import states
from engine.store.tables import link, work_order
from engine.store.upsert import insert_for
from engine.store.visibility import Clause

STILL_TO_DO = work_order.c.status.in_([literal_column(f"'{status}'") for status in states.STILL_TO_DO])
"""Orders that somebody has still to do. Their partial index serves only a query that says so in its words: no parameters."""
_SHORT = (
    work_order.c.id,
    work_order.c.number,
    work_order.c.title,
    work_order.c.phone,
    work_order.c.place,
    work_order.c.summary,
    work_order.c.status,
    work_order.c.received_at,
)


def alike(
    connection: Connection, process: str, since: datetime, *, phone: str | None, place: str | None, limit: int = 50
) -> list[Row[Any]]:
    """Give recent orders of a procedure from the same phone or about the same place, newest first; none that is void."""
    same = [c for c, v in ((work_order.c.phone == phone, phone), (work_order.c.place == place, place)) if v]
    if not same:
        return []
    query = select(*_SHORT).where(work_order.c.process == process, work_order.c.received_at >= since, or_(*same))
    query = query.where(work_order.c.status != states.VOID)
    return list(connection.execute(query.order_by(work_order.c.received_at.desc()).limit(limit)))


def numbered(connection: Connection, numbers: Sequence[str]) -> dict[str, int]:
    """Give the ids of orders by number; unknown numbers are left out."""
    query = select(work_order.c.number, work_order.c.id).where(work_order.c.number.in_(list(numbers)))
    return {str(n): int(i) for n, i in connection.execute(query)}


def seen(connection: Connection, numbers: Sequence[str], scope: Clause) -> set[str]:
    """Give those of some numbers whose orders lie inside somebody's scope."""
    query = select(work_order.c.number).where(work_order.c.number.in_(list(numbers)), scope)
    return set(connection.execute(query).scalars())


def bind(connection: Connection, order_id: int, others: Sequence[int], kind: str, at: datetime) -> int:
    """Link an order to others, each once; say how many links are new."""
    rows = [{"order_id": order_id, "other_id": o, "kind": kind, "at": at} for o in others if o != order_id]
    if not rows:
        return 0
    statement = insert_for(connection, link).on_conflict_do_nothing(index_elements=["order_id", "other_id", "kind"])
    return len(connection.execute(statement.returning(link.c.id), rows).all())


def linked_seen(connection: Connection, order_id: int, scope: Clause) -> list[Any]:
    """Give what an order is linked to inside somebody's scope: number, title, status, kind."""
    other = or_(
        (link.c.order_id == order_id) & (link.c.other_id == work_order.c.id),
        (link.c.other_id == order_id) & (link.c.order_id == work_order.c.id),
    )
    columns = work_order.c.number, work_order.c.title, work_order.c.status, link.c.kind
    query = select(*columns).select_from(link).join(work_order, other).where(scope).distinct()
    return list(connection.execute(query.order_by(work_order.c.number.desc())))


def linked(connection: Connection, order_id: int) -> list[tuple[str, str]]:
    """Give what an order is linked to, in either direction, as (number, kind)."""
    there = (
        select(work_order.c.number, link.c.kind)
        .join(link, link.c.other_id == work_order.c.id)
        .where(link.c.order_id == order_id)
    )
    back = (
        select(work_order.c.number, link.c.kind)
        .join(link, link.c.order_id == work_order.c.id)
        .where(link.c.other_id == order_id)
    )
    return [(row.number, row.kind) for row in connection.execute(there.union(back))]
