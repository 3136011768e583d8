"""Column types both databases share, and the naming of constraints."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ColumnElement,
    DateTime,
    Dialect,
    Integer,
    MetaData,
    Text,
    cast,
    or_,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = BigInteger().with_variant(Integer, "sqlite")
Json = JSON().with_variant(JSONB, "postgresql")
Exact = JSON()
"""JSON kept letter by letter, for what is hashed: JSONB would rewrite numbers such as 1e16 and -0.0."""


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, exact to the microsecond; naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Store UTC; SQLite keeps it as text that sorts."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        at = value.astimezone(UTC)
        return at.replace(tzinfo=None) if dialect.name == "sqlite" else at

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def key() -> Column[int]:
    """Give the usual primary key."""
    return Column("id", Id, primary_key=True, autoincrement=True)


def lists(column: Column[Any], *words: str) -> ColumnElement[bool]:
    """Give the condition that a column of `Json`, a list of texts, holds one of some words."""
    text = cast(column, Text)
    return or_(*(text.contains(f'"{word}"', autoescape=True) for word in words))
