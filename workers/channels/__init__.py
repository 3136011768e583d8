"""Channels: the only code that hands messages to the outside world. Each raises DeliveryError when it cannot."""

from collections.abc import Mapping
from typing import Protocol

from engine import Outgoing


class Channel(Protocol):
    """Something that can deliver a message."""

    def send(self, message: Outgoing) -> None:
        """Deliver; raise DeliveryError(permanent=…) when that fails. The idempotency key stays the same over retries."""


Channels = Mapping[str, Channel]
