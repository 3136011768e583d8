"""How notices reach people: channels, addresses, wishes, inboxes, attempts.

Revision 0012, follows 0011. Expand only: the release before runs on it unchanged.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB, "postgresql")

OUTBOX = {
    "mark": lambda: sa.Column("mark", sa.String(80)),
    "urgent": lambda: sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.text("false")),
    "chain": lambda: sa.Column("chain", JSON),
    "unread_after": lambda: sa.Column("unread_after", sa.String(40)),
    "only_unread": lambda: sa.Column("only_unread", sa.Boolean(), nullable=False, server_default=sa.text("false")),
    "merged_into": lambda: sa.Column("merged_into", ID),
    "parts_done": lambda: sa.Column("parts_done", sa.Integer(), nullable=False, server_default=sa.text("0")),
    "unknowns": lambda: sa.Column("unknowns", sa.Integer(), nullable=False, server_default=sa.text("0")),
    "code": lambda: sa.Column("code", sa.String(64)),
    "receipt": lambda: sa.Column("receipt", sa.String(200)),
    "confirmed_at": lambda: sa.Column("confirmed_at", MOMENT),
    "link_used_at": lambda: sa.Column("link_used_at", MOMENT),
}
READY, FAILED, UNREAD = sa.text("state = 'ready'"), sa.text("state = 'failed'"), sa.text("read_at IS NULL")


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}")


def upgrade() -> None:
    """Create the tables and widen the outbox."""
    _channels()
    _people()
    with op.batch_alter_table("outbox") as table:
        for column in OUTBOX.values():
            table.add_column(column())
        table.create_foreign_key("fk_outbox_merged_into", "outbox", ["merged_into"], ["id"])
    op.create_index("ix_outbox_merged_into", "outbox", ["merged_into"])
    op.create_index("ix_outbox_mark", "outbox", ["mark"])
    waiting = {"sqlite_where": READY, "postgresql_where": READY}
    op.create_index("ix_outbox_waiting_for", "outbox", ["channel", "recipient"], **waiting)
    failed = {"sqlite_where": FAILED, "postgresql_where": FAILED}
    op.create_index("ix_outbox_failed", "outbox", ["channel", "id"], **failed)
    _attempts()


def _channels() -> None:
    op.create_table(
        "channel",
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("unit", sa.String(64)),
        sa.Column("settings", JSON, nullable=False),
        sa.Column("secrets", JSON, nullable=False),
        sa.Column("allows_inside", sa.Boolean(), nullable=False),
        sa.Column("rate", sa.Integer()),
        sa.Column("rate_seconds", sa.Integer()),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_channel"),
        _reference("channel", "unit", "unit.id"),
    )
    op.create_table(
        "channel_pace",
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("moments", JSON, nullable=False),
        sa.Column("held_until", MOMENT),
        sa.Column("code", sa.String(64)),
        sa.Column("words", sa.Text()),
        sa.PrimaryKeyConstraint("channel", name="pk_channel_pace"),
    )
    op.create_table(
        "hook_receipt",
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("id", sa.String(80), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("channel", "id", name="pk_hook_receipt"),
    )


def _people() -> None:
    op.create_table(
        "reach",
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("email", sa.String(254)),
        sa.Column("phone", sa.String(20)),
        sa.Column("quiet", sa.Boolean()),
        sa.PrimaryKeyConstraint("person", name="pk_reach"),
        _reference("reach", "person", "person.id"),
    )
    op.create_table(
        "reach_wish",
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("channels", JSON, nullable=False),
        sa.PrimaryKeyConstraint("person", "kind", name="pk_reach_wish"),
        _reference("reach_wish", "person", "person.id"),
    )
    op.create_table(
        "notification",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("mark", sa.String(80), nullable=False),
        sa.Column("instance_id", ID),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("notice", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("meant", sa.String(140), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("read_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_notification"),
        sa.UniqueConstraint("mark", name="uq_notification_mark"),
        _reference("notification", "instance_id", "instance.id"),
        _reference("notification", "person", "person.id"),
    )
    op.create_index("ix_notification_instance_id", "notification", ["instance_id"])
    op.create_index("ix_notification_person", "notification", ["person", "id"])
    op.create_index(
        "ix_notification_unread", "notification", ["person"], sqlite_where=UNREAD, postgresql_where=UNREAD
    )


def _attempts() -> None:
    op.create_table(
        "delivery_attempt",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("outbox_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_delivery_attempt"),
        sa.UniqueConstraint(
            "outbox_id", "number", "outcome", name="uq_delivery_attempt_outbox_id_number_outcome"
        ),
        _reference("delivery_attempt", "outbox_id", "outbox.id"),
    )
    op.create_index("ix_delivery_attempt_channel", "delivery_attempt", ["channel", "outcome", "id"])


def downgrade() -> None:
    """Drop them, and narrow the outbox."""
    op.drop_table("delivery_attempt")
    for index in ("ix_outbox_failed", "ix_outbox_waiting_for", "ix_outbox_mark", "ix_outbox_merged_into"):
        op.drop_index(index, "outbox")
    with op.batch_alter_table("outbox") as table:
        table.drop_constraint("fk_outbox_merged_into", type_="foreignkey")
        for column in OUTBOX:
            table.drop_column(column)
    for table_name in ("notification", "reach_wish", "reach", "hook_receipt", "channel_pace", "channel"):
        op.drop_table(table_name)
