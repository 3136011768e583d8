"""People, units and who belongs where."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select

from engine.domain.actors import Actor
from engine.store.tables import membership, person, setting, unit
from engine.store.upsert import upsert

_SETTING = select(setting.c.value).where(setting.c.name == bindparam("setting")).scalar_subquery()
_ACTOR = (
    select(person.c.id, person.c.name, person.c.active, membership.c.unit, membership.c.role, _SETTING.label("said"))
    .outerjoin(membership, membership.c.person == person.c.id)
    .where(person.c.id == bindparam("id"))
)


def actor(connection: Connection, ident: str, setting_name: str = "") -> tuple[Actor | None, str | None]:
    """Give an active person with all memberships, or None; and a setting's text: every command needs both, in one statement."""
    rows = connection.execute(_ACTOR, {"id": ident, "setting": setting_name}).all()
    if not rows or not rows[0].active:
        return None, None
    memberships = frozenset((r.unit, r.role) for r in rows if r.unit is not None)
    return Actor(ident, rows[0].name, memberships), rows[0].said


def name_of(connection: Connection, ident: str) -> str:
    """Give a person's name, or the id where nobody has it."""
    return connection.execute(select(person.c.name).where(person.c.id == ident)).scalar() or ident


def with_role(connection: Connection, role: str, unit_id: str | None = None) -> list[str]:
    """Give the active people who hold a role, anywhere or in one unit."""
    query = select(person.c.id).join(membership).where(membership.c.role == role, person.c.active.is_(True))
    if unit_id is not None:
        query = query.where(membership.c.unit == unit_id)
    return sorted(set(connection.execute(query).scalars()))


def of_unit(connection: Connection, unit_id: str) -> list[str]:
    """Give the active members of a unit."""
    query = select(person.c.id).join(membership).where(membership.c.unit == unit_id, person.c.active.is_(True))
    return sorted(set(connection.execute(query).scalars()))


def active(connection: Connection, people: Iterable[str]) -> list[str]:
    """Give those of some people who are active."""
    query = select(person.c.id).where(person.c.id.in_(list(people)), person.c.active.is_(True))
    return sorted(connection.execute(query).scalars())


def unit_name(connection: Connection, ident: str) -> str | None:
    """Give a unit's name, or None."""
    return connection.execute(select(unit.c.name).where(unit.c.id == ident)).scalar()


def put_units(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert or update units; parents before children."""
    upsert(connection, unit, rows)


def put_people(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert or update people."""
    upsert(connection, person, rows)


def put_memberships(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert memberships that are not there yet."""
    upsert(connection, membership, rows)
