"""How fast channels may go: windows shared by all workers, and channels whose provider asked for a pause. By the lease clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.domain.pace import Slot, settled
from engine.executor import Context
from engine.store import outbox, ways
from engine.store.ways import Running


@dataclass(frozen=True, slots=True)
class Window:
    """A channel's window under lock; `free` None: nothing limits it."""

    key: str
    slots: tuple[Slot, ...] = ()
    free: int | None = None

    def room(self, limit: int) -> int:
        """Give how many messages may be taken, at most `limit`."""
        return limit if self.free is None else min(limit, self.free)


def open_window(ctx: Context, one: Running) -> Window:
    """Lock a channel's window and give it as it is now; whose sender vanished counts from now as if it had just arrived."""
    if one.rate is None:
        held = one.held_until is not None and one.held_until > ctx.lease_now
        return Window(one.way.key, (), 0 if held else None)
    slots, held_until = ways.lock_pace(ctx.connection, one.way.key)
    out = {slot.message for slot in slots if slot.is_out}
    lost = out - outbox.in_hands(ctx.connection, ctx.lease_now) if out else set()
    if lost:
        slots = tuple(settled(slots, lost, ctx.lease_now))
        ways.save_pace(ctx.connection, one.way.key, slots)
    if held_until is not None and held_until > ctx.lease_now:
        return Window(one.way.key, slots, 0)
    return Window(one.way.key, slots, one.rate.free(slots, ctx.lease_now))


def take(ctx: Context, one: Running, window: Window, messages: Iterable[int]) -> None:
    """Put messages into the window: they are out until their outcomes are known."""
    if one.rate is None:
        return
    fresh = [Slot(ident, ctx.lease_now, is_out=True) for ident in messages]
    if fresh:
        ways.save_pace(ctx.connection, one.way.key, [*one.rate.used(window.slots, ctx.lease_now), *fresh])


def come_back(ctx: Context, channel: str, messages: set[int]) -> None:
    """Note that the outcomes of messages are known."""
    slots, _ = ways.lock_pace(ctx.connection, channel)
    ways.save_pace(ctx.connection, channel, settled(slots, messages, ctx.lease_now))


def blocked(ctx: Context) -> dict[str, timedelta]:
    """Give the channels that have to wait now, and for how long; two statements at most."""
    limited = [one for one in ways.every(ctx.connection).values() if one.rate is not None or one.held_until is not None]
    out = any(slot.is_out for one in limited for slot in one.slots)
    hands = outbox.in_hands(ctx.connection, ctx.lease_now) if out else set()
    found = {one.way.key: _free_at(one, hands, ctx.lease_now) - ctx.lease_now for one in limited}
    return {key: span for key, span in found.items() if span > timedelta()}


def _free_at(one: Running, hands: set[int], now: datetime) -> datetime:
    if any(slot.is_out and slot.message not in hands for slot in one.slots):
        return now  # its sender vanished: whoever looks next settles that
    free = one.rate.free_at(one.slots, now) if one.rate is not None else now
    return max(free, one.held_until) if one.held_until is not None else free
