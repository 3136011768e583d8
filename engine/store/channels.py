"""Channels as they are set up, and how each one fares."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, union_all, update

from engine.domain.channel_setup import KINDS, ChannelSetup
from engine.domain.sealing import opened
from engine.store.tables import channel, channel_pace, delivery_attempt, outbox

FAILURES = ("rejected", "retry", "unknown")
_OUTCOMES = ("delivered", *FAILURES, "confirmed", "undelivered")
UNREADABLE = "密钥打不开:它是在另一个 BANJIE_SECRET 下保存的,请重新填写"
_EVERY = select(channel).order_by(channel.c.name, channel.c.key)


def place(key: str, name: str) -> str:
    """Give what a sealed secret is bound to: it opens for this channel and this name only."""
    return f"{key}:{name}"


def every(connection: Connection) -> list[Row[Any]]:
    """Give all channels by name."""
    return list(connection.execute(_EVERY))


def find(connection: Connection, key: str) -> Row[Any] | None:
    """Give one channel."""
    return connection.execute(select(channel).where(channel.c.key == key)).one_or_none()


def setup_of(row: Row[Any], secret: str) -> ChannelSetup:
    """Give a channel with its secrets in clear, or in trouble where one of them does not open."""
    found = {name: opened(sealed, secret, place(row.key, name)) for name, sealed in row.secrets.items()}
    clear = {name: text for name, text in found.items() if text is not None}
    needed = {f.name for f in KINDS[row.kind].fields if f.is_secret and f.required} - found.keys()
    trouble = UNREADABLE if len(clear) < len(found) else "还没有填密钥" if needed else ""
    return ChannelSetup(
        row.key,
        row.kind,
        row.name,
        row.settings,
        {} if trouble else clear,
        row.allows_inside,
        row.version,
        row.unit,
        row.rate,
        row.rate_seconds,
        row.is_on,
        trouble,
    )


def add(connection: Connection, values: Mapping[str, Any]) -> None:
    """Insert a channel."""
    connection.execute(insert(channel), dict(values))


def change(connection: Connection, key: str, version: int, values: Mapping[str, Any]) -> bool:
    """Change a channel that still has this version, and count it on; say whether it had."""
    same = (channel.c.key == key, channel.c.version == version)
    return connection.execute(update(channel).where(*same).values(version=version + 1, **values)).rowcount == 1


def drop(connection: Connection, key: str) -> None:
    """Remove a channel and its pace; what was tried through it stays."""
    connection.execute(delete(channel_pace).where(channel_pace.c.channel == key))
    connection.execute(delete(channel).where(channel.c.key == key))


def waiting(connection: Connection, now: datetime, key: str | None = None) -> dict[str, tuple[int, datetime | None]]:
    """Give per channel how many messages wait or are under way, and the oldest moment that is due and not served."""
    due = func.min(outbox.c.run_at).filter((outbox.c.state == "ready") & (outbox.c.run_at <= now))
    query = select(outbox.c.channel, func.count(), due).where(outbox.c.state.in_(("ready", "leased")))
    if key is not None:
        query = query.where(outbox.c.channel == key)
    return {name: (n, oldest) for name, n, oldest in connection.execute(query.group_by(outbox.c.channel))}


def failed(connection: Connection) -> dict[str, int]:
    """Give per channel how many messages were given up."""
    query = select(outbox.c.channel, func.count()).where(outbox.c.state == "failed").group_by(outbox.c.channel)
    return {str(name): int(n) for name, n in connection.execute(query)}


def unknown(connection: Connection) -> dict[str, int]:
    """Give per channel that is set up how many attempts ever had no answer; those whose sender vanished among them."""
    lost = (delivery_attempt.c.channel == channel.c.key, delivery_attempt.c.outcome == "unknown")
    count = select(func.count()).where(*lost).scalar_subquery()
    return {key: int(n) for key, n in connection.execute(select(channel.c.key, count))}


def paces(connection: Connection) -> dict[str, Row[Any]]:
    """Give per channel when it sent last and whether it is held back."""
    return {row.channel: row for row in connection.execute(select(channel_pace))}


def held_until(pace: Row[Any] | None, lease_now: datetime) -> datetime | None:
    """Give until when a channel's provider asked it to wait; None when it need not wait any more."""
    until: datetime | None = pace.held_until if pace is not None else None
    return until if until is not None and until > lease_now else None


def last(connection: Connection, outcomes: tuple[str, ...]) -> dict[str, Row[Any]]:
    """Give per channel the newest attempt with one of these outcomes; one look into the index for each channel and outcome."""
    newest = [
        select(func.max(delivery_attempt.c.id))
        .where(delivery_attempt.c.channel == channel.c.key, delivery_attempt.c.outcome == outcome)
        .scalar_subquery()
        for outcome in outcomes
    ]
    ids = union_all(*(select(one.label("id")).select_from(channel) for one in newest)).subquery()
    query = select(delivery_attempt).where(delivery_attempt.c.id.in_(select(ids.c.id))).order_by(delivery_attempt.c.id)
    return {row.channel: row for row in connection.execute(query)}


def attempts(connection: Connection, key: str, limit: int, outcomes: tuple[str, ...] = _OUTCOMES) -> list[Row[Any]]:
    """Give the newest attempts through a channel, newest first, with the notice each was about."""
    some = [_newest(key, outcome, limit) for outcome in outcomes]
    ids = union_all(*(select(one.subquery().c.id) for one in some)).subquery()
    joined = delivery_attempt.join(outbox, outbox.c.id == delivery_attempt.c.outbox_id)
    query = select(delivery_attempt, outbox.c.notice, outbox.c.instance_id).select_from(joined)
    query = query.where(delivery_attempt.c.id.in_(select(ids.c.id))).order_by(delivery_attempt.c.id.desc())
    return list(connection.execute(query.limit(limit)))


def _newest(key: str, outcome: str, limit: int) -> Select[Any]:
    ours = (delivery_attempt.c.channel == key, delivery_attempt.c.outcome == outcome)
    return select(delivery_attempt.c.id).where(*ours).order_by(delivery_attempt.c.id.desc()).limit(limit)


def test_of(connection: Connection, key: str, outbox_id: int, notice: str) -> Row[Any] | None:
    """Give the message by which a channel was tried out."""
    ours = (outbox.c.id == outbox_id, outbox.c.channel == key, outbox.c.notice == notice)
    return connection.execute(select(outbox).where(*ours)).one_or_none()


def attempts_of(connection: Connection, outbox_id: int) -> list[Row[Any]]:
    """Give every attempt to hand one message over, in order."""
    ours = select(delivery_attempt).where(delivery_attempt.c.outbox_id == outbox_id)
    return list(connection.execute(ours.order_by(delivery_attempt.c.id)))


def used(moments: list[list[Any]], now: datetime, seconds: int | None) -> int:
    """Give how many places of a channel's window, as (message, ISO moment, whether it is out), are taken now."""
    begin = now - timedelta(seconds=seconds or 0)
    return sum(is_out or datetime.fromisoformat(at) > begin for _, at, is_out in moments)
