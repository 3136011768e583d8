"""A task remembers whom the diagram's strategy chose for it, whoever holds it later.

Revision 0017, follows 0016. Expand only: the release before runs on it unchanged.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

INDEX, ONLY = "ix_user_task_picked", sa.text("picked IS NOT NULL")


def upgrade() -> None:
    """Add the person chosen, and find the last one of a step without looking at tasks that no strategy gave."""
    op.add_column("user_task", sa.Column("picked", sa.String(64)))
    op.create_index(INDEX, "user_task", ["element_id", "id"], sqlite_where=ONLY, postgresql_where=ONLY)


def downgrade() -> None:
    """Take them away."""
    op.drop_index(INDEX, "user_task")
    op.drop_column("user_task", "picked")
