"""Stand-ins (代理): who acts for whom, from when until when, in which procedures."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Substitution:
    """One rule; it ends by itself."""

    id: int
    principal: str
    """Who is away."""
    person: str
    """Who stands in."""
    from_at: datetime
    until_at: datetime
    processes: frozenset[str] | None
    """The procedures it holds for; None: all."""
    reason: str = ""

    def holds(self, now: datetime) -> bool:
        """Whether it holds at a moment."""
        return self.from_at <= now < self.until_at

    def covers(self, process: str) -> bool:
        """Whether it holds for a procedure."""
        return self.processes is None or process in self.processes

    def clashes(self, other: "Substitution") -> bool:
        """Whether two rules of the same person speak of the same moment and the same procedure: then nobody knew who stands in."""
        if self.principal != other.principal or self.until_at <= other.from_at or other.until_at <= self.from_at:
            return False
        return self.processes is None or other.processes is None or bool(self.processes & other.processes)
