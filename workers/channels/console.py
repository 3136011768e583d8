"""The console channel: prints what would be sent. Twin of every other channel until that is set up."""

import sys
from dataclasses import dataclass, field
from typing import TextIO

from engine import Outgoing
from engine.domain.delivery import Delivered


@dataclass(slots=True)
class Console:
    """Writes one line per message."""

    out: TextIO = field(default_factory=lambda: sys.stdout)

    def send(self, message: Outgoing) -> Delivered:
        """Print channel, recipient, subject."""
        print(f"[{message.channel}] → {message.recipient}:{message.subject}", file=self.out, flush=True)
        return Delivered()
