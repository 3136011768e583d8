"""What moves the limits of a case: pauses and extensions."""

from sqlalchemy import Column, ForeignKey, Index, String, Table, text

from engine.store.tables.columns import Id, Moment, key, metadata

pause = Table(
    "pause",
    metadata,
    key(),
    Column("instance_id", Id, ForeignKey("instance.id"), nullable=False, index=True),
    Column("started_at", Moment, nullable=False),
    Column("started_by", String(64), nullable=False),
    Column("reason", String(500), nullable=False),
    Column("kind", String(16), nullable=False),  # caller | evidence | other
    Column("review_at", Moment),
    Column("reviewed_at", Moment),
    Column("ended_at", Moment),
    Column("ended_by", String(64)),
    Column("note", String(500), nullable=False, server_default=""),
)
_OPEN = text("ended_at IS NULL")
_TO_REVIEW = text("ended_at IS NULL AND reviewed_at IS NULL")
Index("uq_pause_open", pause.c.instance_id, unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN)
Index("ix_pause_review", pause.c.review_at, sqlite_where=_TO_REVIEW, postgresql_where=_TO_REVIEW)

extension = Table(
    "extension",
    metadata,
    key(),
    Column("instance_id", Id, ForeignKey("instance.id"), nullable=False, index=True),
    Column("user_task_id", Id, ForeignKey("user_task.id"), nullable=False, index=True),
    Column("asked_at", Moment, nullable=False),
    Column("asked_by", String(64), nullable=False),
    Column("limit_text", String(100), nullable=False),
    Column("reason", String(500), nullable=False),
    Column("state", String(16), nullable=False),  # asked | granted | refused | withdrawn
    Column("decided_at", Moment),
    Column("decided_by", String(64)),
    Column("note", String(500), nullable=False, server_default=""),
    Column("was", Moment),
    Column("due_at", Moment),
)
_ASKED = text("state = 'asked'")
Index("uq_extension_asked", extension.c.user_task_id, unique=True, sqlite_where=_ASKED, postgresql_where=_ASKED)
