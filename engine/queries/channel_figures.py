"""How the channels fare in numbers: what waits, how late it is, what was given up, what may have arrived twice."""

from dataclasses import dataclass
from datetime import datetime

from engine.executor import Context
from engine.store import channels


@dataclass(frozen=True, slots=True)
class ChannelFigures:
    """One channel in numbers; also one that is set up no more, or never was, while messages stand on it."""

    key: str
    name: str
    is_on: bool
    waiting: int
    """Messages that wait, for later as well, or are being sent."""
    oldest: datetime | None
    """When the oldest message that is due and not sent fell due."""
    dead: int
    """Messages given up: nobody tries them again by themselves."""
    unknown: int
    """Attempts ever whose answer was lost: their messages may have arrived twice."""
    held_until: datetime | None
    """The provider asked the whole channel to wait until then, by the lease clock; None when it need not wait."""
    trouble: str
    """Why its secrets cannot be used; empty: they can."""


@dataclass(frozen=True, slots=True)
class CountChannels:
    """Count what stands on each channel; five statements, however many messages there were."""

    def read(self, ctx: Context) -> list[ChannelFigures]:
        """Give the channels by key."""
        connection = ctx.connection
        rows = {row.key: row for row in channels.every(connection)}
        waiting, dead = channels.waiting(connection, ctx.now), channels.failed(connection)
        unknown, paces = channels.unknown(connection), channels.paces(connection)
        found = []
        for key in sorted({*rows, *waiting, *dead}):
            row, pace = rows.get(key), paces.get(key)
            count, oldest = waiting.get(key, (0, None))
            found.append(
                ChannelFigures(
                    key,
                    row.name if row is not None else key,
                    row is not None and row.is_on,
                    count,
                    oldest,
                    dead.get(key, 0),
                    unknown.get(key, 0),
                    channels.held_until(pace, ctx.lease_now),
                    channels.setup_of(row, ctx.engine.settings.secret).trouble if row is not None else "",
                )
            )
        return found
