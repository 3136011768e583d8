"""People, units and who belongs where."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, false, literal, or_, select, update

from engine.domain.actors import Actor
from engine.store import settings
from engine.store.database import MOMENT
from engine.store.tables import membership, person, role, setting, substitute, unit
from engine.store.upsert import upsert

VERSION = "people_version"
"""The setting that names the state of people and memberships: what was worked out from them holds until it changes."""
_SETTING = select(setting.c.value).where(setting.c.name == bindparam("setting")).scalar_subquery()
_ROSTERS = select(setting.c.value).where(setting.c.name == bindparam("rosters")).scalar_subquery()
_SUBSTITUTES = select(setting.c.value).where(setting.c.name == bindparam("substitutes")).scalar_subquery()
_PEOPLE = select(setting.c.value).where(setting.c.name == VERSION).scalar_subquery()
_VERSIONS = (_ROSTERS.label("rosters"), _SUBSTITUTES.label("substitutes"), _PEOPLE.label("people"))
_TOLD = (_SETTING.label("said"), *_VERSIONS, MOMENT.label("at"))
_AWAY = select(substitute.c.principal).where(substitute.c.person == bindparam("id"), substitute.c.ended_at.is_(None))
_ACTOR = (
    select(person.c.id, person.c.name, person.c.active, membership.c.unit, membership.c.role, *_TOLD)
    .outerjoin(membership, membership.c.person == person.c.id)
    .where(person.c.id.in_(_AWAY.union_all(select(bindparam("id", type_=person.c.id.type)))))
)


@dataclass(frozen=True, slots=True)
class Known:
    """What every command asks first: the actor, a setting's text, the versions of the rosters, of the rules about stand-ins
    and of people, PostgreSQL's own time (UTC), and the active people for whom the actor stands in at one time or another.

    SQLite's time is nobody's but the machine's: None.
    """

    actor: Actor
    said: str | None
    rosters: str | None
    substitutes: str | None
    people: str | None
    at: datetime | None
    away: Mapping[str, Actor]


def actor(
    connection: Connection, ident: str, setting_name: str = "", rosters: str = "", substitutes: str = ""
) -> Known | None:
    """Give an active person with all memberships and what else a command asks first, in one statement; None for nobody."""
    names = {"id": ident, "setting": setting_name, "rosters": rosters, "substitutes": substitutes}
    rows = connection.execute(_ACTOR, names).all()
    found = _actors(rows)
    if ident not in found:
        return None
    at = rows[0].at.astimezone(UTC) if isinstance(rows[0].at, datetime) else None
    return Known(found.pop(ident), rows[0].said, rows[0].rosters, rows[0].substitutes, rows[0].people, at, found)


def _actors(rows: Iterable[Any]) -> dict[str, Actor]:
    """Give the active people that rows of memberships speak of, by id."""
    found: dict[str, Actor] = {}
    for row in rows:
        if row.active:
            before = found.get(row.id, Actor(row.id, row.name)).memberships
            here = frozenset({(row.unit, row.role)} if row.unit is not None else ())
            found[row.id] = Actor(row.id, row.name, before | here)
    return found


def name_of(connection: Connection, ident: str) -> str:
    """Give a person's name, or the id where nobody has it."""
    return connection.execute(select(person.c.name).where(person.c.id == ident)).scalar() or ident


def names_of(connection: Connection, people: Iterable[str]) -> dict[str, str]:
    """Give the names of some people by id."""
    query = select(person.c.id, person.c.name).where(person.c.id.in_(sorted(people)))
    return {row.id: row.name for row in connection.execute(query)}


def with_role(connection: Connection, role: str, unit_id: str | None = None) -> list[str]:
    """Give the active people who hold a role, anywhere or in one unit."""
    query = select(person.c.id).join(membership).where(membership.c.role == role, person.c.active.is_(True))
    if unit_id is not None:
        query = query.where(membership.c.unit == unit_id)
    return sorted(set(connection.execute(query).scalars()))


def by_unit(connection: Connection, role: str | None = None) -> dict[str, set[str]]:
    """Give the active people of every unit, all or those who hold a role there."""
    query = select(membership.c.unit, person.c.id).join(membership).where(person.c.active.is_(True))
    if role is not None:
        query = query.where(membership.c.role == role)
    found: dict[str, set[str]] = {}
    for row in connection.execute(query):
        found.setdefault(row.unit, set()).add(row.id)
    return found


def named_with_role(connection: Connection, roles: Iterable[str]) -> dict[str, dict[str, str]]:
    """Give the active holders of some roles, id → name, in order of name."""
    query = select(membership.c.role, person.c.id, person.c.name).join(membership).order_by(person.c.name, person.c.id)
    found: dict[str, dict[str, str]] = {}
    for row in connection.execute(query.where(membership.c.role.in_(list(roles)), person.c.active.is_(True))):
        found.setdefault(row.role, {})[row.id] = row.name
    return found


def of_unit(connection: Connection, unit_id: str) -> list[str]:
    """Give the active members of a unit."""
    query = select(person.c.id).join(membership).where(membership.c.unit == unit_id, person.c.active.is_(True))
    return sorted(set(connection.execute(query).scalars()))


def active(connection: Connection, people: Iterable[str]) -> list[str]:
    """Give those of some people who are active."""
    query = select(person.c.id).where(person.c.id.in_(list(people)), person.c.active.is_(True))
    return sorted(connection.execute(query).scalars())


