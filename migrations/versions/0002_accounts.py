"""Accounts, sessions, drafts, attachments, and the log of who looked at personal data.

Revision 0002, follows 0001. One file, one purpose: expand, deploy, contract.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables; add the indexes that rotation, search and the board need."""
    _accounts()
    _papers()
    op.create_index("ix_user_task_element", "user_task", ["element_id", "id"])
    op.create_index("ix_work_order_received", "work_order", ["received_at"])
    still_open = sa.text("status = 'open'")
    op.create_index(
        "ix_work_order_open", "work_order", ["process", "unit"], sqlite_where=still_open, postgresql_where=still_open
    )


def _accounts() -> None:
    op.create_table(
        "account",
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("locked_until", MOMENT),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_account_person"),
        sa.PrimaryKeyConstraint("person", name="pk_account"),
    )
    op.create_table(
        "app_session",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_app_session_person"),
        sa.PrimaryKeyConstraint("id", name="pk_app_session"),
    )
    op.create_index("ix_app_session_person", "app_session", ["person"])
    op.create_table(
        "access_log",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("field", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name="fk_access_log_order_id"),
        sa.PrimaryKeyConstraint("id", name="pk_access_log"),
    )
    op.create_index("ix_access_log_order_id", "access_log", ["order_id"])


def _papers() -> None:
    op.create_table(
        "draft",
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("about", sa.String(100), nullable=False),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_draft_person"),
        sa.PrimaryKeyConstraint("person", "about", name="pk_draft"),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("order_id", ID),
        sa.Column("field", sa.String(100), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("mime", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("uploaded_by", sa.String(64), nullable=False),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name="fk_attachment_order_id"),
        sa.ForeignKeyConstraint(["uploaded_by"], ["person.id"], name="fk_attachment_uploaded_by"),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
    )
    op.create_index("ix_attachment_order_id", "attachment", ["order_id"])
    op.create_index("ix_attachment_loose", "attachment", ["uploaded_by", "uploaded_at"])
    op.create_table(
        "attachment_content",
        sa.Column("attachment_id", sa.String(32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachment.id"], name="fk_attachment_content_attachment_id"),
        sa.PrimaryKeyConstraint("attachment_id", name="pk_attachment_content"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_user_task_element", "user_task")
    op.drop_index("ix_work_order_received", "work_order")
    op.drop_index("ix_work_order_open", "work_order")
    for name in ("attachment_content", "attachment", "draft", "access_log", "app_session", "account"):
        op.drop_table(name)
