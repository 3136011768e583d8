"""Every attempt to deliver a message, as the provider answered it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from engine.domain.texts import savable
from engine.store.database import each
from engine.store.tables import delivery_attempt

_INSERT = insert(delivery_attempt)
_LONGEST_CODE, _LONGEST_WORDS = 64, 2000


def attempt(
    outbox_id: int, number: int, channel: str, at: datetime, outcome: str, code: str, words: str
) -> dict[str, Any]:
    """Give the row of an attempt; `number` is the lease under which it was tried."""
    return {
        "outbox_id": outbox_id,
        "number": number,
        "channel": channel,
        "at": at,
        "outcome": outcome,
        "code": savable(code)[:_LONGEST_CODE],
        "words": savable(words)[:_LONGEST_WORDS],
    }


def add(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert attempts, in one statement."""
    if rows:
        connection.execute(_INSERT, each(rows))
