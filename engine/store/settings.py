"""Settings that every process rereads: rows of name and value."""

from sqlalchemy import Connection, bindparam, select

from engine.store.tables import setting
from engine.store.upsert import upsert

_VALUE = select(setting.c.value).where(setting.c.name == bindparam("name"))


def get(connection: Connection, name: str) -> str | None:
    """Give a setting's text, or None."""
    return connection.execute(_VALUE, {"name": name}).scalar()


def put(connection: Connection, name: str, value: str) -> None:
    """Write a setting."""
    upsert(connection, setting, [{"name": name, "value": value}])
