"""Daily sheets of training.

Revision 0006, follows 0005. Expand only: the release before runs on it unchanged.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "training_sheet",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("instance_id", ID, nullable=False),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("voids", ID),
        sa.Column("attended", sa.Boolean(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("trainer", sa.String(64), nullable=False),
        sa.Column("trainee", sa.String(64), nullable=False),
        sa.Column("machine", sa.String(100), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signed_at", MOMENT),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_training_sheet"),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name="fk_training_sheet_instance_id"),
        sa.ForeignKeyConstraint(["voids"], ["training_sheet.id"], name="fk_training_sheet_voids"),
        sa.UniqueConstraint("voids", name="uq_training_sheet_voids"),
        sa.UniqueConstraint("instance_id", "day", "kind", "revision", name="uq_training_sheet_revision"),
        sa.CheckConstraint("minutes BETWEEN 0 AND 1440", name="ck_training_sheet_minutes"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("training_sheet")
