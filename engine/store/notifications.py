"""What stands in each person's inbox of notices."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from engine.store.database import each
from engine.store.tables import notification, work_order
from engine.store.upsert import insert_for

_INSERT = insert(notification)


def add(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert notifications, in one statement."""
    connection.execute(_INSERT, each(rows))


def add_new(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> set[str]:
    """Insert those whose mark nobody has used; give their marks."""
    if not rows:
        return set()
    fresh = insert_for(connection, notification).on_conflict_do_nothing(index_elements=["mark"])
    return set(connection.execute(fresh.returning(notification.c.mark), [dict(row) for row in rows]).scalars())


def told(connection: Connection, instance_id: int, notice: str, step: str) -> dict[str, str]:
    """Give who was told of a notice by one step (the beginning of its marks): mark by person, oldest first."""
    query = (
        select(notification.c.person, notification.c.mark)
        .where(notification.c.instance_id == instance_id, notification.c.notice == notice)
        .where(notification.c.mark.startswith(step, autoescape=True))
        .order_by(notification.c.id)
    )
    found: dict[str, str] = {}
    for row in connection.execute(query):
        found.setdefault(row.person, row.mark)
    return found


def begins_with(connection: Connection, instance_id: int, mark: str) -> bool:
    """Say whether a case has a notification whose mark begins so."""
    ours = (notification.c.instance_id == instance_id, notification.c.mark.startswith(mark, autoescape=True))
    return connection.execute(select(notification.c.id).where(*ours).limit(1)).first() is not None


def read(connection: Connection, person: str, at: datetime, ids: Iterable[int] | None = None) -> int:
    """Note that a person has read some of their notifications, or all (None); give how many had not been read yet."""
    unread = (notification.c.person == person, notification.c.read_at.is_(None))
    these = update(notification).where(*unread).values(read_at=at)
    if ids is not None:
        these = these.where(notification.c.id.in_(list(ids)))
    return connection.execute(these).rowcount


def read_by_mark(connection: Connection, person: str, mark: str, at: datetime) -> None:
    """Note that a person has read the notification that a message carried."""
    unread = (notification.c.mark == mark, notification.c.person == person, notification.c.read_at.is_(None))
    connection.execute(update(notification).where(*unread).values(read_at=at))


def about(connection: Connection, person: str, ident: int) -> Row[Any, Any] | None:
    """Give the order (`instance_id`, `number`) that a person's notification is about; None where it is not theirs."""
    query = (
        select(notification.c.instance_id, work_order.c.number)
        .outerjoin_from(notification, work_order, work_order.c.instance_id == notification.c.instance_id)
        .where(notification.c.id == ident, notification.c.person == person)
    )
    row: Row[Any, Any] | None = connection.execute(query).one_or_none()
    return row
