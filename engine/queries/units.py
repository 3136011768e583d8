"""The tree of units."""

from dataclasses import dataclass, field

from sqlalchemy import func, select

from engine.domain.errors import NotFound
from engine.executor import Context
from engine.steps import calendar_choice
from engine.store import calendars
from engine.store.tables import membership, unit


@dataclass(slots=True)
class UnitNode:
    """A unit with those below it."""

    id: str
    name: str
    parent: str | None
    calendar: str | None
    people: int
    depth: int = 0
    children: list["UnitNode"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Units:
    """Every unit with its number of people, as a list in tree order; `depth` says how deep each stands."""

    def read(self, ctx: Context) -> list[UnitNode]:
        """Give them; children follow their parent, by name."""
        heads = select(membership.c.unit, func.count(membership.c.person.distinct()).label("n")).group_by(
            membership.c.unit
        )
        counted = heads.subquery()
        query = (
            select(unit.c.id, unit.c.name, unit.c.parent, unit.c.calendar, func.coalesce(counted.c.n, 0))
            .outerjoin(counted, counted.c.unit == unit.c.id)
            .order_by(unit.c.name, unit.c.id)
        )
        nodes = {row[0]: UnitNode(*row) for row in ctx.connection.execute(query)}
        for node in nodes.values():
            if node.parent in nodes:
                nodes[node.parent].children.append(node)
        return [below for node in nodes.values() if node.parent is None for below in _walk(node, 0)]


@dataclass(frozen=True, slots=True)
class ShowUnit:
    """One unit."""

    unit: str

    def read(self, ctx: Context) -> UnitNode:
        """Give it; raise NotFound."""
        for node in Units().read(ctx):
            if node.id == self.unit:
                return node
        raise NotFound(f"没有单位 {self.unit}")


@dataclass(frozen=True, slots=True)
class CalendarNames:
    """The working calendars a unit may count by."""

    def read(self, ctx: Context) -> dict[str, str]:
        """Give name by key."""
        return calendars.names(ctx.connection)


@dataclass(frozen=True, slots=True)
class OrganisationCalendar:
    """The calendar everybody counts by who has no nearer one."""

    def read(self, ctx: Context) -> str:
        """Give its code."""
        return calendar_choice.organisation(ctx)


def _walk(node: UnitNode, depth: int) -> list[UnitNode]:
    node.depth = depth
    return [node, *(below for child in node.children for below in _walk(child, depth + 1))]
