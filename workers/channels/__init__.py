"""Channels: the only code that hands messages to the outside world, and says what the provider answered."""

from collections.abc import Mapping
from typing import Protocol

from engine import Outgoing
from engine.domain.delivery import Outcome


class Channel(Protocol):
    """Something that can deliver a message."""

    def send(self, message: Outgoing) -> Outcome:
        """Hand it over and give the outcome; the idempotency key stays the same over retries.

        What it raises instead counts as not delivered, and is tried again.
        """


Channels = Mapping[str, Channel]
