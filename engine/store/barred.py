"""Whom a rule of assignment keeps from a task, for lists to leave that task out."""

from sqlalchemy import ColumnElement, Text, cast, or_, select, true

from engine.store.tables import inbox, user_task

_kept = user_task.alias("kept_from")


def leaves_to(*people: str) -> ColumnElement[bool]:
    """Give the condition on `inbox` that no rule of assignment keeps any of some people from its task.

    Candidates are groups, and somebody whom a rule keeps away may join one after the task has opened.
    """
    named = cast(_kept.c.barred, Text)
    found = select(or_(*(named.contains(f'"{who}"', autoescape=True) for who in people)))
    asked = found.where(_kept.c.id == inbox.c.user_task_id).correlate(inbox).scalar_subquery()
    return asked.is_not(true())  # asked of row after row up to a limit; an anti-join would read every task first
