"""Who is on duty: rosters with a weekly pattern, exceptions and duties passed on.

Revision 0010, follows 0009. Expand only: the release before runs on it unchanged.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "roster",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("calendar", sa.String(64)),
        sa.PrimaryKeyConstraint("key", name="pk_roster"),
    )
    op.create_table(
        "roster_turn",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("roster", sa.String(64), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("weekdays", sa.String(7), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_roster_turn"),
        _reference("roster_turn", "roster", "roster.key"),
        _reference("roster_turn", "person", "person.id"),
    )
    op.create_index("ix_roster_turn_roster", "roster_turn", ["roster"])
    op.create_table(
        "roster_change",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("roster", sa.String(64), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("person", sa.String(64)),
        sa.Column("instead_of", sa.String(64)),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("handed_over", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_roster_change"),
        _reference("roster_change", "roster", "roster.key"),
        _reference("roster_change", "person", "person.id"),
        _reference("roster_change", "instead_of", "person.id"),
    )
    op.create_index("ix_roster_change_roster", "roster_change", ["roster"])


def downgrade() -> None:
    """Drop them."""
    for table in ("roster_change", "roster_turn", "roster"):
        op.drop_table(table)
