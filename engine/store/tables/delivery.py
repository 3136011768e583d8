"""How notices reach people: channels, addresses, wishes, what stands in each person's inbox, and every attempt to deliver."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, text

from engine.store.tables.columns import Id, Json, Moment, key, metadata

channel = Table(
    "channel",
    metadata,
    Column("key", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),  # email | wecom | dingtalk | webhook | sms | apprise | console
    Column("name", String(100), nullable=False),
    Column("unit", String(64), ForeignKey("unit.id")),  # its people and those of the units below only; null: everyone
    Column("settings", Json, nullable=False),  # what may be read: server, port, sender, template …
    Column("secrets", Json, nullable=False),  # name → sealed with BANJIE_SECRET; never shown
    Column("allows_inside", Boolean, nullable=False),  # whether its host may lie in a private network
    Column("rate", Integer),  # messages in `rate_seconds`; null: no limit
    Column("rate_seconds", Integer),
    Column("is_on", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("changed_by", String(64), nullable=False),
)

channel_pace = Table(
    "channel_pace",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column(
        "moments", Json, nullable=False
    ),  # [message, ISO text, is it out] of the last sendings, as many as its rate counts; by the lease clock
    Column("held_until", Moment),  # the provider asked the whole channel to wait
    Column("code", String(64)),
    Column("words", Text),
)

reach = Table(
    "reach",
    metadata,
    Column("person", String(64), ForeignKey("person.id"), primary_key=True),
    Column("email", String(254)),
    Column("phone", String(20)),
    Column("quiet", Boolean),  # outside working hours only what is urgent leaves the house; null: as the office has it
)

reach_wish = Table(
    "reach_wish",
    metadata,
    Column("person", String(64), ForeignKey("person.id"), primary_key=True),
    Column("kind", String(16), primary_key=True),  # of notice: assigned | reminder | escalation | result | office
    Column("channels", Json, nullable=False),  # kinds of channels in order; empty: the inbox alone
)

notification = Table(
    "notification",
    metadata,
    key(),
    Column("mark", String(80), nullable=False, unique=True),
    Column("instance_id", Id, ForeignKey("instance.id"), index=True),
    Column("person", String(64), ForeignKey("person.id"), nullable=False),
    Column("notice", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("meant", String(140), nullable=False),  # the performer word that meant this person; may be empty
    Column("subject", String(200), nullable=False),
    Column("body", Text, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("read_at", Moment),
)
Index("ix_notification_person", notification.c.person, notification.c.id)
Index(
    "ix_notification_unread",
    notification.c.person,
    sqlite_where=text("read_at IS NULL"),
    postgresql_where=text("read_at IS NULL"),
)

delivery_attempt = Table(
    "delivery_attempt",
    metadata,
    key(),
    Column("outbox_id", Id, ForeignKey("outbox.id"), nullable=False),
    Column("number", Integer, nullable=False),  # the lease under which it was tried
    Column("channel", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    Column("outcome", String(16), nullable=False),  # delivered | rejected | retry | unknown | confirmed | undelivered
    Column("code", String(64), nullable=False),
    Column("words", Text, nullable=False),
    UniqueConstraint("outbox_id", "number", "outcome"),
)
Index("ix_delivery_attempt_channel", delivery_attempt.c.channel, delivery_attempt.c.outcome, delivery_attempt.c.id)

hook_receipt = Table(
    "hook_receipt",
    metadata,
    Column("channel", String(32), primary_key=True),
    Column("id", String(80), primary_key=True),  # the sender's number of a call: a second one is a replay
    Column("at", Moment, nullable=False),
)
