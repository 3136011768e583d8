"""Calendars and their versions: national days once, exceptions and hours of each calendar, every change under its number.

Of the rows about one day the newest that a version knows holds; so old versions stay readable.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from engine.domain.errors import NotFound
from engine.domain.work_calendar import Day, ShiftPattern, WorkCalendar
from engine.store.tables import calendar, calendar_day, calendar_hours, calendar_version, person
from engine.store.upsert import insert_new

NATIONAL = ""
"""In place of a calendar's key: the national days, which all calendars share."""

_VERSION = select(calendar.c.version).where(calendar.c.key == bindparam("key"))
_CALENDAR = select(calendar).where(calendar.c.key == bindparam("key"))
_NATIONAL = (
    select(calendar_day.c.day, calendar_day.c.open, calendar_day.c.source, calendar_day.c.provisional)
    .where(calendar_day.c.calendar == NATIONAL, calendar_day.c.since <= bindparam("version"))
    .order_by(calendar_day.c.since)
)
_EXCEPTIONS = (
    select(calendar_day)
    .where(calendar_day.c.calendar == bindparam("key"), calendar_day.c.since <= bindparam("version"))
    .order_by(calendar_day.c.since)
)
_HOURS = (
    select(calendar_hours)
    .where(calendar_hours.c.calendar == bindparam("key"), calendar_hours.c.since <= bindparam("version"))
    .order_by(calendar_hours.c.since)
)


def version(connection: Connection, key: str) -> int:
    """Give the current version of a calendar; raise NotFound."""
    found = connection.execute(_VERSION, {"key": key}).scalar()
    if found is None:
        raise NotFound(f"没有工作日历 {key}")
    return int(found)


def newest(connection: Connection) -> int:
    """Give the number of the newest change to any calendar; 0 before the first."""
    return int(connection.execute(select(func.max(calendar_version.c.id))).scalar() or 0)


def get(connection: Connection, key: str, number: int | None = None) -> WorkCalendar:
    """Give a calendar ready for arithmetic, as it is or as a version had it; raise NotFound."""
    row = connection.execute(_CALENDAR, {"key": key}).one_or_none()
    if row is None:
        raise NotFound(f"没有工作日历 {key}")
    at = row.version if number is None else number
    # Nearly ten thousand rows: without the columns that only exceptions have, and without names, they come twice as fast.
    known = {row[0]: Day(*row) for row in connection.execute(_NATIONAL, {"version": at}).all()}
    own = {r.day: r for r in connection.execute(_EXCEPTIONS, {"key": key, "version": at})}
    known |= {r.day: _exception(r) for r in own.values() if r.open is not None}
    changes = {r.first: r for r in connection.execute(_HOURS, {"key": key, "version": at})}
    hours = [(first, _pattern(r)) for first, r in sorted(changes.items()) if not r.withdrawn]
    said = row.pattern
    pattern = ShiftPattern(row.name, tuple((a, b) for a, b in said["intervals"]), bool(said["round_the_clock"]))
    return WorkCalendar(key, at, [known[day] for day in sorted(known)], pattern, tuple(hours), row.name)


def _exception(row: Row[Any]) -> Day:
    hours = tuple((a, b) for a, b in row.hours or ())
    return Day(row.day, row.open, row.source, row.provisional, hours, local=True)


def _pattern(row: Row[Any]) -> ShiftPattern:
    return ShiftPattern(row.name, tuple((a, b) for a, b in row.intervals), row.every_day)


def names(connection: Connection) -> dict[str, str]:
    """Give the name of every calendar by its key."""
    query = select(calendar.c.key, calendar.c.name).order_by(calendar.c.key)
    return {row.key: row.name for row in connection.execute(query)}


def national_days(connection: Connection) -> dict[date, Day]:
    """Give the national days as they are, in order."""
    query = select(calendar_day).where(calendar_day.c.calendar == NATIONAL).order_by(calendar_day.c.since)
    known = {r.day: Day(r.day, r.open, r.source, r.provisional) for r in connection.execute(query)}
    return {day: known[day] for day in sorted(known)}


def last_day(connection: Connection) -> date | None:
    """Give the last national day that is known."""
    ours = calendar_day.c.calendar == NATIONAL
    found: date | None = connection.execute(select(func.max(calendar_day.c.day)).where(ours)).scalar()
    return found


