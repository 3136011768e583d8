"""How people can be reached: addresses, wishes, units."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from engine.store.tables import membership, notification, person, reach, reach_wish, unit
from engine.store.upsert import upsert


def wishes(connection: Connection, people: Iterable[str]) -> list[Row[Any]]:
    """Give address and wish (kind, channels; None for neither) of some people, a row for each wish, in one statement."""
    query = (
        select(person.c.id, reach.c.email, reach.c.phone, reach.c.quiet, reach_wish.c.kind, reach_wish.c.channels)
        .outerjoin(reach, reach.c.person == person.c.id)
        .outerjoin(reach_wish, reach_wish.c.person == person.c.id)
        .where(person.c.id.in_(sorted(people)))
    )
    return list(connection.execute(query))


def addresses(connection: Connection, people: Iterable[str]) -> dict[str, Mapping[str, str | None]]:
    """Give `email` and `phone` of those of some people who have said something."""
    query = select(reach.c.person, reach.c.email, reach.c.phone).where(reach.c.person.in_(sorted(people)))
    return {row.person: {"email": row.email, "phone": row.phone} for row in connection.execute(query)}


def of_notifications(connection: Connection, marks: Iterable[str]) -> dict[str, Any]:
    """Give by mark what has to be known when a notification leaves the house: person, name, account, addresses, read or not."""
    query = (
        select(
            *[notification.c[name] for name in "mark person meant kind read_at".split()],
            *(person.c.name, person.c.active),
            *(reach.c.email, reach.c.phone, reach.c.quiet),
        )
        .join(person, person.c.id == notification.c.person)
        .outerjoin(reach, reach.c.person == person.c.id)
        .where(notification.c.mark.in_(sorted(marks)))
    )
    return {row.mark: row for row in connection.execute(query)}


def units(connection: Connection, people: Iterable[str]) -> dict[str, set[str]]:
    """Give the units of some people."""
    found: dict[str, set[str]] = {}
    query = select(membership.c.person, membership.c.unit).where(membership.c.person.in_(sorted(people)))
    for row in connection.execute(query):
        found.setdefault(row.person, set()).add(row.unit)
    return found


def tree(connection: Connection) -> dict[str, tuple[str | None, str | None]]:
    """Give every unit's parent and calendar."""
    return {
        row.id: (row.parent, row.calendar)
        for row in connection.execute(select(unit.c.id, unit.c.parent, unit.c.calendar))
    }


def put(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write addresses of people (person and any of email, phone, quiet); every row with the same columns."""
    upsert(connection, reach, rows)


def put_wish(connection: Connection, who: str, kind: str, channels: Sequence[str]) -> None:
    """Write a person's wish for a kind of notice."""
    upsert(connection, reach_wish, [{"person": who, "kind": kind, "channels": list(channels)}])


def drop_wish(connection: Connection, who: str, kind: str) -> None:
    """Let what the office has chosen hold again."""
    connection.execute(delete(reach_wish).where(reach_wish.c.person == who, reach_wish.c.kind == kind))
