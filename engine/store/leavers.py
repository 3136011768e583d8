"""What still names somebody who leaves: tasks in their lists, signatures they owe, tasks that would be offered to them again."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select, update

from engine.store import papers, signings
from engine.store.tables import attachment, draft, inbox, signing, user_task
from engine.store.tables.columns import lists


def still_naming(who: str) -> ColumnElement[bool]:
    """Give the condition on `user_task` that an open task stands in lists under somebody's own name, waits for their
    signature, or is in other hands but names them among its candidates.
    """
    me = f"person:{who}"
    listed = select(inbox.c.user_task_id).where(inbox.c.principal == me)
    asked = select(signing.c.user_task_id).where(signing.c.person == who, signing.c.state == signings.ASKED)
    named = user_task.c.assignee.is_not(None) & lists(user_task.c.groups, me)
    return (user_task.c.state == "open") & or_(user_task.c.id.in_(listed), user_task.c.id.in_(asked), named)


def tasks_of(connection: Connection, who: str) -> list[int]:
    """Give those tasks case by case: whoever locks the cases in this order waits for nobody in a ring."""
    query = select(user_task.c.id).where(still_naming(who)).order_by(user_task.c.instance_id, user_task.c.id)
    return [int(i) for i in connection.execute(query).scalars()]


def owing(connection: Connection, task_ids: Iterable[int]) -> dict[int, set[str]]:
    """Give who still has to sign some tasks, by task."""
    found: dict[int, set[str]] = {}
    for row in signings.of_tasks(connection, task_ids):
        if row.state == signings.ASKED:
            found.setdefault(row.user_task_id, set()).add(row.person)
    return found


def co_signed(connection: Connection, task_ids: Iterable[int], who: str) -> set[int]:
    """Give those of some tasks beside which somebody has, or has done, another of the same co-signed step (会签)."""
    other = user_task.alias("other")
    theirs = or_(other.c.assignee == who, other.c.owner == who, lists(other.c.groups, f"person:{who}"))
    same = [other.c[name] == user_task.c[name] for name in ("instance_id", "element_id")]
    now = (other.c.state == "open") | ((other.c.state == "completed") & (other.c.ended_at >= user_task.c.opened_at))
    beside = select(other.c.id).where(*same, other.c.id != user_task.c.id, now, theirs)
    query = select(user_task.c.id).where(
        user_task.c.id.in_(list(task_ids)), user_task.c.item != "", beside.correlate(user_task).exists()
    )
    return set(connection.execute(query).scalars())


def ask_instead(connection: Connection, instance_id: int, row: Any, to: str, by: str, at: datetime) -> None:
    """Let somebody else owe a signature: as it was asked for, by whom, and what about."""
    signings.drop(connection, row.id, by, at)
    signings.add(connection, instance_id, row.user_task_id, [to], row.mode, row.question, row.asked_by, at)


def pass_draft(connection: Connection, who: str, to: str, about: str) -> None:
    """Give what somebody has written, with the files they chose, to somebody else who has typed nothing yet."""
    found = papers.get_draft(connection, who, about)
    if found is None or papers.get_draft(connection, to, about) is not None:
        return
    ours = draft.c.person == who, draft.c.about == about
    connection.execute(update(draft).where(*ours).values(person=to))
    chosen = {str(i) for value in found[0].values() if isinstance(value, list) for i in value}
    files = papers.loose(connection, who, chosen)
    if files:
        connection.execute(update(attachment).where(attachment.c.id.in_(files)).values(uploaded_by=to))
