"""Signatures somebody still owes are found by person: whoever leaves hands them over.

Revision 0018, follows 0017. Expand only: the release before runs on it unchanged.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

INDEX, ONLY = "ix_signing_person", sa.text("state = 'asked'")


def upgrade() -> None:
    """Add the index."""
    op.create_index(INDEX, "signing", ["person"], sqlite_where=ONLY, postgresql_where=ONLY)


def downgrade() -> None:
    """Take it away."""
    op.drop_index(INDEX, "signing")