def meant(connection: Connection, principals: Iterable[str], but: Iterable[str], most: int | None = None) -> list[str]:
    """Give active people who are any of some principals (`person:…`, `unit:…`, `role:…`, `role:…@unit`) but some."""
    wanted = [_is_meant(*principal.partition(":")[::2]) for principal in principals]
    query = select(person.c.id).distinct().outerjoin(membership, membership.c.person == person.c.id)
    query = query.where(person.c.active.is_(True), or_(false(), *wanted), person.c.id.not_in(list(but)))
    return list(connection.execute(query.order_by(person.c.id).limit(most)).scalars()) if wanted else []


def _is_meant(kind: str, rest: str) -> ColumnElement[bool]:
    if kind == "person":
        return person.c.id == rest
    if kind == "unit":
        return membership.c.unit == rest
    role, _, unit = rest.partition("@")
    held = membership.c.role == role
    return held & (membership.c.unit == unit) if "@" in rest else held


def unit_name(connection: Connection, ident: str) -> str | None:
    """Give a unit's name, or None."""
    return connection.execute(select(unit.c.name).where(unit.c.id == ident)).scalar()


def calendar_of_unit(connection: Connection, ident: str) -> str | None:
    """Give the calendar of a unit, or of the nearest unit above it that has one; None where none has."""
    start = select(unit.c.id, unit.c.parent, unit.c.calendar, literal(0).label("above")).where(unit.c.id == ident)
    up = start.cte("up", recursive=True)
    higher = select(unit.c.id, unit.c.parent, unit.c.calendar, up.c.above + 1).where(
        unit.c.id == up.c.parent, up.c.calendar.is_(None)
    )
    up = up.union_all(higher)
    query = select(up.c.calendar).where(up.c.calendar.is_not(None)).order_by(up.c.above).limit(1)
    return connection.execute(query).scalar()


def put_units(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert or update units; parents before children."""
    upsert(connection, unit, rows)


def put_people(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert or update people."""
    upsert(connection, person, rows)
    settings.moved_on(connection, VERSION)


def put_memberships(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert memberships that are not there yet."""
    upsert(connection, membership, rows)
    settings.moved_on(connection, VERSION)


def exists(connection: Connection, ident: str) -> bool:
    """Say whether there is an account, disabled or not."""
    return connection.execute(select(person.c.id).where(person.c.id == ident)).scalar() is not None


def change(connection: Connection, ident: str, **values: Any) -> None:
    """Write changed columns of a person."""
    connection.execute(update(person).where(person.c.id == ident).values(**values))
    settings.moved_on(connection, VERSION)


def memberships_of(connection: Connection, people: Iterable[str]) -> dict[str, set[tuple[str, str]]]:
    """Give the (unit, role) pairs of some people."""
    query = select(membership.c.person, membership.c.unit, membership.c.role)
    found: dict[str, set[tuple[str, str]]] = {}
    for row in connection.execute(query.where(membership.c.person.in_(list(people)))):
        found.setdefault(row.person, set()).add((row.unit, row.role))
    return found


def drop_membership(connection: Connection, ident: str, unit_id: str, role_id: str) -> bool:
    """Remove one membership; say whether it was there."""
    ours = (membership.c.person == ident, membership.c.unit == unit_id, membership.c.role == role_id)
    was_there = bool(connection.execute(delete(membership).where(*ours)).rowcount)
    settings.moved_on(connection, VERSION)
    return was_there


def others_with_role(connection: Connection, role_id: str, but: str) -> list[str]:
    """Give the other active people who hold a role; their memberships stay as they are until the transaction ends."""
    query = (
        select(person.c.id)
        .join(membership)
        .where(membership.c.role == role_id, person.c.active.is_(True))
        .order_by(person.c.id)
        .with_for_update()
    )
    return [who for who in connection.execute(query).scalars() if who != but]


def parents(connection: Connection) -> dict[str, str | None]:
    """Give every unit's parent; the tree stays as it is until the transaction ends."""
    query = select(unit.c.id, unit.c.parent).order_by(unit.c.id).with_for_update()
    return {row.id: row.parent for row in connection.execute(query)}


def role_names(connection: Connection) -> dict[str, str]:
    """Give the names of roles that have one."""
    return {row.id: row.name for row in connection.execute(select(role.c.id, role.c.name))}


def roles_held(connection: Connection) -> list[str]:
    """Give every role somebody holds."""
    return sorted(connection.execute(select(membership.c.role).distinct()).scalars())


def put_roles(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert or rename roles."""
    upsert(connection, role, rows)


def change_unit(connection: Connection, ident: str, **values: Any) -> None:
    """Write changed columns of a unit."""
    connection.execute(update(unit).where(unit.c.id == ident).values(**values))


def named(connection: Connection, people: Iterable[str]) -> dict[str, tuple[str, bool]]:
    """Give name and whether active of those of some people who exist."""
    query = select(person.c.id, person.c.name, person.c.active).where(person.c.id.in_(list(people)))
    return {row.id: (row.name, row.active) for row in connection.execute(query)}


def unit_names(connection: Connection) -> dict[str, str]:
    """Give the name of every unit by its code."""
    return {row.id: row.name for row in connection.execute(select(unit.c.id, unit.c.name).order_by(unit.c.id))}


def called(connection: Connection, words: Sequence[str]) -> list[Row[Any]]:
    """Give the active people (id, name) whose name or account is one of some words."""
    meant = person.c.name.in_(list(words)) | person.c.id.in_(list(words))
    query = select(person.c.id, person.c.name).where(meant, person.c.active.is_(True))
    return list(connection.execute(query.order_by(person.c.id)))
