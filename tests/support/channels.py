"""A channel that keeps what it was given, and fails as it is told."""

from dataclasses import dataclass, field

from engine import Outgoing
from engine.domain.errors import DeliveryError


@dataclass
class Recorder:
    """Stands in for every channel of an office under test."""

    delivered: list[Outgoing] = field(default_factory=list)
    tried: list[Outgoing] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)

    def send(self, message: Outgoing) -> None:
        """Keep a message, or raise the next failure that was asked for."""
        self.tried.append(message)
        if self.failures:
            raise self.failures.pop(0)
        self.delivered.append(message)

    def fail(self, times: int = 1, *, permanent: bool = False) -> None:
        """Let the next sendings fail."""
        self.failures += [DeliveryError("通道不通", permanent=permanent) for _ in range(times)]

    def notices(self) -> list[tuple[str, str]]:
        """Give (recipient, notice) of everything delivered, in order."""
        return [(message.recipient, message.notice) for message in self.delivered]
