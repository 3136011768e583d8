"""Open limits that touch some days of some calendars: found case by case in chunks, moved with lists, timers and orders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, bindparam, exists, or_, select, union, update

from engine.store.database import each
from engine.store.tables import inbox, instance, pause, timer, user_task, work_order
from engine.store.user_tasks import NO_DUE

_SAVE = (
    update(instance)
    .where(instance.c.id == bindparam("b_id"), instance.c.version == bindparam("b_version"))
    .values(
        version=instance.c.version + 1, history_seq=bindparam("history_seq"), history_hash=bindparam("history_hash")
    )
)
_MOVE_TASK = (
    update(user_task)
    .where(user_task.c.id == bindparam("b_id"))
    .values(due_at=bindparam("due_at"), warn_at=bindparam("warn_at"))
)
_MOVE_LISTED = update(inbox).where(inbox.c.user_task_id == bindparam("b_id")).values(due_at=bindparam("due_at"))
_MOVE_ORDER = update(work_order).where(work_order.c.due_task == bindparam("b_id")).values(due_at=bindparam("due_at"))
_MOVE_TIMER = update(timer).where(timer.c.id == bindparam("b_id")).values(due_at=bindparam("due_at"))
_FOLLOW = (
    update(timer)
    .where(
        timer.c.instance_id == bindparam("b_instance"),
        timer.c.host == bindparam("b_host"),
        timer.c.role == bindparam("b_role"),
        timer.c.state != "failed",
    )
    .values(due_at=bindparam("due_at"), calendar_version=bindparam("version"))
)


@dataclass(frozen=True, slots=True)
class Reach:
    """Which limits may move: those of these calendars that are open, run out after `now` and touch the stretch of time.

    `before`: of these only the ones that were computed with an earlier version.
    In a paused case those that run out after the pause began: its clock has got no further.
    """

    calendars: Sequence[str]
    start: datetime
    end: datetime
    now: datetime
    before: int | None = None


def _tasks(reach: Reach) -> tuple[Any, ...]:
    return (
        user_task.c.state == "open",
        user_task.c.due_at > reach.start,
        user_task.c.due_from < reach.end,
        user_task.c.due_text.is_not(None),
        user_task.c.calendar.in_(list(reach.calendars)),
        *_behind(user_task, reach),
    )


def _timers(reach: Reach) -> tuple[Any, ...]:
    return (
        timer.c.state.in_(["waiting", "paused"]),
        timer.c.role == "",
        timer.c.due_at > reach.start,
        timer.c.due_from < reach.end,
        timer.c.calendar.in_(list(reach.calendars)),
        *_behind(timer, reach),
    )


def _behind(table: Table, reach: Reach) -> tuple[Any, ...]:
    return () if reach.before is None else (table.c.calendar_version < reach.before,)


def _ahead(table: Table, reach: Reach) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Limits that have not run out: of any case, and of one that stands still; apart, so that an index serves each."""
    stands_still = pause.c.instance_id == table.c.instance_id, pause.c.ended_at.is_(None)
    in_time = exists().where(*stands_still, pause.c.started_at < table.c.due_at)
    return table.c.due_at > reach.now, in_time


def cases(connection: Connection, reach: Reach, after: int, most: int) -> list[int]:
    """Give the next cases after an id that have such limits."""
    both = (user_task, _tasks(reach)), (timer, _timers(reach))
    found = union(
        *(
            select(table.c.instance_id).where(*ours, ahead, table.c.instance_id > after)
            for table, ours in both
            for ahead in _ahead(table, reach)
        )
    ).subquery()
    query = select(found.c.instance_id).order_by(found.c.instance_id).limit(most)
    return [int(i) for i in connection.execute(query).scalars()]


def orders(connection: Connection, ids: Sequence[int], *, lock: bool) -> dict[int, Row[Any]]:
    """Give the cases with their orders by instance id; `lock` keeps every other writer out of them."""
    columns = [work_order.c[n] for n in "number title unit created_by due_task process".split()]
    query = (
        select(
            instance.c.id.label("instance_id"),
            instance.c.version,
            instance.c.definition_id,
            instance.c.history_seq,
            instance.c.history_hash,
            *columns,
        )
        .join_from(instance, work_order, work_order.c.instance_id == instance.c.id)
        .where(instance.c.id.in_(list(ids)))
        .order_by(instance.c.id)
    )
    if lock:
        query = query.with_for_update(of=[instance, work_order], key_share=True)
    return {row.instance_id: row for row in connection.execute(query)}


def tasks(connection: Connection, reach: Reach, ids: Sequence[int]) -> list[Row[Any]]:
    """Give the user tasks of some cases that may move, oldest first."""
    query = select(user_task).where(
        *_tasks(reach), or_(*_ahead(user_task, reach)), user_task.c.instance_id.in_(list(ids))
    )
    return list(connection.execute(query.order_by(user_task.c.id)))


def timers(connection: Connection, reach: Reach, ids: Sequence[int]) -> list[Row[Any]]:
    """Give the timers of some cases that follow no task and may move, oldest first."""
    query = select(timer).where(*_timers(reach), or_(*_ahead(timer, reach)), timer.c.instance_id.in_(list(ids)))
    return list(connection.execute(query.order_by(timer.c.id)))


def stamp(connection: Connection, task_ids: Sequence[int], timer_ids: Sequence[int], version: int) -> None:
    """Let limits be of a version, whether it moved them or only confirmed them."""
    for table, ids in ((user_task, task_ids), (timer, timer_ids)):
        if ids:
            connection.execute(update(table).where(table.c.id.in_(list(ids))).values(calendar_version=version))


def move_tasks(connection: Connection, moves: Sequence[Mapping[str, Any]], version: int) -> None:
    """Move user tasks, (id, instance_id, host, due_at, warn_at), with lists, timers and the orders that follow them."""
    if not moves:
        return
    limits = [{"b_id": m["id"], "due_at": m["due_at"], "warn_at": m["warn_at"]} for m in moves]
    dues = [{"b_id": m["id"], "due_at": m["due_at"]} for m in moves]
    connection.execute(_MOVE_TASK, each(limits))
    connection.execute(_MOVE_LISTED, each({**d, "due_at": d["due_at"] or NO_DUE} for d in dues))
    connection.execute(_MOVE_ORDER, each(dues))
    follow = [
        {"b_instance": m["instance_id"], "b_host": m["host"], "b_role": role, "due_at": m[column], "version": version}
        for m in moves
        for role, column in (("due", "due_at"), ("warn", "warn_at"))
        if m[column] is not None
    ]
    connection.execute(_FOLLOW, each(follow))


def move_timers(connection: Connection, moves: Sequence[Mapping[str, Any]]) -> None:
    """Move timers, (id, due_at)."""
    if moves:
        connection.execute(_MOVE_TIMER, each({"b_id": m["id"], "due_at": m["due_at"]} for m in moves))


def save(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the new ends of histories; the rows are locked, (id, version, history_seq, history_hash)."""
    if rows:
        connection.execute(
            _SAVE,
            each(
                {
                    "b_id": r["id"],
                    "b_version": r["version"],
                    "history_seq": r["history_seq"],
                    "history_hash": r["history_hash"],
                }
                for r in rows
            ),
        )
