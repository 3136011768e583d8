"""Daily sheets of training: who trained whom, on which day, at what, for how long. Rows are added, never changed."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from engine.store.tables.columns import Id, Moment, key, metadata

training_sheet = Table(
    "training_sheet",
    metadata,
    key(),
    Column("instance_id", Id, ForeignKey("instance.id"), nullable=False),
    Column("stage", String(32), nullable=False),
    Column("day", Date, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("revision", Integer, nullable=False),  # 0, then one more for each correction; the highest one holds
    Column("voids", Id, ForeignKey("training_sheet.id"), unique=True),
    Column("attended", Boolean, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("trainer", String(64), nullable=False),
    Column("trainee", String(64), nullable=False),
    Column("machine", String(100), nullable=False),
    Column("note", Text, nullable=False),
    Column("signed_at", Moment),  # by the trainee; null = never signed, does not count
    Column("written_at", Moment, nullable=False),
    UniqueConstraint("instance_id", "day", "kind", "revision", name="uq_training_sheet_revision"),
    CheckConstraint("minutes BETWEEN 0 AND 1440", name="ck_training_sheet_minutes"),
)
