"""A task remembers whom a rule of assignment keeps from it.

Revision 0016, follows 0015. Expand only: the release before runs on it unchanged.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0016"
down_revision = "0015"

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Add the people kept from a task."""
    op.add_column("user_task", sa.Column("barred", JSON))


def downgrade() -> None:
    """Take them away."""
    op.drop_column("user_task", "barred")
