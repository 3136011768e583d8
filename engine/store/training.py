"""Daily sheets of training: added, and voided by a later one, never changed."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, select

from engine.store.tables import training_sheet

_LATER = training_sheet.alias("later")
HOLDS: ColumnElement[bool] = ~select(_LATER.c.id).where(_LATER.c.voids == training_sheet.c.id).exists()
"""A sheet that no later one has voided."""
COUNTS: ColumnElement[bool] = HOLDS & training_sheet.c.attended & training_sheet.c.signed_at.is_not(None)
"""A sheet that holds, of a day attended, signed by the trainee."""


class SheetRow(NamedTuple):
    """A sheet that holds for a day."""

    id: int
    revision: int
    day: date
    kind: str
    attended: bool
    minutes: int


class DayRow(NamedTuple):
    """A day that counts, with the minutes of its sheets."""

    stage: str
    day: date
    minutes: int


_OURS = training_sheet.c.instance_id == bindparam("instance")
_ON_DAY = select(*(training_sheet.c[name] for name in SheetRow._fields)).where(
    _OURS, training_sheet.c.day == bindparam("on"), HOLDS
)
_DAYS = (
    select(training_sheet.c.stage, training_sheet.c.day, func.sum(training_sheet.c.minutes).label("minutes"))
    .where(_OURS, COUNTS)
    .group_by(training_sheet.c.stage, training_sheet.c.day)
)
_ADD = insert(training_sheet)


def on_day(connection: Connection, instance_id: int, day: date) -> list[SheetRow]:
    """Give the sheets of a case that hold for a day, signed or not."""
    return [SheetRow(*row) for row in connection.execute(_ON_DAY, {"instance": instance_id, "on": day})]


def days(connection: Connection, instance_id: int) -> list[DayRow]:
    """Give stage, day and minutes of the days that count: attended, signed, not voided."""
    return [DayRow(*row) for row in connection.execute(_DAYS, {"instance": instance_id})]


def add(connection: Connection, row: Mapping[str, Any]) -> int:
    """Add a sheet; give its id."""
    key = connection.execute(_ADD, dict(row)).inserted_primary_key
    return int(key[0]) if key else 0
