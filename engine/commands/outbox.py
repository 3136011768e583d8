"""Lease outgoing messages to senders and note what became of them."""

from dataclasses import dataclass
from datetime import timedelta

from engine.domain.actors import SYSTEM
from engine.domain.back_off import pause
from engine.domain.texts import savable
from engine.executor import Context
from engine.store import incidents, outbox

MAX_ATTEMPTS = 5


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
        rows = outbox.lease(ctx.connection, self.owner, ctx.now, ctx.lease_now, until, self.limit, self.channel)
        taken = [
            Outgoing(
                r.id,
                r.channel,
                r.recipient,
                r.notice,
                r.subject,
                r.body,
                r.idempotency_key,
                r.fence,
                r.attempts,
                r.instance_id,
            )
            for r in rows
        ]
        for message in [m for m in taken if m.attempts > MAX_ATTEMPTS]:
            _note(ctx, Sending(message, f"试了 {MAX_ATTEMPTS} 次,每次都没有回音:发送的进程中途断了", permanent=True))
        return [m for m in taken if m.attempts <= MAX_ATTEMPTS]


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
class Sending:
    """What became of one message; an empty error means it was handed over."""

    message: Outgoing
    error: str = ""
    permanent: bool = False


@dataclass(frozen=True, slots=True)
class FinishOutbox:
    """Note the outcomes of a batch: sent, to be tried again, or given up with an incident."""

    outcomes: tuple[Sending, ...]
    actor: str = SYSTEM.id

    def run(self, ctx: Context) -> None:
        """Outcomes under an outdated lease are ignored: somebody else has the message by now."""
        for outcome in self.outcomes:
            _note(ctx, outcome)


def _note(ctx: Context, outcome: Sending) -> None:
    message = outcome.message
    if not outcome.error:
        outbox.finish(ctx.connection, message.id, message.fence, "sent", sent_at=ctx.now, error=None)
    elif not outcome.permanent and message.attempts < MAX_ATTEMPTS:
        later = ctx.now + pause(message.attempts, message.idempotency_key)
        outbox.finish(ctx.connection, message.id, message.fence, "ready", run_at=later, error=savable(outcome.error))
    elif outbox.finish(ctx.connection, message.id, message.fence, "failed", error=savable(outcome.error)):
        incidents.add(
            ctx.connection,
            "DeliveryFailed",
            outcome.error,
            ctx.now,
            instance_id=message.instance_id,
            payload={
                "channel": message.channel,
                "to": message.recipient,
                "notice": message.notice,
                "outbox": message.id,
            },
        )
