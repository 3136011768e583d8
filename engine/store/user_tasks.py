"""User tasks and the inbox rows that put them into people's lists."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, exists, func, insert, null, select, update

from engine.store.database import each
from engine.store.instances import TaskRow
from engine.store.tables import inbox, slip, user_task, work_order

NO_DUE = datetime(9999, 12, 31, tzinfo=UTC)
"""Where tasks without a limit stand in lists that are sorted by due moment: at the end."""

_INSERT = insert(user_task).returning(user_task.c.id, sort_by_parameter_order=True)
_CLOSE = (
    update(user_task)
    .where(
        user_task.c.instance_id == bindparam("b_instance"),
        user_task.c.token_id == bindparam("b_token"),
        user_task.c.state == "open",
    )
    .values(
        state=bindparam("state"),
        assignee=bindparam("assignee"),
        on_behalf=bindparam("whose"),
        ended_at=bindparam("at"),
        ended_by=bindparam("by"),
    )
)
_SUPERVISED = exists().where(
    slip.c.user_task_id == bindparam("b_task"), slip.c.kind == "supervise", slip.c.answered_at.is_(None)
)
_COMPLETE = _CLOSE.returning(_SUPERVISED)
_TAKE_OUT = delete(inbox).where(inbox.c.user_task_id == bindparam("b_task"))
_LIST = insert(inbox)
_MOVE = (
    update(user_task)
    .where(user_task.c.id == bindparam("b_task"))
    .values(due_at=bindparam("due_at"), warn_at=bindparam("warn_at"))
)
_MOVE_IN_LISTS = update(inbox).where(inbox.c.user_task_id == bindparam("b_task")).values(due_at=bindparam("due_at"))
_COLUMNS = [c for c in user_task.c if c.name != "instance_id"]
_OPEN = (
    select(*_COLUMNS)
    .where(user_task.c.instance_id == bindparam("instance"), user_task.c.state == "open")
    .order_by(user_task.c.id)
)
_OPEN_AT = _OPEN.where(user_task.c.element_id == bindparam("element"))


def add(connection: Connection, rows: Sequence[Mapping[str, Any]], principals: Sequence[Sequence[str]]) -> list[int]:
    """Insert open tasks and put each into the lists of its principals; give their ids in order."""
    ids = [int(i) for i in connection.execute(_INSERT, each(rows)).scalars()]
    entries = [
        {"principal": p, "due_at": row["due_at"] or NO_DUE, "user_task_id": ident}
        for ident, row, names in zip(ids, rows, principals, strict=True)
        for p in dict.fromkeys(names)
    ]
    if entries:
        connection.execute(_LIST, each(entries))
    return ids


def complete(connection: Connection, instance_id: int, task: TaskRow, by: str, at: datetime) -> bool:
    """End the one task that a person completed; say whether a supervising slip of it still wants an answer."""
    values = {
        "b_instance": instance_id,
        "b_token": task.token_id,
        "b_task": task.id,
        "state": "completed",
        "assignee": by,
        "whose": task.on_behalf,
        "at": at,
        "by": by,
    }
    is_supervised = connection.execute(_COMPLETE, values).scalar()
    connection.execute(_TAKE_OUT, {"b_task": task.id})
    return bool(is_supervised)


def cancel(connection: Connection, instance_id: int, tokens: Iterable[str], at: datetime) -> list[Row[Any]]:
    """End tasks that the case no longer needs; give those that were open: what they are, who had them, what was held."""
    ours = (user_task.c.instance_id == instance_id, user_task.c.token_id.in_(list(tokens)), user_task.c.state == "open")
    columns = (user_task.c[n] for n in ("id", "element_id", "name", "assignee", "owner", "groups", "due_at", "held"))
    gone: list[Row[Any]] = list(connection.execute(select(*columns).where(*ours)))
    if gone:
        ids = [row.id for row in gone]
        connection.execute(
            update(user_task).where(user_task.c.id.in_(ids)).values(state="cancelled", ended_at=at, held=null())
        )
        connection.execute(delete(inbox).where(inbox.c.user_task_id.in_(ids)))
    return gone


def claim(connection: Connection, task: TaskRow, by: str, at: datetime) -> str | None:
    """Give the task to a person if it is free; say who holds it now (None: it is not open any more)."""
    free = (user_task.c.id == task.id, user_task.c.state == "open", user_task.c.assignee.is_(None))
    taken = {"assignee": by, "claimed_at": at, "seen_at": func.coalesce(user_task.c.seen_at, at)}
    won = connection.execute(update(user_task).where(*free).values(**taken)).rowcount
    if won:
        relist(connection, task, [f"person:{by}"])
        return by
    return connection.execute(
        select(user_task.c.assignee).where(user_task.c.id == task.id, user_task.c.state == "open")
    ).scalar()


def give(connection: Connection, task: TaskRow, to: str, at: datetime) -> None:
    """Put an open task into one person's hands as their own, whoever held it before."""
    values = {"assignee": to, "owner": None, "claimed_at": at, "held": null()}
    connection.execute(update(user_task).where(user_task.c.id == task.id).values(**values))
    relist(connection, task, [f"person:{to}"])


def lend(connection: Connection, task: TaskRow, to: str, owner: str, at: datetime) -> None:
    """Put an open task into somebody's hands who is only asked: it stays its owner's, in both lists."""
    values = {"assignee": to, "owner": owner, "claimed_at": at}
    connection.execute(update(user_task).where(user_task.c.id == task.id).values(**values))
    relist(connection, task, [f"person:{to}", f"person:{owner}"])


