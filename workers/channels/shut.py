"""A channel that cannot be opened: it sends nothing and says why."""

from dataclasses import dataclass
from datetime import timedelta

from engine import Outgoing
from engine.domain.delivery import Retry

AGAIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Shut:
    """Stands in for a channel in trouble, until an administrator has mended it."""

    trouble: str

    def send(self, message: Outgoing) -> Retry:
        """Hold the whole channel back for a while."""
        return Retry("setup", self.trouble, AGAIN, whole_channel=True)
