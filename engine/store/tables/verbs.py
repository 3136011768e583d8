"""What people's verbs leave behind: stand-ins, signers asked for a task, copies; and whom a case is about."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, PrimaryKeyConstraint, String, Table, UniqueConstraint, text

from engine.store.tables.columns import Id, Json, Moment, key, metadata

substitute = Table(
    "substitute",
    metadata,
    key(),
    Column("principal", String(64), nullable=False, index=True),  # who is away
    Column("person", String(64), nullable=False, index=True),  # who stands in
    Column("from_at", Moment, nullable=False),
    Column("until_at", Moment, nullable=False),
    Column("processes", Json),  # procedures it holds for; null: all
    Column("reason", String(500), nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("ended_at", Moment),  # ended early
    Column("ended_by", String(64)),
)

signing = Table(
    "signing",
    metadata,
    key(),
    Column("instance_id", Id, ForeignKey("instance.id"), nullable=False, index=True),
    Column("user_task_id", Id, ForeignKey("user_task.id"), nullable=False, index=True),
    Column("person", String(64), nullable=False),
    Column("mode", String(8), nullable=False),  # before | after | parallel
    Column("question", String(500), nullable=False),
    Column("asked_by", String(64), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("state", String(8), nullable=False),  # asked | signed | dropped
    Column("agrees", Boolean),
    Column("answer", String(2000), nullable=False, server_default=""),
    Column("ended_at", Moment),
    Column("ended_by", String(64)),
)
_ASKED = text("state = 'asked'")
Index(
    "uq_signing_asked",
    signing.c.user_task_id,
    signing.c.person,
    unique=True,
    sqlite_where=_ASKED,
    postgresql_where=_ASKED,
)
Index("ix_signing_person", signing.c.person, sqlite_where=_ASKED, postgresql_where=_ASKED)

copied = Table(
    "copied",
    metadata,
    key(),
    Column("instance_id", Id, ForeignKey("instance.id"), nullable=False),
    Column("person", String(64), nullable=False),
    Column("by", String(64), nullable=False),  # a person, or `system` where the diagram says so
    Column("at", Moment, nullable=False),
    Column("note", String(500), nullable=False, server_default=""),
    Column("read_at", Moment),
    UniqueConstraint("instance_id", "person"),
)
Index("ix_copied_person", copied.c.person, copied.c.at)

recusal = Table(
    "recusal",
    metadata,
    Column("instance_id", Id, ForeignKey("instance.id"), nullable=False),
    Column("person", String(64), nullable=False),
    PrimaryKeyConstraint("instance_id", "person"),
)
Index("ix_recusal_person", recusal.c.person, recusal.c.instance_id)
