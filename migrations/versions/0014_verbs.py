"""Stand-ins, signers asked for a task, copies, and whom a case is about; what a task remembers of delegation, opening and return.

Revision 0014, follows 0013. Expand only: the release before runs on it unchanged.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014"
down_revision = "0013"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
ASKED = sa.text("state = 'asked'")


def upgrade() -> None:
    """Add the columns and create the tables."""
    op.add_column("user_task", sa.Column("owner", sa.String(64)))
    op.add_column("user_task", sa.Column("on_behalf", sa.String(64)))
    op.add_column("user_task", sa.Column("seen_at", MOMENT))
    op.add_column("user_task", sa.Column("returned", JSON))
    op.add_column("user_task", sa.Column("held", JSON))
    op.add_column("user_task", sa.Column("signers", JSON))
    _substitute()
    _signing()
    _copied()
    _recusal()


def _substitute() -> None:
    op.create_table(
        "substitute",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("principal", sa.String(64), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("from_at", MOMENT, nullable=False),
        sa.Column("until_at", MOMENT, nullable=False),
        sa.Column("processes", JSON),
        sa.Column("reason", sa.String(500), nullable=False, server_default=""),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("ended_by", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_substitute"),
    )
    op.create_index("ix_substitute_principal", "substitute", ["principal"])
    op.create_index("ix_substitute_person", "substitute", ["person"])


def _signing() -> None:
    op.create_table(
        "signing",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("instance_id", ID, nullable=False),
        sa.Column("user_task_id", ID, nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("mode", sa.String(8), nullable=False),
        sa.Column("question", sa.String(500), nullable=False),
        sa.Column("asked_by", sa.String(64), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("agrees", sa.Boolean()),
        sa.Column("answer", sa.String(2000), nullable=False, server_default=""),
        sa.Column("ended_at", MOMENT),
        sa.Column("ended_by", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_signing"),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name="fk_signing_instance_id"),
        sa.ForeignKeyConstraint(["user_task_id"], ["user_task.id"], name="fk_signing_user_task_id"),
    )
    op.create_index("ix_signing_instance_id", "signing", ["instance_id"])
    op.create_index("ix_signing_user_task_id", "signing", ["user_task_id"])
    op.create_index(
        "uq_signing_asked",
        "signing",
        ["user_task_id", "person"],
        unique=True,
        sqlite_where=ASKED,
        postgresql_where=ASKED,
    )


def _copied() -> None:
    op.create_table(
        "copied",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("instance_id", ID, nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("note", sa.String(500), nullable=False, server_default=""),
        sa.Column("read_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_copied"),
        sa.UniqueConstraint("instance_id", "person", name="uq_copied_instance_id_person"),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name="fk_copied_instance_id"),
    )
    op.create_index("ix_copied_person", "copied", ["person", "at"])


def _recusal() -> None:
    op.create_table(
        "recusal",
        sa.Column("instance_id", ID, nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", "person", name="pk_recusal"),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name="fk_recusal_instance_id"),
    )
    op.create_index("ix_recusal_person", "recusal", ["person", "instance_id"])


def downgrade() -> None:
    """Take the tables and columns away."""
    for name in ("recusal", "copied", "signing", "substitute"):
        op.drop_table(name)
    for column in ("signers", "held", "returned", "seen_at", "on_behalf", "owner"):
        op.drop_column("user_task", column)
