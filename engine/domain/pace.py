"""How many messages a channel may take in a while: an exact sliding window.

A message may reach the provider at any moment from when it is taken until its outcome is known. So its slot is out until then, and
free again a whole window after that moment: no window at the provider ever holds more than the rate.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Slot:
    """One message's place in the window; `at` is when it was taken, or when its outcome was known once it is not out any more."""

    message: int
    at: datetime
    is_out: bool


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` messages in any `window`."""

    count: int
    window: timedelta

    def used(self, slots: Iterable[Slot], now: datetime) -> list[Slot]:
        """Give the slots that still count, oldest first."""
        return sorted((s for s in slots if s.is_out or s.at > now - self.window), key=lambda s: (s.is_out, s.at))

    def free(self, slots: Iterable[Slot], now: datetime) -> int:
        """Give how many messages may be taken now."""
        return max(self.count - len(self.used(slots, now)), 0)

    def free_at(self, slots: Iterable[Slot], now: datetime) -> datetime:
        """Give when the next message may be taken, as far as can be told: not before what is out comes back."""
        used = self.used(slots, now)
        if len(used) < self.count:
            return now
        last = used[len(used) - self.count]
        return now + self.window if last.is_out else last.at + self.window


def settled(slots: Iterable[Slot], back: Collection[int], now: datetime) -> list[Slot]:
    """Give the slots after the outcomes of some messages are known."""
    return [Slot(s.message, now, is_out=False) if s.is_out and s.message in back else s for s in slots]
