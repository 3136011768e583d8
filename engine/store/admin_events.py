"""What admins did: append-only."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from engine.store.tables import admin_event, person


def add(connection: Connection, at: datetime, actor: str, kind: str, subject: str, payload: Mapping[str, Any]) -> None:
    """Write down one act."""
    row = {"at": at, "actor": actor, "kind": kind, "subject": subject, "payload": dict(payload)}
    connection.execute(insert(admin_event), row)


def newest(connection: Connection, subject: str, before: int | None, limit: int) -> list[Row[Any]]:
    """Give acts, newest first, with the name of who acted; about one subject or all, below an id."""
    query = select(admin_event, person.c.name.label("actor_name")).outerjoin(person, person.c.id == admin_event.c.actor)
    if subject:
        query = query.where(admin_event.c.subject == subject)
    if before is not None:
        query = query.where(admin_event.c.id < before)
    return list(connection.execute(query.order_by(admin_event.c.id.desc()).limit(limit)))
