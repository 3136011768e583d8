"""One hash a day over the ends of all histories that grew, so that rewriting a whole case shows.

Revision 0005, follows 0004. Expand only: the release before runs on it unchanged.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables, and the index that finds a day's events."""
    op.create_table(
        "audit_root",
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_audit_root"),
    )
    op.create_table(
        "audit_leaf",
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("instance_id", ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("day", "instance_id", name="pk_audit_leaf"),
    )
    op.create_index("ix_history_at", "history", ["at"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_history_at", "history")
    op.drop_table("audit_leaf")
    op.drop_table("audit_root")
