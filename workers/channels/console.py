"""The console channel: prints what would be sent. Twin of every other channel until that is set up."""

import sys
from dataclasses import dataclass, field
from typing import TextIO

from engine import Outgoing


@dataclass(slots=True)
class Console:
    """Writes one line per message."""

    out: TextIO = field(default_factory=lambda: sys.stdout)

    def send(self, message: Outgoing) -> None:
        """Print channel, recipient, subject."""
        print(f"[{message.channel}] → {message.recipient}:{message.subject}", file=self.out, flush=True)
