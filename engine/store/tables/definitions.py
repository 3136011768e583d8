"""What was deployed: definitions by version and their files."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint, text

from engine.store.tables.columns import Id, Moment, key, metadata

deployment = Table(
    "deployment",
    metadata,
    key(),
    Column("at", Moment, nullable=False),
    Column("by", String(64), nullable=False),
    Column("note", Text, nullable=False, server_default=""),
)

definition = Table(
    "definition",
    metadata,
    key(),
    Column("deployment_id", Id, ForeignKey("deployment.id"), nullable=False),
    Column("key", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("family", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("state", String(16), nullable=False),  # draft | active | retired
    UniqueConstraint("key", "version"),
)
Index(
    "ix_definition_active",
    definition.c.key,
    unique=True,
    sqlite_where=text("state = 'active'"),
    postgresql_where=text("state = 'active'"),
)

resource = Table(
    "resource",
    metadata,
    Column("definition_id", Id, ForeignKey("definition.id"), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
