"""The next channel of a message's chain: at once when it was refused, later when nobody has read it."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from engine.domain.deadline import parse
from engine.executor import Context
from engine.steps import limits, routing
from engine.steps.calendar_choice import organisation
from engine.store import incidents, outbox

PASSED_ON = "passed_on"
_LONGEST_KEY = 80
_COPIED = ("instance_id", "recipient", "notice", "subject", "body", "mark", "urgent", "unread_after", "created_at")


def after_reading(ctx: Context, rows: Sequence[Any]) -> None:
    """Of messages that arrived, put those for which somebody must read them on their next channel, for when their time is over."""
    later = [row for row in rows if row.unread_after and row.chain]
    if later:
        known = routing.people(ctx, {row.recipient for row in later})
        next_ones = [_next(row, _unread_at(ctx, row, known), only_unread=True) for row in later]
        outbox.put_new(ctx.connection, next_ones)


def give_up(ctx: Context, row: Any, along: Sequence[Any], reason: str) -> None:
    """Pass a message, and each that went with it, on to its next channel; those that have none are a dead letter with an incident."""
    every = [row, *along]
    passed = [one for one in every if one.chain]
    outbox.put_new(ctx.connection, [_next(one, ctx.now, only_unread=one.only_unread) for one in passed])
    outbox.set_state(ctx.connection, [one.id for one in passed], PASSED_ON)
    dead = [one for one in every if not one.chain]
    if dead and row.chain:  # those that went along are dead letters of their own now
        outbox.part(ctx.connection, [one.id for one in dead], reason)
    else:
        dead = dead[:1]
    for one in dead:
        payload = {"channel": one.channel, "to": one.recipient, "notice": one.notice, "outbox": one.id}
        incidents.add(ctx.connection, "DeliveryFailed", reason, ctx.now, instance_id=one.instance_id, payload=payload)


def overtake(ctx: Context, channel: str, tried: int) -> None:
    """Pass on what is urgent and waits on a channel that has just been told to wait, but for the message that was `tried`."""
    for row in outbox.urgent_waiting(ctx.connection, channel, ctx.now):
        if row.chain and row.id != tried:
            give_up(ctx, row, (), "")


def _next(row: Any, at: datetime, *, only_unread: bool) -> dict[str, Any]:
    channel, *rest = row.chain
    return {
        **{name: getattr(row, name) for name in _COPIED},
        "channel": channel,
        "chain": rest,
        "idempotency_key": key_on(row.mark, channel),
        "only_unread": only_unread,
        "run_at": at,
        "state": "ready",
        "fence": 0,
        "attempts": 0,
    }


def key_on(mark: str, channel: str) -> str:
    """Give the key of a message on one of its later channels: always the same, and nobody else's."""
    plain = f"{mark}:{channel}"
    if len(plain) <= _LONGEST_KEY:
        return plain
    return f"{hashlib.sha256(mark.encode()).hexdigest()[:40]}:{channel}"


def _unread_at(ctx: Context, row: Any, known: routing.Known) -> datetime:
    """Give when somebody should have read a message, by their own calendar, else the organisation's."""
    calendars = known.calendars.get(row.recipient) or (organisation(ctx),)
    return min(parse(row.unread_after).due(ctx.now, limits.calendar(ctx, key)).at for key in calendars)
