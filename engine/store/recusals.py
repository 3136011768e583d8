"""Whom cases are about (回避), for lists and scopes to leave those cases out."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from engine.store.database import each
from engine.store.tables import inbox, recusal, user_task, work_order

Clause = ColumnElement[bool]
_here = recusal.alias("about")


def put(connection: Connection, instance_id: int, people: Iterable[str]) -> None:
    """Say whom a case is about, instead of whomever it was about before."""
    connection.execute(delete(recusal).where(recusal.c.instance_id == instance_id))
    rows = [{"instance_id": instance_id, "person": who} for who in sorted(people)]
    if rows:
        connection.execute(insert(recusal), each(rows))


def of_case(connection: Connection, instance_id: int) -> frozenset[str]:
    """Give whom a case is about."""
    return frozenset(connection.execute(select(recusal.c.person).where(recusal.c.instance_id == instance_id)).scalars())


def cases_about(connection: Connection, person: str) -> set[int]:
    """Give the instances that are about somebody."""
    return set(connection.execute(select(recusal.c.instance_id).where(recusal.c.person == person)).scalars())


def spares(*people: str) -> Clause:
    """Give the condition on `work_order` that it is about none of some people."""
    found = select(_here.c.person).where(_here.c.instance_id == work_order.c.instance_id, _here.c.person.in_(people))
    return ~found.correlate(work_order).exists()


def spares_listed(*people: str) -> Clause:
    """Give the condition on `inbox` that its task's case is about none of some people."""
    found = select(user_task.c.id).join(_here, _here.c.instance_id == user_task.c.instance_id)
    return inbox.c.user_task_id.not_in(found.where(_here.c.person.in_(people)))