def release(connection: Connection, task: TaskRow, principals: Sequence[str]) -> None:
    """Put a task back into the lists of its candidates."""
    freed = {"assignee": None, "claimed_at": None, "held": null()}
    connection.execute(update(user_task).where(user_task.c.id == task.id).values(**freed))
    relist(connection, task, principals)


def hand_to(connection: Connection, task: TaskRow, groups: Sequence[str], principals: Sequence[str]) -> None:
    """Free an open task and let other candidates than before have it."""
    values = {"assignee": None, "owner": None, "claimed_at": None, "groups": list(groups), "held": null()}
    connection.execute(update(user_task).where(user_task.c.id == task.id).values(**values))
    relist(connection, task, principals)


def let_sign(connection: Connection, task: TaskRow, signers: Sequence[str]) -> None:
    """Say who can sign a task now besides whose it is (加签); the lists do not follow before `relist`."""
    connection.execute(update(user_task).where(user_task.c.id == task.id).values(signers=list(signers)))
    task.signers = list(signers)


def give_back(connection: Connection, task: TaskRow) -> None:
    """Let a task's answers be handed in anew."""
    connection.execute(update(user_task).where(user_task.c.id == task.id).values(held=null()))
    task.held = None


def relist(connection: Connection, task: TaskRow, principals: Sequence[str]) -> None:
    """Put an open task into the lists of these and, of those asked to sign it, whoever can now."""
    connection.execute(_TAKE_OUT, {"b_task": task.id})
    due, names = task.due_at or NO_DUE, [*principals, *(f"person:{who}" for who in task.signers or ())]
    rows = [{"principal": p, "due_at": due, "user_task_id": task.id} for p in dict.fromkeys(names)]
    if rows:
        connection.execute(_LIST, each(rows))


def seen(connection: Connection, task_id: int, at: datetime) -> None:
    """Remember when somebody whose task it is opened it first."""
    connection.execute(update(user_task).where(user_task.c.id == task_id).values(seen_at=at))


def set_limits(
    connection: Connection, task_id: int, due_at: datetime | None, warn_at: datetime | None, version: int
) -> None:
    """Move a task's limit, by this version of its calendar; lists follow."""
    limits = {"due_at": due_at, "warn_at": warn_at, "calendar_version": version}
    connection.execute(update(user_task).where(user_task.c.id == task_id).values(**limits))
    connection.execute(update(inbox).where(inbox.c.user_task_id == task_id).values(due_at=due_at or NO_DUE))


def move_limits(connection: Connection, moved: Sequence[Mapping[str, Any]]) -> None:
    """Move the limits of several tasks (task, due_at, warn_at); lists follow."""
    if moved:
        rows = [{"b_task": m["task"], "due_at": m["due_at"], "warn_at": m["warn_at"]} for m in moved]
        connection.execute(_MOVE, each(rows))
        connection.execute(_MOVE_IN_LISTS, each({"b_task": r["b_task"], "due_at": r["due_at"] or NO_DUE} for r in rows))


def open_of(connection: Connection, instance_id: int, element_id: str | None = None) -> list[TaskRow]:
    """Give the open tasks of an instance, all or of one element, oldest first."""
    query = _OPEN if element_id is None else _OPEN_AT
    return [TaskRow(*row) for row in connection.execute(query, {"instance": instance_id, "element": element_id})]


def due_at(connection: Connection, instance_id: int, at: datetime) -> list[Row[Any]]:
    """Give the limits (text, beginning, calendar) of an instance's tasks, open or not, that fall due at a moment."""
    ours = (user_task.c.instance_id == instance_id, user_task.c.due_at == at, user_task.c.calendar.is_not(None))
    limit = select(user_task.c.due_text, user_task.c.due_from, user_task.c.calendar)
    return list(connection.execute(limit.where(*ours)))


def last_done_by(connection: Connection, instance_id: int, element_id: str) -> str | None:
    """Say who last completed an element in this case; of a stand-in's work, whose it was."""
    query = (
        select(func.coalesce(user_task.c.on_behalf, user_task.c.ended_by))
        .where(
            user_task.c.instance_id == instance_id,
            user_task.c.element_id == element_id,
            user_task.c.state == "completed",
        )
        .order_by(user_task.c.ended_at.desc(), user_task.c.id.desc())
        .limit(1)
    )
    return connection.execute(query).scalar()


def last_picked(connection: Connection, process: str, element_id: str) -> str | None:
    """Say whom a strategy chose last for an element of a procedure, over all cases."""
    query = (
        select(user_task.c.picked)
        .join(work_order, work_order.c.instance_id == user_task.c.instance_id)
        .where(user_task.c.element_id == element_id, work_order.c.process == process, user_task.c.picked.is_not(None))
        .order_by(user_task.c.id.desc())
        .limit(1)
    )
    return connection.execute(query).scalar()


def held_by(connection: Connection, people: Sequence[str]) -> dict[str, int]:
    """Count the open tasks each person holds."""
    query = (
        select(user_task.c.assignee, func.count())
        .where(user_task.c.assignee.in_(list(people)), user_task.c.state == "open")
        .group_by(user_task.c.assignee)
    )
    return {str(who): int(n) for who, n in connection.execute(query)}


def set_groups(connection: Connection, task_id: int, groups: Sequence[str]) -> None:
    """Let other candidates than before have a task when it is free; in whose hands it is stays."""
    connection.execute(update(user_task).where(user_task.c.id == task_id).values(groups=list(groups)))
