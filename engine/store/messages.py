"""Who waits for which message, and which messages between cases have arrived."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from engine.store.database import each
from engine.store.tables import message_receipt, message_wait
from engine.store.upsert import insert_new

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


def receive(connection: Connection, key: str, at: datetime) -> str | None:
    """Note that a message between cases arrives; give what came of it where it has arrived before.

    Whoever brings it a second time waits for the first one's transaction.
    """
    if insert_new(connection, message_receipt, {"key": key, "number": "", "at": at}):
        return None
    query = select(message_receipt.c.number).where(message_receipt.c.key == key)
    return str(connection.execute(query).scalar_one())


def received(connection: Connection, key: str, number: str) -> None:
    """Note which order a message that arrives has started or woken."""
    connection.execute(update(message_receipt).where(message_receipt.c.key == key).values(number=number))
