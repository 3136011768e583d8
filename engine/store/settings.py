"""Settings that every process rereads: rows of name and value."""

import secrets
from datetime import UTC, datetime

from sqlalchemy import Connection, bindparam, select

from engine.store.database import MOMENT
from engine.store.tables import setting
from engine.store.upsert import upsert

_VALUE = select(setting.c.value).where(setting.c.name == bindparam("name"))
_WITH_MOMENT = select(_VALUE.scalar_subquery(), MOMENT)


def get(connection: Connection, name: str) -> str | None:
    """Give a setting's text, or None."""
    return connection.execute(_VALUE, {"name": name}).scalar()


def with_moment(connection: Connection, name: str) -> tuple[str | None, datetime]:
    """Give a setting's text, or None, and PostgreSQL's own time, UTC."""
    value, at = connection.execute(_WITH_MOMENT, {"name": name}).one()
    return value, at.astimezone(UTC)


def put(connection: Connection, name: str, value: str) -> None:
    """Write a setting."""
    upsert(connection, setting, [{"name": name, "value": value}])


def moved_on(connection: Connection, name: str) -> None:
    """Say by a setting that what it stands for has changed: its text is one that was never there, whoever else writes meanwhile."""
    put(connection, name, secrets.token_hex(8))
