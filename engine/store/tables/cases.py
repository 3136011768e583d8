"""Running and finished cases: instances, work orders, user tasks, history, links, incidents."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint, text

from engine.store.tables.columns import Exact, Id, Json, Moment, key, metadata

instance = Table(
    "instance",
    metadata,
    key(),
    Column("definition_id", Id, ForeignKey("definition.id"), nullable=False, index=True),
    Column("state", LargeBinary),
    Column("version", Integer, nullable=False),
    Column("status", String(16), nullable=False),  # running | suspended | completed | terminated
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("history_seq", Integer, nullable=False),
    Column("history_hash", String(64), nullable=False),
)

work_order = Table(
    "work_order",
    metadata,
    key(),
    Column("instance_id", Id, ForeignKey("instance.id"), nullable=False, unique=True),
    Column("process", String(64), nullable=False),
    Column("number", String(40), nullable=False, unique=True),
    Column("title", String(200), nullable=False),
    Column("summary", Text, nullable=False),
    Column("category", String(64)),
    Column("urgency", String(32)),
    Column("channel", String(32)),
    Column("requester", String(100)),
    Column("phone", String(40)),
    Column("place", String(200)),
    Column("unit", String(64)),
    Column("status", String(16), nullable=False),  # see domain/states.py
    Column("created_by", String(64), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("due_at", Moment),
    Column("due_task", Id),  # the user task whose limit it follows
    Column("closed_at", Moment),
    Column("record", Json, nullable=False),
    Column("search_text", Text, nullable=False),
)
Index("ix_work_order_phone", work_order.c.phone, work_order.c.received_at)
Index("ix_work_order_place", work_order.c.place, work_order.c.received_at)
Index("ix_work_order_received", work_order.c.received_at)
Index(
    "ix_work_order_open",
    work_order.c.process,
    work_order.c.unit,
    sqlite_where=text("status IN ('open', 'paused', 'suspended')"),
    postgresql_where=text("status IN ('open', 'paused', 'suspended')"),
)
Index("ix_work_order_created_by", work_order.c.created_by, work_order.c.received_at)

user_task = Table(
    "user_task",
    metadata,
    key(),
    Column("instance_id", Id, ForeignKey("instance.id"), nullable=False),
    Column("token_id", String(32), nullable=False),
    Column("element_id", String(100), nullable=False),
    Column("name", String(200), nullable=False),
    Column("item", String(100), nullable=False),
    Column("host", String(32), nullable=False),
    Column("assignee", String(64)),
    Column("groups", Json, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("due_at", Moment),
    Column("due_text", String(100)),
    Column("due_from", Moment),
    Column("warn_at", Moment),
    Column("warn_text", String(100)),
    Column("warn_from", Moment),
    Column("calendar", String(64)),
    Column("calendar_version", Integer),
    Column("state", String(16), nullable=False),  # open | completed | cancelled
    Column("claimed_at", Moment),
    Column("ended_at", Moment),
    Column("ended_by", String(64)),
    Column("owner", String(64)),  # who asked its holder to do it and gets it back (委派)
    Column("on_behalf", String(64)),  # whose task the one who did it stood in for (代理)
    Column("seen_at", Moment),  # when somebody whose task it is first opened it
    Column(
        "returned", Json
    ),  # of a task that came back: by, at, reason, from, to; then: where to go straight on; redone
    Column("held", Json),  # answers that wait for those asked to sign: by, at, answers, cleaned, words
    Column("signers", Json),  # people who can sign now, by id (加签); null: nobody was ever asked
    Column("barred", Json),  # people whom a rule of assignment keeps from it, by id
    Column("picked", String(64)),  # whom the diagram's strategy chose when it opened, whoever holds it later
)
Index("ix_user_task_instance", user_task.c.instance_id, user_task.c.state)
Index("uq_user_task_open_token", user_task.c.instance_id, user_task.c.token_id, unique=True)
Index(
    "ix_user_task_due",
    user_task.c.due_at,
    sqlite_where=text("state = 'open'"),
    postgresql_where=text("state = 'open'"),
)
Index("ix_user_task_element", user_task.c.element_id, user_task.c.id)
Index(
    "ix_user_task_picked",
    user_task.c.element_id,
    user_task.c.id,
    sqlite_where=text("picked IS NOT NULL"),
    postgresql_where=text("picked IS NOT NULL"),
)
Index("ix_user_task_done", user_task.c.ended_by, user_task.c.ended_at)
Index(
    "ix_user_task_held",
    user_task.c.assignee,
    sqlite_where=text("state = 'open'"),
    postgresql_where=text("state = 'open'"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("principal", String(140), primary_key=True),
    Column("due_at", Moment, primary_key=True),
    Column("user_task_id", Id, ForeignKey("user_task.id"), primary_key=True, index=True),
)

history = Table(
    "history",
    metadata,
    Column("instance_id", Id, ForeignKey("instance.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("element_id", String(100), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

Index("ix_history_at", history.c.at)

history_payload = Table(
    "history_payload",
    metadata,
    Column("instance_id", Id, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("payload", Exact, nullable=False),
)

link = Table(
    "link",
    metadata,
    key(),
    Column("order_id", Id, ForeignKey("work_order.id"), nullable=False, index=True),
    Column("other_id", Id, ForeignKey("work_order.id"), nullable=False, index=True),
    Column("kind", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("order_id", "other_id", "kind"),
)

incident = Table(
    "incident",
    metadata,
    key(),
    Column("instance_id", Id, ForeignKey("instance.id"), index=True),
    Column("job_id", Id),
    Column("timer_id", Id),
    Column("kind", String(40), nullable=False),
    Column("element_id", String(100), nullable=False),
    Column("reason", Text, nullable=False),
    Column("payload", Json, nullable=False),
    Column("at", Moment, nullable=False),
    Column("state", String(16), nullable=False),  # open | resolved
    Column("resolved_by", String(64)),
    Column("resolved_at", Moment),
)
Index("ix_incident_open", incident.c.at, sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'"))
