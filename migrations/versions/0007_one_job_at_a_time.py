"""Jobs of one case run one after another; every channel has its own queue.

Revision 0007, follows 0006. Expand only: the release before runs on it, except that two of its workers may no longer hold
two jobs of one case.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

LEASED = sa.text("state = 'leased'")
READY = sa.text("state = 'ready'")


def upgrade() -> None:
    """Give back all leases (whoever held one is fenced by the next), then create the indexes."""
    op.execute("UPDATE job SET state = 'ready', fence = fence + 1 WHERE state = 'leased'")
    op.create_index(
        "uq_job_leased", "job", ["instance_id"], unique=True, sqlite_where=LEASED, postgresql_where=LEASED
    )
    op.create_index(
        "ix_outbox_channel", "outbox", ["channel", "run_at", "id"], sqlite_where=READY, postgresql_where=READY
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_outbox_channel", "outbox")
    op.drop_index("uq_job_leased", "job")
