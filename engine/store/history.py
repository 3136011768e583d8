"""The append-only history: one hash chain per instance; payloads lie beside it and can be erased with proof."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Protocol

import orjson
from sqlalchemy import Connection, Row, bindparam, insert, select

from engine.store.database import each
from engine.store.instances import GENESIS, InstanceRow
from engine.store.tables import history, history_payload, instance, work_order

_INSERT, _INSERT_PAYLOAD = insert(history), insert(history_payload)
_ENDS = select(instance.c.id, instance.c.history_seq, instance.c.history_hash, work_order.c.number).outerjoin_from(
    instance, work_order, work_order.c.instance_id == instance.c.id
)
_EVENTS = (
    select(history, history_payload.c.payload.label("content"))
    .outerjoin(
        history_payload,
        (history_payload.c.instance_id == history.c.instance_id) & (history_payload.c.seq == history.c.seq),
    )
    .where(history.c.instance_id.between(bindparam("first"), bindparam("last")))
    .order_by(history.c.instance_id, history.c.seq)
)


@dataclass(frozen=True, slots=True)
class Event:
    """What happened: kind in the past tense, who, where, and what changed."""

    kind: str
    actor: str
    element_id: str
    payload: Mapping[str, Any]


class ChainEnd(Protocol):
    """An instance with the end of its history: what a loaded instance knows of itself."""

    instance_id: int
    history_seq: int
    history_hash: str


def append(connection: Connection, row: InstanceRow, events: list[Event], at: datetime) -> None:
    """Chain events to an instance's history; the caller saves the instance afterwards with the new end of the chain."""
    append_all(connection, [(row, events)], at)


def append_all(connection: Connection, chains: Sequence[tuple[ChainEnd, Sequence[Event]]], at: datetime) -> None:
    """Chain events to the histories of many instances in two statements; each row has the new end of its chain then."""
    links: list[dict[str, Any]] = []
    payloads: list[dict[str, Any]] = []
    for row, events in chains:
        _chain(row, events, at, links, payloads)
    if links:
        connection.execute(_INSERT, each(links))
        connection.execute(_INSERT_PAYLOAD, each(payloads))


def _chain(
    row: ChainEnd, events: Sequence[Event], at: datetime, links: list[dict[str, Any]], payloads: list[dict[str, Any]]
) -> None:
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


def events_of(connection: Connection, instance_id: int) -> list[Row[Any]]:
    """Give the events of an instance, oldest first: seq, at, actor, kind, element_id, content (None where it was erased)."""
    return list(connection.execute(_EVENTS, {"first": instance_id, "last": instance_id}))


def end_of(connection: Connection, instance_id: int) -> tuple[datetime, str]:
    """Give when a case that is over came to its end, UTC, and through whom: its last event but those that bind orders."""
    query = select(history.c.at, history.c.actor).where(
        history.c.instance_id == instance_id, history.c.kind != "OrdersLinked"
    )
    at, actor = connection.execute(query.order_by(history.c.seq.desc()).limit(1)).one()
    return at, actor


def last_of(connection: Connection, instance_id: int, kind: str) -> tuple[datetime, str, Mapping[str, Any]]:
    """Give when an instance last had an event of a kind that it has had, UTC, through whom, and what it tells."""
    query = _EVENTS.with_only_columns(
        history.c.at, history.c.actor, history_payload.c.payload, maintain_column_froms=True
    )
    ours = query.where(history.c.kind == kind).order_by(None).order_by(history.c.seq.desc()).limit(1)
    at, actor, said = connection.execute(ours, {"first": instance_id, "last": instance_id}).one()
    return at, actor, said or {}


def last_said(
    connection: Connection, instance_id: int, kind: str, about: Mapping[str, Any] | None = None
) -> Mapping[str, Any] | None:
    """Give what the last event of a kind in a case says, of those that say what `about` says; None where there is none."""
    query = (
        select(history_payload.c.payload)
        .join(
            history,
            (history.c.instance_id == history_payload.c.instance_id) & (history.c.seq == history_payload.c.seq),
        )
        .where(history.c.instance_id == instance_id, history.c.kind == kind)
        .order_by(history.c.seq.desc())
    )
    wanted = (about or {}).items()
    found = connection.execute(query).scalars()
    return next((said for said in found if all(said.get(k) == v for k, v in wanted)), None)


def chained(previous: str, instance_id: int, seq: int, at: datetime, event: Event, digest: str) -> str:
    """Give the hash of an event that follows `previous`."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    text = "|".join((previous, str(instance_id), str(seq), moment, event.actor, event.kind, event.element_id, digest))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Chain:
    """The end of an instance's history as the instance itself remembers it: nobody cuts the end off unseen."""

    instance_id: int
    seq: int
    hash: str
    number: str = ""


def broken_at(connection: Connection, instance_id: int) -> int | None:
    """Give the first event of an instance that does not fit the chain, or None. Erased payloads do not break it."""
    chains = _ends(connection, _ENDS.where(instance.c.id == instance_id))
    chain = chains[0] if chains else Chain(instance_id, 0, GENESIS)
    return _first_fault(chain, connection.execute(_EVENTS, {"first": instance_id, "last": instance_id}))


def broken_chains(connection: Connection, after: int, limit: int) -> tuple[list[tuple[Chain, int]], list[Chain]]:
    """Look at the next instances after an id; give (chain, first event that does not fit) of the broken ones, then all of them.

    Two statements, however many instances.
    """
    chains = _ends(connection, _ENDS.where(instance.c.id > after).order_by(instance.c.id).limit(limit))
    if not chains:
        return [], []
    span = {"first": chains[0].instance_id, "last": chains[-1].instance_id}
    events = {i: list(rows) for i, rows in groupby(connection.execute(_EVENTS, span), key=lambda row: row.instance_id)}
    faults = [(chain, _first_fault(chain, events.get(chain.instance_id, ()))) for chain in chains]
    return [(chain, at) for chain, at in faults if at is not None], chains


def _ends(connection: Connection, query: Any) -> list[Chain]:
    return [Chain(row.id, row.history_seq, row.history_hash, row.number or "") for row in connection.execute(query)]


def _first_fault(chain: Chain, rows: Iterable[Any]) -> int | None:
    previous, expected = GENESIS, 1
    for row in rows:
        event = Event(row.kind, row.actor, row.element_id, {})
        wrong = row.seq != expected or row.hash != chained(
            previous, chain.instance_id, row.seq, row.at, event, row.digest
        )
        if row.content is not None:
            content = orjson.dumps(row.content, option=orjson.OPT_SORT_KEYS)
            wrong = wrong or hashlib.sha256(content).hexdigest() != row.digest
        if wrong:
            return int(row.seq)
        previous, expected = row.hash, expected + 1
    if expected - 1 == chain.seq:
        return None if previous == chain.hash else chain.seq
    return min(expected, chain.seq + 1)
