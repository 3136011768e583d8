"""Whom a rule of assignment keeps from a task, for lists to leave that task out."""

from sqlalchemy import ColumnElement, select, true

from engine.store.tables import inbox, user_task
from engine.store.tables.columns import lists

_kept = user_task.alias("kept_from")


def leaves_to(*people: str) -> ColumnElement[bool]:
    """Give the condition on `inbox` that no rule of assignment keeps any of some people from its task.

    Candidates are groups, and somebody whom a rule keeps away may join one after the task has opened.
    """
    asked = (
        select(lists(_kept.c.barred, *people))
        .where(_kept.c.id == inbox.c.user_task_id)
        .correlate(inbox)
        .scalar_subquery()
    )
    return asked.is_not(true())  # asked of row after row up to a limit; an anti-join would read every task first
