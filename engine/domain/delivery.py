"""What became of one attempt to hand a message over, in the provider's own code and words.

A channel answers with one of four outcomes. `Unknown` is its own outcome: the message left us and no answer came back, so that it may
have arrived; it is tried again under the same key, and whoever reads the timeline is told that it may have come twice.
"""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Delivered:
    """The provider took the message; `receipt` is its own number for it."""

    receipt: str = ""
    code: str = ""
    words: str = ""
    confirmed: bool = True
    """False where the provider has only queued it and reports the arrival later (SMS gateways)."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """The provider refused for good: sending the same again is useless."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Retry:
    """It did not arrive for sure and may arrive later."""

    code: str
    words: str
    after: timedelta | None = None
    """How long the provider asks us to wait; None: our own back-off."""
    whole_channel: bool = False
    """Whether every message of the channel has to wait as long (a rate limit), and not this one alone."""
    parts_done: int = 0
    """Of a message sent in several parts, how many have arrived: the next attempt goes on after them."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The message left us and the answer was lost: it may have arrived."""

    code: str
    words: str
    parts_done: int = 0


Outcome = Delivered | Rejected | Retry | Unknown
