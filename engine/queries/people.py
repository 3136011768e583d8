"""Who is who."""

from dataclasses import dataclass

from sqlalchemy import select

from engine.executor import Context
from engine.store.tables import person


@dataclass(frozen=True, slots=True)
class NamesOfPeople:
    """The names of all accounts by id."""

    def read(self, ctx: Context) -> dict[str, str]:
        """Give them."""
        rows = ctx.connection.execute(select(person.c.id, person.c.name))
        return {row.id: row.name for row in rows}
