"""The one clock: business now (moments people see) and lease now (who holds a job). The only reader of the machine's time."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Protocol

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""People's time zone. China keeps one offset all year since 1991, so a fixed offset is exact for live orders."""


class Clock(Protocol):
    """What every part of the engine asks for the time."""

    def now(self) -> datetime:
        """Business now, UTC."""

    def lease_now(self) -> datetime:
        """The moment leases are measured against, UTC."""


@dataclass(slots=True)
class SystemClock:
    """The machine's time, moved by `offset` (zero in production; demos may live in another week)."""

    offset: timedelta = timedelta()

    def now(self) -> datetime:
        """Business now, UTC."""
        return datetime.now(UTC) + self.offset

    def lease_now(self) -> datetime:
        """The machine's true time, UTC: an offset must never free a lease that is still held."""
        return datetime.now(UTC)


@dataclass(slots=True)
class FrozenClock:
    """A clock that stands still until it is told to move: for tests and scenarios."""

    at: datetime
    lease_at: datetime | None = field(default=None)

    def now(self) -> datetime:
        """Business now, UTC."""
        return self.at.astimezone(UTC)

    def lease_now(self) -> datetime:
        """Lease now, UTC: business now unless set apart."""
        return (self.lease_at or self.at).astimezone(UTC)

    def move_to(self, at: datetime) -> None:
        """Move forward or back to `at`."""
        self.at = at


def local(at: datetime) -> datetime:
    """Give a stored moment in people's time zone."""
    return at.astimezone(SHANGHAI)


def in_words(at: datetime) -> str:
    """Give a moment as people write it: 2025年10月9日 17:30 (Asia/Shanghai)."""
    shown = local(at)
    return f"{shown.year}年{shown.month}月{shown.day}日 {shown:%H:%M}"
