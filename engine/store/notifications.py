"""What stands in each person's inbox of notices."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, update

from engine.store.database import each
from engine.store.tables import notification

_INSERT = insert(notification)


def add(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert notifications, in one statement."""
    connection.execute(_INSERT, each(rows))


def read(connection: Connection, person: str, at: datetime, ids: Iterable[int] | None = None) -> int:
    """Note that a person has read some of their notifications, or all (None); give how many had not been read yet."""
    unread = (notification.c.person == person, notification.c.read_at.is_(None))
    these = update(notification).where(*unread).values(read_at=at)
    if ids is not None:
        these = these.where(notification.c.id.in_(list(ids)))
    return connection.execute(these).rowcount
