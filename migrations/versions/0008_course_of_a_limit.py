"""Pauses and extensions as rows; every limit keeps the text and the moment it counts from.

Revision 0008, follows 0007. Expand only: the release before runs on it, and leaves the new columns empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("ended_at IS NULL")
TO_REVIEW = sa.text("ended_at IS NULL AND reviewed_at IS NULL")
ASKED = sa.text("state = 'asked'")
FOLLOWED = """
    UPDATE work_order SET due_task = (
        SELECT MAX(user_task.id) FROM user_task
        WHERE user_task.instance_id = work_order.instance_id AND user_task.due_at = work_order.due_at
    ) WHERE due_at IS NOT NULL
"""
"""The order's due moment was copied from the task opened last; no other task falls due at the very same microsecond."""


def upgrade() -> None:
    """Create columns and tables; tell of each order which task's limit it follows."""
    op.add_column("user_task", sa.Column("warn_text", sa.String(100)))
    op.add_column("user_task", sa.Column("warn_from", MOMENT))
    op.add_column("timer", sa.Column("due_from", MOMENT))
    op.add_column("work_order", sa.Column("due_task", ID))
    _pause()
    _extension()
    op.execute(FOLLOWED)


def _pause() -> None:
    op.create_table(
        "pause",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("instance_id", ID, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("started_by", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("review_at", MOMENT),
        sa.Column("reviewed_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("ended_by", sa.String(64)),
        sa.Column("note", sa.String(500), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_pause"),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name="fk_pause_instance_id"),
    )
    op.create_index("ix_pause_instance_id", "pause", ["instance_id"])
    op.create_index("uq_pause_open", "pause", ["instance_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("ix_pause_review", "pause", ["review_at"], sqlite_where=TO_REVIEW, postgresql_where=TO_REVIEW)


def _extension() -> None:
    op.create_table(
        "extension",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("instance_id", ID, nullable=False),
        sa.Column("user_task_id", ID, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("asked_by", sa.String(64), nullable=False),
        sa.Column("limit_text", sa.String(100), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("decided_at", MOMENT),
        sa.Column("decided_by", sa.String(64)),
        sa.Column("note", sa.String(500), nullable=False, server_default=""),
        sa.Column("was", MOMENT),
        sa.Column("due_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_extension"),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name="fk_extension_instance_id"),
        sa.ForeignKeyConstraint(["user_task_id"], ["user_task.id"], name="fk_extension_user_task_id"),
    )
    op.create_index("ix_extension_instance_id", "extension", ["instance_id"])
    op.create_index("ix_extension_user_task_id", "extension", ["user_task_id"])
    op.create_index(
        "uq_extension_asked",
        "extension",
        ["user_task_id"],
        unique=True,
        sqlite_where=ASKED,
        postgresql_where=ASKED,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("extension")
    op.drop_table("pause")
    op.drop_column("work_order", "due_task")
    op.drop_column("timer", "due_from")
    op.drop_column("user_task", "warn_from")
    op.drop_column("user_task", "warn_text")
