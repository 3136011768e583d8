"""Pauses and extensions as rows; every limit keeps the text and the moment it counts from.

Revision 0008, follows 0007. Expand only: the release before runs on it, and leaves the new columns empty.
"""

from datetime import UTC, datetime
from typing import Any

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

CHUNK = 500
PAST = (
    sa.text(
        "SELECT history.instance_id, history.at, history.actor, history_payload.payload FROM history"
        " JOIN history_payload ON history_payload.instance_id = history.instance_id"
        " AND history_payload.seq = history.seq"
        " WHERE history.kind = 'UserTaskExtended' ORDER BY history.instance_id, history.seq"
    )
    .columns(at=MOMENT, payload=sa.JSON())
    .execution_options(stream_results=False)
)
_NAMES = "asked_by limit_text reason state decided_by"
EXTENSION = sa.table(
    "extension",
    sa.column("instance_id", ID),
    sa.column("user_task_id", ID),
    *(sa.column(name, sa.String()) for name in _NAMES.split()),
    *(sa.column(name, MOMENT) for name in ("asked_at", "decided_at", "was", "due_at")),
)


def upgrade() -> None:
    """Create columns and tables; tell of each order which task's limit it follows."""
    op.add_column("user_task", sa.Column("warn_text", sa.String(100)))
    op.add_column("user_task", sa.Column("warn_from", MOMENT))
    op.add_column("timer", sa.Column("due_from", MOMENT))
    op.add_column("work_order", sa.Column("due_task", ID))
    _pause()
    _extension()
    op.execute(FOLLOWED)
    _keep_past_extensions()


def _keep_past_extensions() -> None:
    """Every extension granted so far stands in the history; receipts and later changes of the calendar need it as a row."""
    connection, batch = op.get_bind(), []
    for row in connection.execute(PAST).yield_per(CHUNK):
        said = row.payload or {}
        if "task" in said and "due_at" in said:
            batch.append(_granted(row, said))
        if len(batch) == CHUNK:
            connection.execute(EXTENSION.insert(), batch)
            batch = []
    if batch:
        connection.execute(EXTENSION.insert(), batch)


def _granted(row: Any, said: dict[str, Any]) -> dict[str, Any]:
    return {
        "instance_id": row.instance_id,
        "user_task_id": said["task"],
        "asked_at": row.at,
        "asked_by": row.actor,
        "limit_text": str(said.get("by", ""))[:100],
        "reason": "",
        "state": "granted",
        "decided_at": row.at,
        "decided_by": row.actor,
        "was": _moment(said.get("was")),
        "due_at": _moment(said["due_at"]),
    }


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


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
