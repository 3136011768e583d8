"""Put messages into inboxes and on their way, in the transaction of what they tell about."""

from collections.abc import Sequence
from typing import Any

from engine.domain.message import Message
from engine.executor import Context
from engine.store import notifications, outbox

CONSOLE = "console"
SMS = "sms"


def post(ctx: Context, messages: Sequence[Message]) -> None:
    """Write a notification for everybody of the house, and what leaves it: one statement each, however many are told."""
    inside = [_notification(ctx, message) for message in messages if not message.is_outside]
    if inside:
        notifications.add(ctx.connection, inside)
    if messages:
        outbox.put(ctx.connection, [_outgoing(ctx, message) for message in messages])


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


def _outgoing(ctx: Context, message: Message) -> dict[str, Any]:
    return {
        "instance_id": message.instance_id,
        "channel": SMS if message.is_outside else CONSOLE,
        "recipient": message.address,
        "notice": message.notice,
        "subject": message.subject,
        "body": message.body,
        "idempotency_key": message.mark,
        "mark": None if message.is_outside else message.mark,
        "urgent": message.rules.urgent,
        "created_at": ctx.now,
        "run_at": ctx.now,
        "state": "ready",
        "fence": 0,
        "attempts": 0,
    }
