"""The append-only history: one hash chain per instance; payloads lie beside it and can be erased with proof."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Connection, insert, select

from engine.store.database import each
from engine.store.instances import GENESIS, InstanceRow
from engine.store.tables import history, history_payload, instance

_INSERT, _INSERT_PAYLOAD = insert(history), insert(history_payload)


@dataclass(frozen=True, slots=True)
class Event:
    """What happened: kind in the past tense, who, where, and what changed."""

    kind: str
    actor: str
    element_id: str
    payload: Mapping[str, Any]


def append(connection: Connection, row: InstanceRow, events: list[Event], at: datetime) -> None:
    """Chain events to an instance's history; the caller saves the instance afterwards with the new end of the chain."""
    if not events:
        return
    links, payloads = [], []
    for event in events:
        content = orjson.dumps(event.payload, option=orjson.OPT_SORT_KEYS)
        seq = row.history_seq + 1
        digest = hashlib.sha256(content).hexdigest()
        row.history_hash = chained(row.history_hash, row.instance_id, seq, at, event, digest)
        row.history_seq = seq
        links.append(
            {
                "instance_id": row.instance_id,
                "seq": seq,
                "at": at,
                "actor": event.actor,
                "kind": event.kind,
                "element_id": event.element_id,
                "digest": digest,
                "hash": row.history_hash,
            }
        )
        payloads.append({"instance_id": row.instance_id, "seq": seq, "payload": event.payload})
    connection.execute(_INSERT, each(links))
    connection.execute(_INSERT_PAYLOAD, each(payloads))


def chained(previous: str, instance_id: int, seq: int, at: datetime, event: Event, digest: str) -> str:
    """Give the hash of an event that follows `previous`."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    text = "|".join((previous, str(instance_id), str(seq), moment, event.actor, event.kind, event.element_id, digest))
    return hashlib.sha256(text.encode()).hexdigest()


def broken_at(connection: Connection, instance_id: int) -> int | None:
    """Give the first event of an instance that does not fit the chain, or None. Erased payloads do not break it."""
    previous = GENESIS
    expected = 1
    for row, payload in _chain(connection, instance_id):
        event = Event(row.kind, row.actor, row.element_id, {})
        wrong = row.seq != expected or row.hash != chained(previous, instance_id, row.seq, row.at, event, row.digest)
        if payload is not None:
            content = orjson.dumps(payload, option=orjson.OPT_SORT_KEYS)
            wrong = wrong or hashlib.sha256(content).hexdigest() != row.digest
        if wrong:
            return int(row.seq)
        previous, expected = row.hash, expected + 1
    last, end = _end(connection, instance_id)
    if expected - 1 == last and previous != end:
        return last
    return None if expected - 1 == last else min(expected, last + 1)


def _end(connection: Connection, instance_id: int) -> tuple[int, str]:
    """Give the last event and hash as the instance itself remembers them: nobody cuts the end off unseen."""
    query = select(instance.c.history_seq, instance.c.history_hash).where(instance.c.id == instance_id)
    row = connection.execute(query).one_or_none()
    return (0, GENESIS) if row is None else (int(row[0]), str(row[1]))


def _chain(connection: Connection, instance_id: int) -> Iterator[tuple[Any, Any]]:
    query = (
        select(history, history_payload.c.payload.label("content"))
        .outerjoin(
            history_payload,
            (history_payload.c.instance_id == history.c.instance_id) & (history_payload.c.seq == history.c.seq),
        )
        .where(history.c.instance_id == instance_id)
        .order_by(history.c.seq)
    )
    for row in connection.execute(query):
        yield row, row.content
