"""The channels as notices need them: which are on, whom they serve, and how fast they may go."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from engine.domain.chain import Way
from engine.domain.pace import Rate, Slot
from engine.domain.texts import savable
from engine.store.tables import channel, channel_pace
from engine.store.upsert import insert_new, upsert

_EVERY = (
    select(
        *[channel.c[name] for name in "key kind unit is_on version rate rate_seconds".split()],
        channel_pace.c.moments,
        channel_pace.c.held_until,
    )
    .outerjoin(channel_pace, channel_pace.c.channel == channel.c.key)
    .order_by(channel.c.key)
)


@dataclass(frozen=True, slots=True)
class Running:
    """A channel that is set up, with its window as it was read."""

    way: Way
    is_on: bool
    version: int
    rate: Rate | None
    slots: tuple[Slot, ...]
    held_until: datetime | None


def every(connection: Connection) -> dict[str, Running]:
    """Give all channels by key, in one statement."""
    return {row.key: _running(row) for row in connection.execute(_EVERY)}


def lock_pace(connection: Connection, key: str) -> tuple[tuple[Slot, ...], datetime | None]:
    """Give a channel's window and until when it is held; nobody else changes them until the transaction ends."""
    insert_new(connection, channel_pace, {"channel": key, "moments": []})
    query = select(channel_pace.c.moments, channel_pace.c.held_until).where(channel_pace.c.channel == key)
    row = connection.execute(query.with_for_update()).one()
    return _slots(row.moments), row.held_until


def save_pace(connection: Connection, key: str, slots: Sequence[Slot]) -> None:
    """Write a channel's window."""
    moments = [[slot.message, slot.at.isoformat(), slot.is_out] for slot in slots]
    upsert(connection, channel_pace, [{"channel": key, "moments": moments}])


def hold(connection: Connection, key: str, until: datetime, code: str, words: str) -> None:
    """Let a whole channel wait, because its provider asked for it."""
    insert_new(connection, channel_pace, {"channel": key, "moments": []})
    values = {"channel": key, "held_until": until, "code": savable(code)[:64], "words": savable(words)}
    connection.execute(
        channel_pace.update()
        .where(channel_pace.c.channel == key)
        .values({k: v for k, v in values.items() if k != "channel"})
    )


def _running(row: Any) -> Running:
    rate = Rate(row.rate, timedelta(seconds=row.rate_seconds or 60)) if row.rate else None
    way = Way(row.key, row.kind, row.unit)
    return Running(way, row.is_on, row.version, rate, _slots(row.moments or ()), row.held_until)


def _slots(moments: Iterable[Any]) -> tuple[Slot, ...]:
    return tuple(Slot(int(message), datetime.fromisoformat(at), bool(out)) for message, at, out in moments)
