"""Working calendars and their versions."""

from sqlalchemy import Boolean, Column, Date, Integer, String, Table, Text

from engine.store.tables.columns import Json, Moment, metadata

calendar = Table(
    "calendar",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("version", Integer, nullable=False),  # the newest change that concerns it
    Column("pattern", Json, nullable=False),  # the hours it began with
)

calendar_version = Table(
    "calendar_version",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # one rising number for all calendars
    Column("at", Moment, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("kind", String(16), nullable=False),  # seed | days | exceptions | hours | new | name | years
    Column("calendar", String(64), nullable=False),  # empty: the national days
    Column("title", String(200), nullable=False),
    Column("reason", String(500), nullable=False),
    Column("text", Text, nullable=False),  # the notice as it was pasted
    Column("moved", Integer, nullable=False),  # how many limits it moved
)

calendar_day = Table(
    "calendar_day",
    metadata,
    Column("calendar", String(64), primary_key=True),  # empty: the national days
    Column("day", Date, primary_key=True),
    Column("since", Integer, primary_key=True, autoincrement=False),
    Column("open", Boolean),  # null: as the national day again
    Column("source", String(100), nullable=False),
    Column("provisional", Boolean, nullable=False),
    Column("hours", Json),
)

calendar_hours = Table(
    "calendar_hours",
    metadata,
    Column("calendar", String(64), primary_key=True),
    Column("first", Date, primary_key=True),
    Column("since", Integer, primary_key=True, autoincrement=False),
    Column("name", String(100), nullable=False),
    Column("intervals", Json, nullable=False),
    Column("every_day", Boolean, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
)
