"""Messages between cases that have arrived, so that none arrives twice.

Revision 0004, follows 0003. Expand only: the release before runs on it unchanged.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "message_receipt",
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_message_receipt"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("message_receipt")
