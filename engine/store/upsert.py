"""Insert or update by primary key, in one statement on both databases."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from engine.store.database import is_postgres


def insert_for(connection: Connection, table: Table) -> Any:
    """Give the dialect's INSERT, which knows ON CONFLICT."""
    return postgresql.insert(table) if is_postgres(connection) else sqlite.insert(table)


def insert_new(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert a row unless its primary key is there; say whether it is new.

    Whoever comes second waits for the first one's transaction. Drivers do not agree on an insert's row count, hence RETURNING.
    """
    claim = insert_for(connection, table).on_conflict_do_nothing(index_elements=[c.name for c in table.primary_key])
    return connection.execute(claim.returning(*table.primary_key), dict(row)).one_or_none() is not None


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows whether or not they exist; other columns of existing rows stay."""
    if not rows:
        return
    statement = insert_for(connection, table)
    keys = [c.name for c in table.primary_key]
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    if changed:
        statement = statement.on_conflict_do_update(index_elements=keys, set_=changed)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=keys)
    connection.execute(statement, [dict(r) for r in rows])