def provisional_days(connection: Connection, first: date, last: date) -> int:
    """Say how many national days from `first` to `last` a notice may still change."""
    query = select(calendar_day.c.day, calendar_day.c.provisional).where(
        calendar_day.c.calendar == NATIONAL, calendar_day.c.day.between(first, last)
    )
    newest_said = {r.day: r.provisional for r in connection.execute(query.order_by(calendar_day.c.since))}
    return sum(newest_said.values())


def lock(connection: Connection) -> dict[str, int]:
    """Keep every other change out until the transaction ends; give the versions by key."""
    query = select(calendar.c.key, calendar.c.version).order_by(calendar.c.key).with_for_update()
    return {row.key: row.version for row in connection.execute(query)}


def add_version(connection: Connection, values: Mapping[str, Any]) -> None:
    """Insert the version a change makes; its `id` follows the newest."""
    connection.execute(insert(calendar_version), dict(values))


def add_first_version(connection: Connection, values: Mapping[str, Any]) -> bool:
    """Insert a version unless its number is there; say whether it is new."""
    return insert_new(connection, calendar_version, values)


def count_moved(connection: Connection, number: int, moved: int) -> None:
    """Write down how many limits a change has moved."""
    connection.execute(update(calendar_version).where(calendar_version.c.id == number).values(moved=moved))


def touch(connection: Connection, number: int, keys: Sequence[str] | None = None) -> None:
    """Let calendars, all or some, be of a version."""
    statement = update(calendar).values(version=number)
    connection.execute(statement if keys is None else statement.where(calendar.c.key.in_(list(keys))))


def put_days(connection: Connection, key: str, number: int, days: Sequence[Day], back: Sequence[date] = ()) -> None:
    """Add what a version says of days; `back` are exceptions that give way to the national days again."""
    rows: list[dict[str, Any]] = [
        {
            "calendar": key,
            "day": d.date,
            "since": number,
            "open": d.open,
            "source": d.source,
            "provisional": d.provisional,
            "hours": [list(span) for span in d.hours] or None,
        }
        for d in days
    ]
    empty = {"calendar": key, "since": number, "open": None, "source": "", "provisional": False, "hours": None}
    rows += [{**empty, "day": day} for day in back]
    if rows:
        connection.execute(insert(calendar_day), rows)


def put_hours(connection: Connection, key: str, number: int, first: date, pattern: ShiftPattern | None) -> None:
    """Add what a version says of the hours from a day on; None withdraws what was said of that day."""
    spans = [list(span) for span in pattern.intervals] if pattern else []
    row = {
        "calendar": key,
        "first": first,
        "since": number,
        "name": pattern.name if pattern else "",
        "intervals": spans,
    }
    row |= {"every_day": bool(pattern and pattern.every_day), "withdrawn": pattern is None}
    connection.execute(insert(calendar_hours), row)


def add(connection: Connection, key: str, pattern: ShiftPattern, number: int) -> bool:
    """Insert a calendar that begins with a pattern and bears its name, unless the key is taken; say whether it is new."""
    said = {"intervals": [list(i) for i in pattern.intervals], "round_the_clock": pattern.every_day}
    return insert_new(connection, calendar, {"key": key, "name": pattern.name, "version": number, "pattern": said})


def rename(connection: Connection, key: str, name: str) -> None:
    """Call a calendar by another name."""
    connection.execute(update(calendar).where(calendar.c.key == key).values(name=name))


def versions(connection: Connection, key: str | None = None, limit: int = 50) -> list[Row[Any]]:
    """Give the newest versions that concern a calendar, or all, with the name of who made them."""
    query = select(calendar_version, person.c.name.label("actor_name")).outerjoin(
        person, person.c.id == calendar_version.c.actor
    )
    if key is not None:
        query = query.where(calendar_version.c.calendar.in_([NATIONAL, key]))
    return list(connection.execute(query.order_by(calendar_version.c.id.desc()).limit(limit)))


def changes_since(connection: Connection, at: datetime) -> list[Row[Any]]:
    """Give the versions since a moment that changed working time, oldest first."""
    query = select(calendar_version).where(
        calendar_version.c.at >= at, calendar_version.c.kind.in_(["days", "exceptions", "hours"])
    )
    return list(connection.execute(query.order_by(calendar_version.c.id)))


def days_of(connection: Connection, numbers: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """Give what some versions say of days, in order, by version."""
    query = select(calendar_day).where(calendar_day.c.since.in_(list(numbers))).order_by(calendar_day.c.day)
    found: dict[int, list[Row[Any]]] = {}
    for row in connection.execute(query):
        found.setdefault(row.since, []).append(row)
    return found
