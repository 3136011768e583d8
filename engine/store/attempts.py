"""Every attempt to deliver a message, as the provider answered it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from engine.domain.texts import savable
from engine.store.database import each
from engine.store.tables import delivery_attempt, hook_receipt
from engine.store.upsert import insert_new

_INSERT = insert(delivery_attempt)
_LONGEST_CODE, _LONGEST_WORDS = 64, 2000
RECEIPTS_KEPT = timedelta(days=1)
"""Far longer than a call is taken after it was signed: what is older cannot come again."""


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


def has(connection: Connection, outbox_id: int, number: int, outcome: str) -> bool:
    """Say whether an attempt has had this outcome."""
    same = (delivery_attempt.c.outbox_id == outbox_id, delivery_attempt.c.number == number)
    query = select(delivery_attempt.c.id).where(*same, delivery_attempt.c.outcome == outcome)
    return connection.execute(query).first() is not None


def first_call(connection: Connection, channel: str, call_id: str, at: datetime) -> bool:
    """Keep a provider's number of a call; say whether it is new. The channel's numbers of more than a day ago are dropped."""
    old = (hook_receipt.c.channel == channel, hook_receipt.c.at < at - RECEIPTS_KEPT)
    connection.execute(delete(hook_receipt).where(*old))
    return insert_new(connection, hook_receipt, {"channel": channel, "id": call_id, "at": at})


def add(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert attempts, in one statement."""
    if rows:
        connection.execute(_INSERT, each(rows))
