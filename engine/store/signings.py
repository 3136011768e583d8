"""Those asked to sign a task besides its holder (加签): by whom, in which mode, and what each said."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from engine.store.database import each
from engine.store.tables import signing, user_task

BEFORE, AFTER, PARALLEL = "before", "after", "parallel"
ASKED, SIGNED, DROPPED = "asked", "signed", "dropped"
_COLUMNS = [
    signing.c[n] for n in "id user_task_id person mode question asked_by asked_at state agrees answer ended_at".split()
]


def add(
    connection: Connection,
    instance_id: int,
    task_id: int,
    people: Sequence[str],
    mode: str,
    question: str,
    by: str,
    at: datetime,
) -> None:
    """Ask people to sign a task."""
    asked = {"instance_id": instance_id, "user_task_id": task_id, "mode": mode, "question": question}
    asked |= {"asked_by": by, "asked_at": at, "state": ASKED}
    connection.execute(insert(signing), each({**asked, "person": person} for person in people))


def of_tasks(connection: Connection, task_ids: Iterable[int]) -> list[Row[Any]]:
    """Give everybody who is or was asked to sign some tasks, but for those taken off; oldest first."""
    ours = signing.c.user_task_id.in_(list(task_ids)), signing.c.state != DROPPED
    return list(connection.execute(select(*_COLUMNS).where(*ours).order_by(signing.c.id)))


def askers(connection: Connection, task_id: int, people: Iterable[str]) -> set[str]:
    """Give who ever asked any of some people to sign a task, whatever became of it."""
    ours = signing.c.user_task_id == task_id, signing.c.person.in_(list(people))
    return set(connection.execute(select(signing.c.asked_by).where(*ours)).scalars())


def sign(connection: Connection, ident: int, agrees: bool, answer: str, by: str, at: datetime) -> None:
    """Note what somebody said who was asked."""
    said = {"state": SIGNED, "agrees": agrees, "answer": answer, "ended_by": by, "ended_at": at}
    connection.execute(update(signing).where(signing.c.id == ident).values(**said))


def ask_again(connection: Connection, idents: Sequence[int]) -> None:
    """Let people who have signed sign anew, once other answers are handed in; what they said stays in the history."""
    anew = {"state": ASKED, "mode": AFTER, "agrees": None, "answer": "", "ended_by": None, "ended_at": None}
    connection.execute(update(signing).where(signing.c.id.in_(list(idents))).values(**anew))


def drop(connection: Connection, ident: int, by: str, at: datetime) -> None:
    """Take somebody off who was asked."""
    ended = {"state": DROPPED, "ended_by": by, "ended_at": at}
    connection.execute(update(signing).where(signing.c.id == ident).values(**ended))


def hold(connection: Connection, task_id: int, held: dict[str, Any]) -> None:
    """Keep the answers of a task until those asked have signed."""
    connection.execute(update(user_task).where(user_task.c.id == task_id).values(held=held))
