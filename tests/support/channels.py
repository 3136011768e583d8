"""A channel that keeps what it was given, and answers as it is told."""

from dataclasses import dataclass, field

from engine import Outgoing
from engine.domain.delivery import Delivered, Outcome, Rejected, Retry


@dataclass
class Recorder:
    """Stands in for every channel of an office under test."""

    delivered: list[Outgoing] = field(default_factory=list)
    tried: list[Outgoing] = field(default_factory=list)
    answers: list[Outcome | Exception] = field(default_factory=list)

    def send(self, message: Outgoing) -> Outcome:
        """Keep a message, or give the next answer that was asked for; an exception is raised."""
        self.tried.append(message)
        answer = self.answers.pop(0) if self.answers else Delivered()
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Delivered):
            self.delivered.append(message)
        return answer

    def fail(self, times: int = 1, *, permanent: bool = False) -> None:
        """Let the next sendings fail."""
        kind = Rejected if permanent else Retry
        self.answers += [kind("", "通道不通") for _ in range(times)]

    def notices(self) -> list[tuple[str, str]]:
        """Give (recipient, notice) of everything delivered, in order."""
        return [(message.recipient, message.notice) for message in self.delivered]
