"""What providers tell later about messages they only had queued."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.domain.actors import SYSTEM
from engine.domain.errors import Invalid, NotFound, Repeated
from engine.executor import Context
from engine.steps import following
from engine.store import attempts, outbox

TOLERANCE = timedelta(minutes=5)
"""How far a report's moment may lie from ours."""
OUTCOMES = ("confirmed", "undelivered")


@dataclass(frozen=True, slots=True)
class ReportDelivery:
    """Note that a message has arrived after all, or has not: then its next channel is tried, else it is a dead letter.

    The signature has been checked by whoever took the call; a call that comes twice, or from another time, counts once, or never.
    """

    channel: str
    call_id: str
    at: datetime
    """When the provider signed the call, UTC."""
    key: str
    """Of the message, as it was sent."""
    outcome: str
    """`confirmed` or `undelivered`."""
    code: str
    words: str
    actor: str = SYSTEM.id

    def run(self, ctx: Context) -> None:
        """Raises Invalid, Repeated for a replay, NotFound for a message nobody sent by this channel."""
        if self.outcome not in OUTCOMES:
            raise Invalid(f"回执只能是 {'、'.join(OUTCOMES)}")
        if not self.call_id or len(self.call_id) > 80:
            raise Invalid("回执要有编号,最多 80 个字符")
        if abs(ctx.lease_now - self.at) > TOLERANCE:
            raise Invalid("回执的时间与现在相差太远")
        if not attempts.first_call(ctx.connection, self.channel, self.call_id, ctx.lease_now):
            raise Repeated("这份回执已经收到过了")
        row = outbox.sent_by_key(ctx.connection, self.channel, self.key)
        if row is None:
            raise NotFound("没有这条已发出的通知")
        if attempts.has(ctx.connection, row.id, row.fence, self.outcome):
            return
        said = attempts.attempt(row.id, row.fence, row.channel, ctx.now, self.outcome, self.code, self.words)
        attempts.add(ctx.connection, [said])
        if self.outcome == "confirmed":
            outbox.confirm(ctx.connection, row.id, ctx.now)
        elif row.confirmed_at is None:
            reason = f"{self.code} {self.words}".strip() or "没有送达"
            outbox.undo_sent(ctx.connection, row.id, reason)
            following.give_up(ctx, row, outbox.merged_into(ctx.connection, [row.id]), reason)
