"""Drain the outbox: lease, send after the commit, note the outcome."""

import logging
from collections.abc import Callable
from datetime import timedelta

from engine import Engine, FinishOutbox, LeaseOutbox, Outgoing, Sending
from engine.domain.delivery import Retry
from workers.channels import Channel

log = logging.getLogger("banjie.outbox")
BATCH = 50
ChannelFor = Callable[[Outgoing], Channel]


def send_due(engine: Engine, owner: str, channel_for: ChannelFor, span: timedelta) -> int:
    """Send one batch of due messages, whatever their channel; give how many were tried."""
    batch = engine.execute(LeaseOutbox(owner, span, BATCH))
    if batch:
        engine.execute(FinishOutbox(tuple(_send(message, channel_for) for message in batch)))
    return len(batch)


def send_one(
    engine: Engine, owner: str, name: str, channel_for: ChannelFor, span: timedelta, tell: Callable[[Outgoing], None]
) -> Sending | None:
    """Take and send the oldest due message of a channel; None when there is none. `tell` learns of it before it is sent.

    One at a time: whoever dies leaves at most one message that may have gone out twice.
    """
    batch = engine.execute(LeaseOutbox(owner, span, 1, name))
    if not batch:
        return None
    tell(batch[0])
    return _send(batch[0], channel_for)


def _send(message: Outgoing, channel_for: ChannelFor) -> Sending:
    try:
        return Sending(message, channel_for(message).send(message))
    except Exception as error:  # the loop edge: one broken channel never stops the others
        log.exception("channel %s failed", message.channel)
        return Sending(message, Retry(type(error).__name__, str(error)))
