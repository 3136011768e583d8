"""The index of orders still to be done covers those that an admin suspended too.

Revision 0015, follows 0014. Expand only: the release before runs on it unchanged.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

INDEX, COLUMNS = "ix_work_order_open", ["process", "unit"]


def upgrade() -> None:
    """Cover open, paused and suspended orders."""
    _cover("status IN ('open', 'paused', 'suspended')")


def downgrade() -> None:
    """Cover open and paused orders alone."""
    _cover("status IN ('open', 'paused')")


def _cover(which: str) -> None:
    op.drop_index(INDEX, "work_order")
    op.create_index(INDEX, "work_order", COLUMNS, sqlite_where=sa.text(which), postgresql_where=sa.text(which))
