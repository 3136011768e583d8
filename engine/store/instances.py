"""Instances and their work orders: load under lock, save under the version fence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from engine.domain.errors import NotFound, StaleState
from engine.store.tables import instance, user_task, work_order

_LOADED = (
    instance.c.id.label("instance_id"),
    instance.c.definition_id,
    instance.c.state.label("blob"),
    instance.c.version,
    instance.c.status.label("instance_status"),
    instance.c.history_seq,
    instance.c.history_hash,
    work_order.c.id.label("order_id"),
    *[
        work_order.c[n]
        for n in "number title summary status created_by received_at due_at due_task record process".split()
    ],
)
_SEEN = (
    select(*_LOADED)
    .join_from(instance, work_order, work_order.c.instance_id == instance.c.id)
    .where(instance.c.id == bindparam("id"))
)
_BY_ID = _SEEN.with_for_update(of=[instance, work_order], key_share=True)
"""Every row read is locked, the instance first: PostgreSQL reads only locked rows anew after it had to wait for the lock."""
_TASK = [c.label(f"task_{c.name}") for c in user_task.c if c.name not in ("instance_id",)]
_BY_TASK = (
    select(*_LOADED, *_TASK)
    .join_from(user_task, instance, user_task.c.instance_id == instance.c.id)
    .join(work_order, work_order.c.instance_id == instance.c.id)
    .where(user_task.c.id == bindparam("id"))
    .with_for_update(of=[instance, work_order, user_task], key_share=True)
)
_SAVE = (
    update(instance)
    .where(instance.c.id == bindparam("b_id"), instance.c.version == bindparam("b_version"))
    .values(
        state=bindparam("state"),
        version=instance.c.version + 1,
        status=bindparam("status"),
        ended_at=bindparam("ended_at"),
        history_seq=bindparam("history_seq"),
        history_hash=bindparam("history_hash"),
    )
)
_INSERT = insert(instance).returning(instance.c.id)
_INSERT_ORDER = insert(work_order).returning(work_order.c.id)
_SAVE_ORDER = update(work_order).where(work_order.c.id == bindparam("b_id"))
GENESIS = "0" * 64
"""What the first history event of an instance is chained to."""


@dataclass(slots=True)
class InstanceRow:
    """An instance as loaded, with its order; `task` holds the user task it was loaded by."""

    instance_id: int
    definition_id: int
    blob: bytes
    version: int
    instance_status: str
    history_seq: int
    history_hash: str
    order_id: int
    number: str
    title: str
    summary: str
    status: str
    created_by: str
    received_at: datetime
    due_at: datetime | None
    due_task: int | None
    record: dict[str, Any]
    process: str
    task: "TaskRow | None" = None


@dataclass(slots=True)
class TaskRow:
    """A user task as stored; see the columns of the table."""

    id: int
    token_id: str
    element_id: str
    name: str
    item: str
    host: str
    assignee: str | None
    groups: list[str]
    priority: int
    opened_at: datetime
    due_at: datetime | None
    due_text: str | None
    due_from: datetime | None
    warn_at: datetime | None
    warn_text: str | None
    warn_from: datetime | None
    calendar: str | None
    calendar_version: int | None
    state: str
    claimed_at: datetime | None
    ended_at: datetime | None
    ended_by: str | None
    owner: str | None = None
    on_behalf: str | None = None
    seen_at: datetime | None = None
    returned: dict[str, Any] | None = None
    held: dict[str, Any] | None = None
    signers: list[str] | None = None
    barred: list[str] | None = None
    picked: str | None = None


def definition_and_starter(connection: Connection, instance_id: int) -> tuple[int, str]:
    """Give the version an instance runs on, and who started it."""
    joined = select(instance.c.definition_id, work_order.c.created_by).join_from(
        instance, work_order, work_order.c.instance_id == instance.c.id
    )
    definition, starter = connection.execute(joined.where(instance.c.id == instance_id)).one()
    return int(definition), str(starter)


def seen(connection: Connection, instance_id: int) -> InstanceRow:
    """Look at an instance without keeping anybody out; raise NotFound."""
    row = connection.execute(_SEEN, {"id": instance_id}).one_or_none()
    if row is None:
        raise NotFound("没有这个流程实例")
    return _instance(row)


def lock(connection: Connection, instance_id: int) -> InstanceRow:
    """Load an instance and keep every other writer out until the transaction ends; raise NotFound."""
    row = connection.execute(_BY_ID, {"id": instance_id}).one_or_none()
    if row is None:
        raise NotFound("没有这个流程实例")
    return _instance(row)


def lock_by_task(connection: Connection, user_task_id: int) -> InstanceRow:
    """Load the instance of a user task under lock, with the task; raise NotFound."""
    row = connection.execute(_BY_TASK, {"id": user_task_id}).one_or_none()
    if row is None:
        raise NotFound("没有这件待办")
    found = _instance(row)
    found.task = TaskRow(*row[len(_LOADED) :])
    return found


def _instance(row: Row[Any]) -> InstanceRow:
    return InstanceRow(*row[: len(_LOADED)])


def add(connection: Connection, definition_id: int, at: datetime) -> int:
    """Insert an empty instance; give its id."""
    values = {
        "definition_id": definition_id,
        "state": None,
        "version": 0,
        "status": "running",
        "started_at": at,
        "history_seq": 0,
        "history_hash": GENESIS,
    }
    return int(connection.execute(_INSERT, values).scalar_one())


def add_order(connection: Connection, values: Mapping[str, Any]) -> int:
    """Insert a work order; give its id."""
    return int(connection.execute(_INSERT_ORDER, dict(values)).scalar_one())


def save(connection: Connection, row: InstanceRow, blob: bytes | None, status: str, ended_at: datetime | None) -> None:
    """Write state and version; raise StaleState when another writer was first (the fence behind the lock)."""
    values = {
        "b_id": row.instance_id,
        "b_version": row.version,
        "state": blob,
        "status": status,
        "ended_at": ended_at,
        "history_seq": row.history_seq,
        "history_hash": row.history_hash,
    }
    if connection.execute(_SAVE, values).rowcount != 1:
        raise StaleState("别人刚处理过这件工单,请刷新后再看")
    row.version += 1


def save_order(connection: Connection, order_id: int, values: Mapping[str, Any]) -> None:
    """Write changed columns of a work order."""
    if values:
        connection.execute(_SAVE_ORDER, {"b_id": order_id, **values})


def by_number(connection: Connection, number: str) -> tuple[int, int]:
    """Give (order id, instance id) of an order number; raise NotFound."""
    query = select(work_order.c.id, work_order.c.instance_id).where(work_order.c.number == number)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"没有工单 {number}")
    return row[0], row[1]


def order_of(connection: Connection, instance_id: int) -> Any:
    """Give the order of an instance (id, number, process, created_by) without locking it; raise NotFound."""
    query = select(work_order.c.id, work_order.c.number, work_order.c.process, work_order.c.created_by)
    row = connection.execute(query.where(work_order.c.instance_id == instance_id)).one_or_none()
    if row is None:
        raise NotFound("没有这个流程实例")
    return row


def has_ended(connection: Connection, number: str) -> bool:
    """Say whether there is an order of this number, and it has ended."""
    query = select(work_order.c.closed_at).where(work_order.c.number == number)
    row = connection.execute(query).one_or_none()
    return row is not None and row.closed_at is not None


def save_history(connection: Connection, row: InstanceRow) -> None:
    """Write the new end of an instance's history and nothing else: it may have ended long ago."""
    chained = {"history_seq": row.history_seq, "history_hash": row.history_hash}
    connection.execute(update(instance).where(instance.c.id == row.instance_id).values(**chained))


def save_noted(connection: Connection, row: InstanceRow) -> None:
    """Write the new end of an instance's history under its fence; state and status stay. Raises StaleState."""
    fence = (instance.c.id == row.instance_id, instance.c.version == row.version)
    chained = {"history_seq": row.history_seq, "history_hash": row.history_hash}
    if connection.execute(update(instance).where(*fence).values(version=row.version + 1, **chained)).rowcount != 1:
        raise StaleState("别人刚处理过这件工单,请刷新后再看")
    row.version += 1
