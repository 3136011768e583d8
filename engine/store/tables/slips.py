"""Written reminders of a task with their answers, and how far up its ladder of posts a task has climbed."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint, text

from engine.store.tables.columns import Id, Moment, key, metadata

slip = Table(
    "slip",
    metadata,
    key(),
    Column("number", String(60), nullable=False, unique=True),
    Column("kind", String(10), nullable=False),  # urge | supervise
    Column("instance_id", Id, ForeignKey("instance.id"), nullable=False, index=True),
    Column("user_task_id", Id, ForeignKey("user_task.id"), nullable=False, index=True),
    Column("issued_at", Moment, nullable=False),
    Column("issued_by", String(64), nullable=False),  # a person, or `system` where a ladder of the diagram did
    Column("text", String(500), nullable=False),
    Column("answer_within", String(200), nullable=False),  # the limit that the answer was given
    Column("answer_by", Moment, nullable=False),
    Column("told_at", Moment),  # when the issuer was told that nobody had answered in time
    Column("answered_at", Moment),
    Column("answered_by", String(64)),
    Column("answer", String(500), nullable=False, server_default=""),
)
_AWAITED = text("answered_at IS NULL AND told_at IS NULL")
Index("ix_slip_awaited", slip.c.answer_by, sqlite_where=_AWAITED, postgresql_where=_AWAITED)

ladder_step = Table(
    "ladder_step",
    metadata,
    key(),
    Column("instance_id", Id, ForeignKey("instance.id"), nullable=False),
    Column("host", String(32), nullable=False),  # of the task's activity, or of all the tasks of a repeated one
    Column("element_id", String(100), nullable=False),  # the ladder: its service task
    Column("step", Integer, nullable=False),
    Column("post", String(140), nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("instance_id", "host", "element_id", "step"),
)
