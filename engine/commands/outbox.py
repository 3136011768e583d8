"""Lease outgoing messages to senders and note what became of them."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from engine.domain.actors import SYSTEM
from engine.domain.delivery import Rejected, Unknown
from engine.executor import Context
from engine.steps.sending import MAX_ATTEMPTS, Outgoing, Sending, attempted, settle
from engine.store import attempts, outbox

INTERRUPTED = Unknown("", "发送的进程中断")
"""What is known of an attempt whose sender vanished."""
GIVEN_UP = Rejected("", f"试了 {MAX_ATTEMPTS} 次,每次都没有回音:发送的进程中途断了")


@dataclass(frozen=True, slots=True)
class LeaseOutbox:
    """Take due messages for a sender; one that brought down every sender that tried it is given up instead."""

    owner: str
    span: timedelta = timedelta(seconds=60)
    limit: int = 50
    channel: str | None = None
    """Which channel; None means all."""
    actor: str = SYSTEM.id

    def run(self, ctx: Context) -> list[Outgoing]:
        """Give the messages taken, oldest first."""
        until = ctx.lease_now + self.span
        left = outbox.lease_abandoned(ctx.connection, self.owner, ctx.lease_now, until, self.channel)
        if left is not None:
            return _taken_over(ctx, _outgoing(left))
        rows = outbox.lease(ctx.connection, self.owner, ctx.now, until, self.limit, self.channel)
        return [_outgoing(row) for row in rows]


def _taken_over(ctx: Context, message: Outgoing) -> list[Outgoing]:
    """Note the attempt whose sender vanished; the message goes alone, and not once more than it may."""
    lost = Sending(replace(message, fence=message.fence - 1), INTERRUPTED)
    attempts.add(ctx.connection, [attempted(ctx, lost)])
    outbox.count_unknown(ctx.connection, message.id)
    if message.attempts <= MAX_ATTEMPTS:
        return [message]
    settle(ctx, Sending(message, GIVEN_UP))
    return []


def _outgoing(row: Any) -> Outgoing:
    return Outgoing(
        row.id,
        row.channel,
        row.recipient,
        row.notice,
        row.subject,
        row.body,
        row.idempotency_key,
        row.fence,
        row.attempts,
        row.instance_id,
        urgent=row.urgent,
        parts_done=row.parts_done,
    )


@dataclass(frozen=True, slots=True)
class ExtendOutbox:
    """Keep a message while it is being sent (heartbeat)."""

    outbox_id: int
    fence: int
    span: timedelta = timedelta(seconds=60)
    actor: str = SYSTEM.id

    def run(self, ctx: Context) -> bool:
        """Say whether the message is still ours."""
        return outbox.extend_lease(ctx.connection, self.outbox_id, self.fence, ctx.lease_now + self.span)


@dataclass(frozen=True, slots=True)
class GiveBackMessage:
    """Let a message go unsent because its sender stops: it is free at once, and the attempt does not count."""

    outbox_id: int
    fence: int
    actor: str = SYSTEM.id

    def run(self, ctx: Context) -> bool:
        """Say whether the message was still ours."""
        return outbox.let_go(ctx.connection, self.outbox_id, self.fence)


@dataclass(frozen=True, slots=True)
class FinishOutbox:
    """Note the outcomes of a batch, and the attempts as they were answered."""

    outcomes: tuple[Sending, ...]
    actor: str = SYSTEM.id

    def run(self, ctx: Context) -> None:
        """Outcomes under an outdated lease are ignored: somebody else has the message by now."""
        ours = [sending for sending in self.outcomes if settle(ctx, sending)]
        attempts.add(ctx.connection, [attempted(ctx, sending) for sending in ours])
