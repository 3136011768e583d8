"""Lease outgoing messages to senders and note what became of them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from engine.domain.actors import SYSTEM
from engine.domain.delivery import Rejected, Unknown
from engine.executor import Context
from engine.steps import digests, pacing
from engine.steps.departure import depart
from engine.steps.sending import MAX_ATTEMPTS, Outgoing, Sending, attempted, settle
from engine.store import attempts, outbox, ways
from engine.store.ways import Running

INTERRUPTED = Unknown("", "发送的进程中断")
"""What is known of an attempt whose sender vanished."""
PASSES = 50
"""How often a lease looks on while what it took is put off, dropped or passed on."""
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
        """Give the messages taken, oldest first; a channel gives no more than its window has room for."""
        running = ways.every(ctx.connection)
        for _ in range(PASSES):
            taken, looked_at = self._once(ctx, running)
            if taken or not looked_at:
                return taken
        return []

    def _once(self, ctx: Context, running: Mapping[str, Running]) -> tuple[list[Outgoing], int]:
        """Give what leaves, and how many were looked at for it."""
        if not running:
            return self._take(ctx, self.channel, running, self.limit)
        names = outbox.channels(ctx.connection, ctx.now, ctx.lease_now) if self.channel is None else [self.channel]
        taken: list[Outgoing] = []
        looked_at = 0
        for name in names:
            if len(taken) < self.limit:
                more, count = self._of(ctx, name, running, self.limit - len(taken))
                taken, looked_at = taken + more, looked_at + count
        return taken, looked_at

    def _of(self, ctx: Context, name: str, running: Mapping[str, Running], limit: int) -> tuple[list[Outgoing], int]:
        one = running.get(name)
        if one is None:
            return self._take(ctx, name, running, limit)
        window = pacing.open_window(ctx, one)
        room = window.room(limit)
        if not room:
            return [], 0
        taken, looked_at = self._take(ctx, name, running, room)
        pacing.take(ctx, one, window, [message.id for message in taken])
        return taken, looked_at

    def _take(
        self, ctx: Context, name: str | None, running: Mapping[str, Running], limit: int
    ) -> tuple[list[Outgoing], int]:
        until = ctx.lease_now + self.span
        left = outbox.lease_abandoned(ctx.connection, self.owner, ctx.lease_now, until, name)
        if left is not None:
            return depart(ctx, _taken_over(ctx, left), running), 1
        rows = outbox.lease(ctx.connection, self.owner, ctx.now, until, limit, name)
        known = name is not None and name in running
        extra = digests.company(ctx, str(name), rows, self.owner, until) if known else []
        return depart(ctx, rows, running, extra), len(rows)


def _taken_over(ctx: Context, row: Any) -> list[Any]:
    """Note the attempt whose sender vanished; the message goes alone, and not once more than it may."""
    message = Outgoing(
        *(row.id, row.channel, row.recipient, row.notice, row.subject, row.body, row.idempotency_key),
        *(row.fence, row.attempts, row.instance_id),
    )
    lost = Sending(replace(message, fence=message.fence - 1), INTERRUPTED)
    attempts.add(ctx.connection, [attempted(ctx, lost)])
    outbox.count_unknown(ctx.connection, row.id)
    if row.attempts <= MAX_ATTEMPTS:
        return [row]
    settle(ctx, Sending(message, GIVEN_UP))
    return []


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
        back: dict[str, set[int]] = defaultdict(set)
        for sending in ours:
            if sending.message.is_paced:
                back[sending.message.channel].add(sending.message.id)
        for channel in sorted(
            back
        ):  # in one order everywhere: two who wait for each other's windows would wait for ever
            pacing.come_back(ctx, channel, back[channel])
