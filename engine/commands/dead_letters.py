"""Send again what was given up."""

from dataclasses import dataclass

from engine.domain.channel_setup import KINDS, check_address
from engine.domain.errors import Conflict, Invalid, NotFound
from engine.executor import Context
from engine.steps import acts
from engine.store import channels, history, incidents, instances, outbox, reach

GONE = "这条通知已经不在死信里了(已重发、已送达,或已由别的通道送出)"
_LONGEST = 140
MOST_RESENT = 500
"""How many are sent again at once."""


@dataclass(frozen=True, slots=True)
class ResendMessage:
    """Send a dead letter again under its own key, perhaps to another person or address; its incident is closed."""

    outbox_id: int
    actor: str
    to: str = ""

    def run(self, ctx: Context) -> None:
        """Raises NotFound, Invalid, Conflict when it is none any more."""
        row = outbox.get(ctx.connection, self.outbox_id)
        if row is None:
            raise NotFound("没有这条通知")
        to = _recipient(ctx, row.channel, self.to.strip()) if self.to.strip() else row.recipient
        if not outbox.retry(ctx.connection, self.outbox_id, ctx.now, to):
            raise Conflict(GONE)
        _close(ctx, [self.outbox_id])
        acts.note(ctx, "MessageResent", f"outbox:{self.outbox_id}", notice=row.notice, other=to != row.recipient)


@dataclass(frozen=True, slots=True)
class ResendDeadLetters:
    """Send the oldest dead letters of a channel again, each under its own key; their incidents are closed."""

    channel: str
    actor: str

    def run(self, ctx: Context) -> int:
        """Give how many; there may be more left when it is MOST_RESENT."""
        ids = outbox.retry_failed(ctx.connection, self.channel, ctx.now, MOST_RESENT)
        _close(ctx, ids)
        if ids:
            acts.note(ctx, "DeadLettersResent", f"channel:{self.channel}", count=len(ids))
        return len(ids)


def _recipient(ctx: Context, channel: str, said: str) -> str:
    """Give what is kept for another person or address: where somebody is reached by this kind of channel, now.

    Raises Invalid where a channel that needs an address would not get one.
    """
    if len(said) > _LONGEST:
        raise Invalid(f"收件人最多 {_LONGEST} 个字")
    row = channels.find(ctx.connection, channel)
    if row is None or not (wanted := KINDS[row.kind].address):
        return said
    who = reach.wishes(ctx.connection, [said])
    if not who:
        return check_address(row.kind, said)
    address: str | None = getattr(who[0], wanted)
    if not address:
        raise Invalid(f"{said} {'没有邮箱' if wanted == 'email' else '没有手机号'}")
    return f"{wanted}:{address}"


def _close(ctx: Context, ids: list[int]) -> None:
    """Resolve the incidents of dead letters, and say so in the histories of their cases."""
    for incident in incidents.of_messages(ctx.connection, ids):
        if incident.instance_id is not None:
            row = instances.lock(ctx.connection, incident.instance_id)
            said = {"incident": incident.id, "changed": {}}
            event = history.Event("IncidentRetried", ctx.actor.id, incident.element_id, said)
            history.append(ctx.connection, row, [event], ctx.now)
            instances.save_history(ctx.connection, row)
        incidents.resolve(ctx.connection, incident.id, ctx.actor.id, ctx.now)
