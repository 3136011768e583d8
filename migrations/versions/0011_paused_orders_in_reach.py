"""The index of orders still to be done covers those that stand still too.

Revision 0011, follows 0010. Expand only: the release before runs on it unchanged.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

INDEX, COLUMNS = "ix_work_order_open", ["process", "unit"]


def upgrade() -> None:
    """Cover open and paused orders."""
    _cover("status IN ('open', 'paused')")


def downgrade() -> None:
    """Cover open orders alone."""
    _cover("status = 'open'")


def _cover(which: str) -> None:
    op.drop_index(INDEX, "work_order")
    op.create_index(INDEX, "work_order", COLUMNS, sqlite_where=sa.text(which), postgresql_where=sa.text(which))
