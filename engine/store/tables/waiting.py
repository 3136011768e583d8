"""What waits for time, workers, messages or channels."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, text

from engine.store.tables.columns import Id, Json, Moment, key, metadata

timer = Table(
    "timer",
    metadata,
    key(),
    Column("instance_id", Id, ForeignKey("instance.id"), nullable=False),
    Column("token_id", String(32), nullable=False),
    Column("element_id", String(100), nullable=False),
    Column("host", String(32), nullable=False),
    Column("role", String(8), nullable=False),  # due | warn | ''
    Column("kind", String(16), nullable=False),  # once | cycle
    Column("text", String(100), nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("due_from", Moment),  # the moment it counts from; of a cycle the turn before
    Column("remaining", Integer),  # of a cycle; null = for ever
    Column("calendar", String(64)),
    Column("calendar_version", Integer),
    Column("state", String(16), nullable=False, server_default="waiting"),  # waiting | paused | failed
    UniqueConstraint("instance_id", "token_id"),
)
Index(
    "ix_timer_due",
    timer.c.due_at,
    timer.c.id,
    sqlite_where=text("state = 'waiting'"),
    postgresql_where=text("state = 'waiting'"),
)

message_wait = Table(
    "message_wait",
    metadata,
    key(),
    Column("name", String(100), nullable=False),
    Column("key", String(100), nullable=False),
    Column("instance_id", Id, ForeignKey("instance.id"), nullable=False, index=True),
    Column("token_id", String(32), nullable=False),
    Column("element_id", String(100), nullable=False),
    UniqueConstraint("name", "key", "instance_id", "token_id"),
)

message_receipt = Table(
    "message_receipt",
    metadata,
    Column("key", String(80), primary_key=True),  # the sending job's idempotency key
    Column("number", String(40), nullable=False),  # of the order it started or woke; empty: nobody listens any more
    Column("at", Moment, nullable=False),
)

job = Table(
    "job",
    metadata,
    key(),
    Column("instance_id", Id, ForeignKey("instance.id"), nullable=False, index=True),
    Column("token_id", String(32), nullable=False),
    Column("element_id", String(100), nullable=False),
    Column("topic", String(100), nullable=False),
    Column("payload", Json, nullable=False),
    Column("idempotency_key", String(80), nullable=False, unique=True),
    Column("run_at", Moment, nullable=False),
    Column("state", String(16), nullable=False),  # ready | resting | leased | kept | done | failed | cancelled
    Column("owner", String(80)),
    Column("lease_until", Moment),
    Column("fence", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Text),
)
Index(
    "ix_job_ready",
    job.c.run_at,
    job.c.id,
    sqlite_where=text("state = 'ready'"),
    postgresql_where=text("state = 'ready'"),
)
Index(
    "ix_job_leased", job.c.lease_until, sqlite_where=text("state = 'leased'"), postgresql_where=text("state = 'leased'")
)
Index(
    "uq_job_leased",
    job.c.instance_id,
    unique=True,
    sqlite_where=text("state = 'leased'"),
    postgresql_where=text("state = 'leased'"),
)

outbox = Table(
    "outbox",
    metadata,
    key(),
    Column("instance_id", Id, ForeignKey("instance.id"), index=True),
    Column("channel", String(32), nullable=False),
    Column("recipient", String(140), nullable=False),
    Column("notice", String(64), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("body", Text, nullable=False),
    Column("idempotency_key", String(80), nullable=False, unique=True),
    Column("created_at", Moment, nullable=False),
    Column("run_at", Moment, nullable=False),
    Column("state", String(16), nullable=False),  # ready | leased | sent | passed_on | failed | merged | unneeded
    Column("owner", String(80)),
    Column("lease_until", Moment),
    Column("fence", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Text),
    Column("sent_at", Moment),
    Column("mark", String(80)),  # of the notification it carries; null: it goes to somebody outside
    Column("urgent", Boolean, nullable=False, server_default=text("false")),
    Column("chain", Json),  # the channels to try after this one, in order
    Column("unread_after", String(40)),  # the working time after which the next of the chain is tried unless it is read
    Column("only_unread", Boolean, nullable=False, server_default=text("false")),
    Column("merged_into", Id, ForeignKey("outbox.id"), index=True),  # the digest it went out with
    Column("parts_done", Integer, nullable=False, server_default=text("0")),
    Column("unknowns", Integer, nullable=False, server_default=text("0")),  # attempts whose answer was lost
    Column("code", String(64)),  # the provider's, of the last attempt
    Column("receipt", String(200)),  # the provider's number of the message
    Column("confirmed_at", Moment),
    Column("link_used_at", Moment),
)
Index(
    "ix_outbox_ready",
    outbox.c.run_at,
    outbox.c.id,
    sqlite_where=text("state = 'ready'"),
    postgresql_where=text("state = 'ready'"),
)
Index(
    "ix_outbox_leased",
    outbox.c.lease_until,
    sqlite_where=text("state = 'leased'"),
    postgresql_where=text("state = 'leased'"),
)
Index(
    "ix_outbox_channel",
    outbox.c.channel,
    outbox.c.run_at,
    outbox.c.id,
    sqlite_where=text("state = 'ready'"),
    postgresql_where=text("state = 'ready'"),
)
Index(
    "ix_outbox_waiting_for",
    outbox.c.channel,
    outbox.c.recipient,
    sqlite_where=text("state = 'ready'"),
    postgresql_where=text("state = 'ready'"),
)
Index("ix_outbox_mark", outbox.c.mark)
Index(
    "ix_outbox_failed",
    outbox.c.channel,
    outbox.c.id,
    sqlite_where=text("state = 'failed'"),
    postgresql_where=text("state = 'failed'"),
)
