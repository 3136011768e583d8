"""Put messages into inboxes and on their way, in the transaction of what they tell about."""

from collections.abc import Sequence
from typing import Any

from engine.domain.message import Message
from engine.executor import Context
from engine.steps.routing import Route, routes
from engine.store import notifications, outbox


def post(ctx: Context, messages: Sequence[Message]) -> None:
    """Write a notification for everybody of the house, and what leaves it: one statement each, however many are told."""
    inside = [_notification(ctx, message) for message in messages if not message.is_outside]
    if inside:
        notifications.add(ctx.connection, inside)
    send(ctx, messages)


def post_new(ctx: Context, messages: Sequence[Message]) -> list[Message]:
    """Do the same for people of the house who may have been told by somebody else at this very moment; give who had not."""
    marks = notifications.add_new(ctx.connection, [_notification(ctx, message) for message in messages])
    fresh = [message for message in messages if message.mark in marks]
    send(ctx, fresh)
    return fresh


def send(ctx: Context, messages: Sequence[Message]) -> None:
    """Put what leaves the house into the outbox."""
    if not messages:
        return
    found = zip(messages, routes(ctx, messages), strict=True)
    rows = [outgoing(ctx, message, route) for message, route in found if route.channels]
    if rows:
        outbox.put(ctx.connection, rows)


def _notification(ctx: Context, message: Message) -> dict[str, Any]:
    return {
        "mark": message.mark,
        "instance_id": message.instance_id,
        "person": message.recipient,
        "notice": message.notice,
        "kind": message.rules.kind,
        "meant": message.meant,
        "subject": message.subject,
        "body": message.body,
        "urgent": message.rules.urgent,
        "created_at": ctx.now,
    }


def outgoing(ctx: Context, message: Message, route: Route) -> dict[str, Any]:
    """Give the outbox row by which a message goes its first way."""
    return {
        "instance_id": message.instance_id,
        "channel": route.channels[0],
        "recipient": message.address,
        "notice": message.notice,
        "subject": message.subject,
        "body": message.body,
        "idempotency_key": message.mark,
        "mark": None if message.is_outside else message.mark,
        "urgent": message.rules.urgent,
        "chain": list(route.channels[1:]),
        "unread_after": message.rules.unread_after or None,
        "created_at": ctx.now,
        "run_at": route.run_at,
        "state": "ready",
        "fence": 0,
        "attempts": 0,
    }
