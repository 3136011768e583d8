"""Seal the histories of the days that are over."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from engine.domain.actors import SYSTEM
from engine.domain.clock import SHANGHAI, local
from engine.executor import OFFSET, Context
from engine.store import audit, settings

SETTLED = timedelta(hours=1)
"""How long after midnight a day is sealed: steps that began before it have been written by then."""


@dataclass(frozen=True, slots=True)
class SealHistory:
    """Put one hash over everything that happened up to last midnight (Asia/Shanghai), unless that is done.

    Under a shifted clock (a demo living in another week) nothing is sealed: its days are not over yet.
    """

    actor: str = SYSTEM.id

    def run(self, ctx: Context) -> str | None:
        """Give the new root, or None when there was nothing to seal."""
        if float(settings.get(ctx.connection, OFFSET) or 0):
            return None
        today = local(ctx.now - SETTLED).date()
        day = (today - timedelta(days=1)).isoformat()
        last = audit.newest(ctx.connection)
        if last is not None and last.day >= day:
            return None
        until = datetime.combine(today, time(), SHANGHAI).astimezone(UTC)
        return audit.seal(ctx.connection, day, until, ctx.now)
