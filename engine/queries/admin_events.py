"""What admins did."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.executor import Context
from engine.store import admin_events

PAGE = 50


@dataclass(frozen=True, slots=True)
class AdminEvent:
    """One act."""

    id: int
    at: datetime
    actor: str
    actor_name: str
    kind: str
    subject: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AdminEventPage:
    """A page of acts; `next` opens the following, older one and is None on the last."""

    rows: list[AdminEvent]
    next: int | None


@dataclass(frozen=True, slots=True)
class AdminEvents:
    """Admins' acts, newest first; about one subject or all."""

    subject: str = ""
    before: int | None = None
    limit: int = PAGE

    def read(self, ctx: Context) -> AdminEventPage:
        """Give a page."""
        found = admin_events.newest(ctx.connection, self.subject, self.before, self.limit + 1)
        rows = [
            AdminEvent(r.id, r.at, r.actor, r.actor_name or r.actor, r.kind, r.subject, r.payload)
            for r in found[: self.limit]
        ]
        return AdminEventPage(rows, rows[-1].id if len(found) > self.limit else None)
