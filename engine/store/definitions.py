"""Deployed definitions and their files."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from engine.domain.errors import NotFound
from engine.store.tables import definition, deployment, resource

_ACTIVE = select(definition.c.id).where(definition.c.key == bindparam("key"), definition.c.state == "active")


def active(connection: Connection, key: str) -> int:
    """Give the id of the version that new cases start on; raise NotFound."""
    found = connection.execute(_ACTIVE, {"key": key}).scalar()
    if found is None:
        raise NotFound(f"没有已发布的流程 {key}")
    return int(found)


def active_ids(connection: Connection) -> list[int]:
    """Give the ids of all versions that new cases start on."""
    return list(
        connection.execute(
            select(definition.c.id).where(definition.c.state == "active").order_by(definition.c.key)
        ).scalars()
    )


def active_keys(connection: Connection) -> set[str]:
    """Give the keys of all procedures that have an active version."""
    return set(connection.execute(select(definition.c.key).where(definition.c.state == "active")).scalars())


def active_settings(connection: Connection) -> list[str]:
    """Give the text of procedure.toml of every version that new cases start on."""
    query = (
        select(resource.c.content)
        .join(definition, definition.c.id == resource.c.definition_id)
        .where(definition.c.state == "active", resource.c.name == "procedure.toml")
        .order_by(definition.c.key)
    )
    return [bytes(content).decode("utf-8") for content in connection.execute(query).scalars()]


def get(connection: Connection, definition_id: int) -> Row[Any]:
    """Give a definition's row; raise NotFound."""
    row = connection.execute(select(definition).where(definition.c.id == definition_id)).one_or_none()
    if row is None:
        raise NotFound(f"没有流程定义 {definition_id}")
    return row


def files(connection: Connection, definition_id: int) -> dict[str, bytes]:
    """Give a definition's files by name."""
    query = select(resource.c.name, resource.c.content).where(resource.c.definition_id == definition_id)
    return {str(name): bytes(content) for name, content in connection.execute(query)}


def latest(connection: Connection, key: str) -> Row[Any] | None:
    """Give the newest version of a procedure, released or not."""
    query = select(definition).where(definition.c.key == key).order_by(definition.c.version.desc()).limit(1)
    return connection.execute(query).one_or_none()


def add(
    connection: Connection,
    key: str,
    name: str,
    family: str,
    digest: str,
    contents: Mapping[str, bytes],
    by: str,
    at: datetime,
) -> tuple[int, int]:
    """Insert the next version as a draft; give (id, version)."""
    note = insert(deployment).returning(deployment.c.id)
    deployed = connection.execute(note, {"at": at, "by": by}).scalar_one()
    version = 1 + (
        connection.execute(select(func.max(definition.c.version)).where(definition.c.key == key)).scalar() or 0
    )
    values = {
        "deployment_id": deployed,
        "key": key,
        "version": version,
        "name": name,
        "family": family,
        "digest": digest,
        "state": "draft",
    }
    ident = int(connection.execute(insert(definition).returning(definition.c.id), values).scalar_one())
    connection.execute(
        insert(resource), [{"definition_id": ident, "name": n, "content": c} for n, c in contents.items()]
    )
    return ident, version


def release(connection: Connection, definition_id: int, key: str) -> None:
    """Let new cases start on this version and no other; running cases stay on theirs."""
    connection.execute(
        update(definition).where(definition.c.key == key, definition.c.state == "active").values(state="retired")
    )
    connection.execute(update(definition).where(definition.c.id == definition_id).values(state="active"))


def deployed_by(connection: Connection, definition_id: int) -> str:
    """Say who deployed a version."""
    joined = select(deployment.c.by).join(definition, definition.c.deployment_id == deployment.c.id)
    return str(connection.execute(joined.where(definition.c.id == definition_id)).scalar_one())
