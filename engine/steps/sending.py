"""What becomes of a message that a sender has tried to hand over."""

from dataclasses import dataclass
from typing import Any

from engine.domain.back_off import pause
from engine.domain.delivery import Delivered, Outcome, Rejected, Retry, Unknown
from engine.domain.texts import savable
from engine.executor import Context
from engine.steps import following
from engine.store import attempts, outbox, ways

MAX_ATTEMPTS = 5
NAMES: dict[type[Any], str] = {Delivered: "delivered", Rejected: "rejected", Retry: "retry", Unknown: "unknown"}
"""How an outcome is called where attempts are kept."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message in a sender's hands."""

    id: int
    channel: str
    recipient: str
    notice: str
    subject: str
    body: str
    idempotency_key: str
    fence: int
    attempts: int
    instance_id: int | None
    name: str = ""
    """Of the person it is for."""
    address: str = ""
    """Where the channel sends it: a mail address, a phone number; looked up when it is taken."""
    phone: str = ""
    """By which a robot mentions the person."""
    link: str = ""
    """Opens the task or the order after a login, once."""
    urgent: bool = False
    parts_done: int = 0
    """Of a message sent in several parts, how many have arrived before."""
    version: int = 0
    """Of its channel as it is set up; 0 where it is not."""
    is_paced: bool = False
    """Whether its channel has a window."""
    merged: int = 0
    """How many others it takes along."""


@dataclass(frozen=True, slots=True)
class Sending:
    """What became of one message."""

    message: Outgoing
    outcome: Outcome


def said(outcome: Outcome) -> str:
    """Give the provider's code and words as one text."""
    return savable(f"{outcome.code} {outcome.words}".strip())


def attempted(ctx: Context, sending: Sending) -> dict[str, Any]:
    """Give the row that keeps an attempt."""
    message, outcome = sending.message, sending.outcome
    name = NAMES[type(outcome)]
    return attempts.attempt(message.id, message.fence, message.channel, ctx.now, name, outcome.code, outcome.words)


def settle(ctx: Context, sending: Sending) -> bool:
    """Write what an outcome makes of a message: sent, to be tried again, passed on to the next channel, or given up.

    Say whether the lease was still ours: an outcome under an outdated one is ignored, for somebody else has the message by now.
    """
    message, outcome = sending.message, sending.outcome
    if isinstance(outcome, Delivered):
        return _sent(ctx, message, outcome)
    if isinstance(outcome, Rejected) or message.attempts >= MAX_ATTEMPTS:
        return _given_up(ctx, sending)
    after = outcome.after if isinstance(outcome, Retry) else None
    again: dict[str, Any] = {
        "run_at": ctx.now + (after or pause(message.attempts, message.idempotency_key)),
        "parts_done": max(message.parts_done, outcome.parts_done),
        **_tried(outcome),
    }
    if isinstance(outcome, Retry) and outcome.whole_channel and after and message.version:
        ways.hold(ctx.connection, message.channel, ctx.lease_now + after, outcome.code, outcome.words)
        following.overtake(ctx, message.channel, message.id)
        if message.urgent and outbox.has_chain(ctx.connection, message.id):
            return _given_up(ctx, sending)
    unknown = isinstance(outcome, Unknown)
    return outbox.finish(ctx.connection, message.id, message.fence, "ready", again, unknown=unknown) is not None


def _sent(ctx: Context, message: Outgoing, outcome: Delivered) -> bool:
    values: dict[str, Any] = {
        "sent_at": ctx.now,
        "error": None,
        "code": savable(outcome.code)[:64] or None,
        "receipt": savable(outcome.receipt)[:200] or None,
        "confirmed_at": ctx.now if outcome.confirmed else None,
    }
    row = outbox.finish(ctx.connection, message.id, message.fence, "sent", values)
    if row is None:
        return False
    following.after_reading(ctx, [row, *_along(ctx, message)])
    return True


def _given_up(ctx: Context, sending: Sending) -> bool:
    message, outcome = sending.message, sending.outcome
    unknown = isinstance(outcome, Unknown)
    row = outbox.finish(ctx.connection, message.id, message.fence, "failed", _tried(outcome), unknown=unknown)
    if row is None:
        return False
    following.give_up(ctx, row, _along(ctx, message), said(outcome) or "没有送达")
    return True


def _along(ctx: Context, message: Outgoing) -> list[Any]:
    return outbox.merged_into(ctx.connection, [message.id]) if message.merged else []


def _tried(outcome: Outcome) -> dict[str, Any]:
    return {"error": said(outcome), "code": savable(outcome.code)[:64] or None}
