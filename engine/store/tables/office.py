"""The office around the cases: people, units, number series, settings, duties."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text

from engine.store.tables.columns import Moment, metadata

unit = Table(
    "unit",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("parent", String(64), ForeignKey("unit.id")),
    Column("kind", String(32), nullable=False),
    Column("calendar", String(64)),
)

person = Table(
    "person",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("active", Boolean, nullable=False),
)

membership = Table(
    "membership",
    metadata,
    Column("person", String(64), ForeignKey("person.id"), primary_key=True),
    Column("unit", String(64), ForeignKey("unit.id"), primary_key=True, index=True),
    Column("role", String(64), primary_key=True, index=True),
)

role = Table(
    "role",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(100), nullable=False),
)

number_series = Table(
    "number_series",
    metadata,
    Column("procedure", String(64), primary_key=True),
    Column("period", String(16), primary_key=True),
    Column("last", Integer, nullable=False),
)

setting = Table(
    "setting",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

periodic_run = Table(
    "periodic_run",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("slot", String(40), primary_key=True),
    Column("at", Moment, nullable=False),
)
