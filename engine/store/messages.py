"""Who waits for which message."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select

from engine.store.database import each
from engine.store.tables import message_wait

_INSERT = insert(message_wait)
_REMOVE = delete(message_wait).where(
    message_wait.c.instance_id == bindparam("b_instance"), message_wait.c.token_id == bindparam("b_token")
)


def add(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert waits."""
    connection.execute(_INSERT, each(rows))


def remove(connection: Connection, instance_id: int, tokens: Iterable[str]) -> None:
    """Delete the waits of tokens that wait no more."""
    connection.execute(_REMOVE, each({"b_instance": instance_id, "b_token": t} for t in tokens))


def waiting(connection: Connection, name: str, key: str) -> list[Row[Any]]:
    """Give the waits for a message, oldest first."""
    query = select(message_wait).where(message_wait.c.name == name, message_wait.c.key == key)
    return list(connection.execute(query.order_by(message_wait.c.id)))
