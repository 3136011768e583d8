"""What an admin has to look at."""

from dataclasses import dataclass
from typing import Any

from engine.executor import Context
from engine.store import incidents


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An incident nobody has resolved."""

    id: int
    kind: str
    element_id: str
    reason: str
    instance_id: int | None
    job_id: int | None
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class OpenIncidents:
    """Incidents waiting for an admin, oldest first."""

    limit: int = 100

    def read(self, ctx: Context) -> list[OpenIncident]:
        """Give them."""
        rows = incidents.open_ones(ctx.connection, self.limit)
        return [OpenIncident(r.id, r.kind, r.element_id, r.reason, r.instance_id, r.job_id, r.payload) for r in rows]
