"""Logging in, and what people keep: accounts, sessions, drafts, attachments, and who looked at personal data."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from engine.store.tables.columns import Id, Json, Moment, key, metadata

account = Table(
    "account",
    metadata,
    Column("person", String(64), ForeignKey("person.id"), primary_key=True),
    Column("password_hash", String(200), nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("locked_until", Moment),
    Column("changed_at", Moment, nullable=False),
)

app_session = Table(
    "app_session",
    metadata,
    Column("id", String(64), primary_key=True),  # SHA-256 of the cookie's token: a stolen table opens no session
    Column("person", String(64), ForeignKey("person.id"), nullable=False, index=True),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)

admin_event = Table(  # append-only: nothing in the code updates or deletes it
    "admin_event",
    metadata,
    key(),
    Column("at", Moment, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("payload", Json, nullable=False),
)
Index("ix_admin_event_subject", admin_event.c.subject, admin_event.c.id)

access_log = Table(
    "access_log",
    metadata,
    key(),
    Column("at", Moment, nullable=False),
    Column("person", String(64), nullable=False),
    Column("order_id", Id, ForeignKey("work_order.id"), nullable=False, index=True),
    Column("field", String(64), nullable=False),
    Column("reason", String(200), nullable=False),
)

draft = Table(
    "draft",
    metadata,
    Column("person", String(64), ForeignKey("person.id"), primary_key=True),
    Column("about", String(100), primary_key=True),  # task:ID or start:PROCESS:N
    Column("answers", Json, nullable=False),
    Column("saved_at", Moment, nullable=False),
)

attachment = Table(
    "attachment",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("order_id", Id, ForeignKey("work_order.id"), index=True),
    Column("field", String(100), nullable=False),
    Column("name", String(200), nullable=False),
    Column("mime", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("uploaded_by", String(64), ForeignKey("person.id"), nullable=False),
    Column("uploaded_at", Moment, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
)
Index("ix_attachment_loose", attachment.c.uploaded_by, attachment.c.uploaded_at)

attachment_content = Table(
    "attachment_content",
    metadata,
    Column("attachment_id", String(32), ForeignKey("attachment.id"), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
