"""Who waits for which message."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from engine.store.tables import message_wait


def add(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert waits."""
    connection.execute(insert(message_wait), [dict(r) for r in rows])


def remove(connection: Connection, instance_id: int, tokens: Iterable[str]) -> None:
    """Delete the waits of tokens that wait no more."""
    ours = (message_wait.c.instance_id == instance_id, message_wait.c.token_id.in_(list(tokens)))
    connection.execute(delete(message_wait).where(*ours))


def waiting(connection: Connection, name: str, key: str) -> list[Row[Any]]:
    """Give the waits for a message, oldest first."""
    query = select(message_wait).where(message_wait.c.name == name, message_wait.c.key == key)
    return list(connection.execute(query.order_by(message_wait.c.id)))
