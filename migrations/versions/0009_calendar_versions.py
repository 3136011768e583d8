"""Calendars have versions: every change of days or hours is a row with its number, and old versions stay readable.

Revision 0009, follows 0008. What is there becomes version 1. The release before reads the new table as its own until the
first change of a calendar is made; from then on it would see a day twice.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
OPEN = sa.text("state = 'open'")
DAYS = "day, open, source, provisional"


def upgrade() -> None:
    """Create the tables; days move over as those of version 1."""
    op.create_table(
        "calendar_version",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("calendar", sa.String(64), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_version"),
    )
    op.create_table(
        "calendar_hours",
        sa.Column("calendar", sa.String(64), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("intervals", JSON, nullable=False),
        sa.Column("every_day", sa.Boolean(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("calendar", "first", "since", name="pk_calendar_hours"),
    )
    _days("calendar_day_versions", nullable=True, extra=True)
    op.execute(
        f"INSERT INTO calendar_day_versions (calendar, since, {DAYS}) SELECT '', 1, {DAYS} FROM calendar_day"
    )
    _replace("calendar_day_versions")
    op.create_index("ix_user_task_due", "user_task", ["due_at"], sqlite_where=OPEN, postgresql_where=OPEN)


def _days(name: str, *, nullable: bool, extra: bool) -> None:
    versioned = [
        sa.Column("calendar", sa.String(64), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("hours", JSON),
    ]
    key = ["calendar", "day", "since"] if extra else ["day"]
    op.create_table(
        name,
        *(versioned if extra else []),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=nullable),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"),
    )


def _replace(name: str) -> None:
    """Put a table in the place of the old day table."""
    op.drop_table("calendar_day")
    op.rename_table(name, "calendar_day")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE calendar_day RENAME CONSTRAINT pk_{name} TO pk_calendar_day")


def downgrade() -> None:
    """Keep the newest national days; versions, exceptions and changes of hours are lost."""
    op.drop_index("ix_user_task_due", "user_task")
    _days("calendar_day_plain", nullable=False, extra=False)
    op.execute(
        f"INSERT INTO calendar_day_plain ({DAYS}) SELECT {DAYS} FROM calendar_day newest WHERE calendar = '' "
        "AND since = (SELECT MAX(since) FROM calendar_day other WHERE other.calendar = '' AND other.day = newest.day)"
    )
    _replace("calendar_day_plain")
    op.drop_table("calendar_hours")
    op.drop_table("calendar_version")
