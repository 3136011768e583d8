"""Calendars: national days once, shift patterns by name."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select

from engine.domain.errors import NotFound
from engine.domain.work_calendar import Day, ShiftPattern, WorkCalendar
from engine.store.tables import calendar, calendar_day
from engine.store.upsert import upsert

_VERSION = select(calendar.c.version).where(calendar.c.key == bindparam("key"))


def version(connection: Connection, key: str) -> int:
    """Give the current version of a calendar; raise NotFound."""
    found = connection.execute(_VERSION, {"key": key}).scalar()
    if found is None:
        raise NotFound(f"没有工作日历 {key}")
    return int(found)


def get(connection: Connection, key: str) -> WorkCalendar:
    """Give a calendar ready for arithmetic; raise NotFound."""
    row = connection.execute(select(calendar).where(calendar.c.key == key)).one_or_none()
    if row is None:
        raise NotFound(f"没有工作日历 {key}")
    days = [
        Day(r.day, r.open, r.source, r.provisional)
        for r in connection.execute(select(calendar_day).order_by(calendar_day.c.day))
    ]
    said = row.pattern
    pattern = ShiftPattern(row.name, tuple((a, b) for a, b in said["intervals"]), bool(said["round_the_clock"]))
    return WorkCalendar(key, row.version, days, pattern)


def names(connection: Connection) -> dict[str, str]:
    """Give the name of every calendar by its key."""
    query = select(calendar.c.key, calendar.c.name).order_by(calendar.c.key)
    return {row.key: row.name for row in connection.execute(query)}


def put_days(connection: Connection, days: Sequence[Day]) -> None:
    """Insert or replace days."""
    rows = [{"day": d.date, "open": d.open, "source": d.source, "provisional": d.provisional} for d in days]
    upsert(connection, calendar_day, rows)


def put(connection: Connection, row: Mapping[str, Any]) -> None:
    """Insert or replace a calendar."""
    upsert(connection, calendar, [row])


def put_pattern(connection: Connection, key: str, pattern: ShiftPattern, number: int) -> None:
    """Insert or replace a calendar by its shift pattern."""
    said = {"intervals": [list(i) for i in pattern.intervals], "round_the_clock": pattern.every_day}
    put(connection, {"key": key, "name": pattern.name, "version": number, "pattern": said})
