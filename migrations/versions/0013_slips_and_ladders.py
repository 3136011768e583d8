"""Slips with their answers, and the steps of ladders.

Revision 0013, follows 0012. Expand only: the release before runs on it unchanged.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
AWAITED = sa.text("answered_at IS NULL AND told_at IS NULL")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "slip",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("instance_id", ID, nullable=False),
        sa.Column("user_task_id", ID, nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("issued_by", sa.String(64), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("answer_within", sa.String(200), nullable=False),
        sa.Column("answer_by", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT),
        sa.Column("answered_at", MOMENT),
        sa.Column("answered_by", sa.String(64)),
        sa.Column("answer", sa.String(500), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_slip"),
        sa.UniqueConstraint("number", name="uq_slip_number"),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name="fk_slip_instance_id"),
        sa.ForeignKeyConstraint(["user_task_id"], ["user_task.id"], name="fk_slip_user_task_id"),
    )
    op.create_index("ix_slip_instance_id", "slip", ["instance_id"])
    op.create_index("ix_slip_user_task_id", "slip", ["user_task_id"])
    op.create_index("ix_slip_awaited", "slip", ["answer_by"], sqlite_where=AWAITED, postgresql_where=AWAITED)
    op.create_table(
        "ladder_step",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("instance_id", ID, nullable=False),
        sa.Column("host", sa.String(32), nullable=False),
        sa.Column("element_id", sa.String(100), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("post", sa.String(140), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ladder_step"),
        sa.UniqueConstraint(
            "instance_id", "host", "element_id", "step", name="uq_ladder_step_instance_id_host_element_id_step"
        ),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name="fk_ladder_step_instance_id"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("ladder_step")
    op.drop_table("slip")
