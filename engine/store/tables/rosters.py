"""Who is on duty when: rosters, weekly turns, changes to them."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, String, Table

from engine.store.tables.columns import Moment, key, metadata

roster = Table(
    "roster",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("calendar", String(64)),  # while it is open nobody need be on duty
)

roster_turn = Table(
    "roster_turn",
    metadata,
    key(),
    Column("roster", String(64), ForeignKey("roster.key"), nullable=False, index=True),
    Column("person", String(64), ForeignKey("person.id"), nullable=False),
    Column("weekdays", String(7), nullable=False),
    Column("starts", Integer, nullable=False),  # minutes after midnight
    Column("ends", Integer, nullable=False),
    Column("first", Date, nullable=False),
    Column("last", Date),
)

roster_change = Table(
    "roster_change",
    metadata,
    key(),
    Column("roster", String(64), ForeignKey("roster.key"), nullable=False, index=True),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("person", String(64), ForeignKey("person.id")),  # null: nobody
    Column("instead_of", String(64), ForeignKey("person.id")),  # null: everybody
    Column("reason", String(500), nullable=False),
    Column("handed_over", Boolean, nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", Moment, nullable=False),
)
