"""Counts over work orders."""

from dataclasses import dataclass

from sqlalchemy import func, select

from engine.executor import Context
from engine.store.tables import work_order


@dataclass(frozen=True, slots=True)
class CountOrders:
    """How many orders there are, counted up to a cap."""

    cap: int = 1000

    def read(self, ctx: Context) -> int:
        """Give the number; `cap` means that many or more."""
        some = select(work_order.c.id).limit(self.cap).subquery()
        return int(ctx.connection.execute(select(func.count()).select_from(some)).scalar_one())
