"""Who is who, and who works where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, or_, select

from engine.domain.errors import NotFound
from engine.executor import Context
from engine.queries.lists import escaped
from engine.steps import roles
from engine.steps.people_lines import Judged, PersonLine, judge
from engine.store import people
from engine.store.tables import account, membership, person, reach

PAGE = 20
"""People on a page, and passwords given out at once: each takes a tenth of a second."""


@dataclass(frozen=True, slots=True)
class NamesOfPeople:
    """The names of all accounts by id."""

    def read(self, ctx: Context) -> dict[str, str]:
        """Give them."""
        rows = ctx.connection.execute(select(person.c.id, person.c.name))
        return {row.id: row.name for row in rows}


@dataclass(frozen=True, slots=True)
class Place:
    """A role in a unit, by code and name."""

    unit: str
    role: str
    unit_name: str
    role_name: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person with places."""

    id: str
    name: str
    active: bool
    has_password: bool
    must_change: bool
    locked_until: datetime | None
    """In the future only; None where the door is open."""
    places: list[Place]
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A page of people; `next` opens the following one and is empty on the last."""

    rows: list[PersonRow]
    next: str = ""


@dataclass(frozen=True, slots=True)
class People:
    """People by id, narrowed by text, unit and state (`active`, `disabled`, `no_password`); for admins' eyes."""

    q: str = ""
    unit: str = ""
    state: str = ""
    after: str = ""
    limit: int | None = PAGE

    def read(self, ctx: Context) -> PeoplePage:
        """Give a page, or everybody where there is no limit."""
        query = self._narrowed(_PERSON.order_by(person.c.id))
        found = _rows(ctx, query if self.limit is None else query.limit(self.limit + 1))
        if self.limit is None or len(found) <= self.limit:
            return PeoplePage(found)
        return PeoplePage(found[: self.limit], found[self.limit - 1].id)

    def _narrowed(self, query: Select[Any]) -> Select[Any]:
        if self.q:
            text = f"%{escaped(self.q.strip())}%"
            query = query.where(or_(person.c.id.ilike(text, escape="\\"), person.c.name.ilike(text, escape="\\")))
        if self.unit:
            query = query.where(exists().where(membership.c.person == person.c.id, membership.c.unit == self.unit))
        if self.state in ("active", "no_password"):
            query = query.where(person.c.active.is_(True))
        if self.state == "disabled":
            query = query.where(person.c.active.is_(False))
        if self.state == "no_password":
            query = query.where(account.c.person.is_(None))
        return query.where(person.c.id > self.after) if self.after else query


@dataclass(frozen=True, slots=True)
class ShowPerson:
    """One person; for admins' eyes."""

    person: str

    def read(self, ctx: Context) -> PersonRow:
        """Give the person; raise NotFound."""
        found = _rows(ctx, _PERSON.where(person.c.id == self.person))
        if not found:
            raise NotFound(f"没有账号 {self.person}")
        return found[0]


@dataclass(frozen=True, slots=True)
class PreviewPeople:
    """What a people file would do, line by line; nothing is written."""

    lines: Sequence[PersonLine]

    def read(self, ctx: Context) -> list[Judged]:
        """Give every line's meaning; raise Invalid where there are none or too many."""
        return judge(ctx, self.lines)


@dataclass(frozen=True, slots=True)
class KnownRoles:
    """Every role's name by its code."""

    def read(self, ctx: Context) -> dict[str, str]:
        """Give them, the built-in ones first."""
        return roles.known(ctx)


_PERSON = select(
    *(person.c.id, person.c.name, person.c.active),
    *(account.c.person, account.c.must_change, account.c.locked_until),
    *(reach.c.email, reach.c.phone),
).select_from(
    person.outerjoin(account, account.c.person == person.c.id).outerjoin(reach, reach.c.person == person.c.id)
)


def _rows(ctx: Context, query: Select[Any]) -> list[PersonRow]:
    found = ctx.connection.execute(query).all()
    belongs = people.memberships_of(ctx.connection, [row[0] for row in found])
    units, named = people.unit_names(ctx.connection), roles.known(ctx)
    rows = []
    for ident, name, active, has, must_change, locked, email, phone in found:
        places = [Place(u, r, units.get(u, u), named.get(r, r)) for u, r in sorted(belongs.get(ident, ()))]
        shut = locked if locked is not None and locked > ctx.lease_now else None
        rows.append(
            PersonRow(ident, name, active, has is not None, bool(must_change), shut, places, email or "", phone or "")
        )
    return rows
