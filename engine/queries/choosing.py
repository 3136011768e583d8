"""Tasks chosen in a list to be done with one form: what may be done with each, and which forms can be shared."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from engine.executor import Context
from engine.forms import FormSchema
from engine.forms.specs import FieldSpec
from engine.queries.acts import hand_acts
from engine.queries.facts import is_personal
from engine.steps.released import Released, released
from engine.steps.scope import scope
from engine.store.instances import TaskRow
from engine.store.tables import instance, user_task, work_order

MOST_CHOSEN = 100
"""Tasks that one form may be about."""
_OWN = ("filepicker", "dynamiclist")
"""Kinds of answers that belong to one case alone."""


@dataclass(frozen=True, slots=True)
class ChosenTask:
    """A task as a page about several shows it."""

    task_id: int
    number: str
    title: str
    name: str
    process: str
    element_id: str
    assignee: str | None
    due_at: datetime | None
    warn_at: datetime | None
    due_text: str | None
    due_from: datetime | None
    calendar: str | None
    opened_at: datetime
    status: str
    acts: frozenset[str]
    """What the asking actor may do with it."""
    alone: str
    """The field because of which its form is filled in one by one; empty: it may be shared."""
    form: FormSchema = field(repr=False)
    """What a shared form asks: without what belongs to one case alone."""


@dataclass(frozen=True, slots=True)
class ChosenTasks:
    """Some tasks by id, and the open tasks of some orders by number; at most MOST_CHOSEN of each."""

    task_ids: tuple[int, ...] = ()
    numbers: tuple[str, ...] = ()

    def read(self, ctx: Context) -> list[ChosenTask]:
        """Give those in the actor's sight, least time left first."""
        wanted: ColumnElement[bool] = user_task.c.id.in_(self.task_ids[:MOST_CHOSEN])
        if self.numbers:
            wanted |= work_order.c.number.in_(self.numbers[:MOST_CHOSEN]) & (user_task.c.state == "open")
        order = [work_order.c[n] for n in ("number", "title", "process", "status", "created_by")]
        query = (
            select(*order, instance.c.definition_id, *(c for c in user_task.c if c.name != "instance_id"))
            .join_from(user_task, work_order, work_order.c.instance_id == user_task.c.instance_id)
            .join(instance, instance.c.id == user_task.c.instance_id)
            .where(wanted, scope(ctx))
            .order_by(user_task.c.due_at.is_(None), user_task.c.due_at, user_task.c.id)
        )
        return [_chosen(ctx, row) for row in ctx.connection.execute(query)]


@dataclass(frozen=True, slots=True)
class _Case:
    released: Released
    created_by: str
    status: str


def _chosen(ctx: Context, row: Any) -> ChosenTask:
    number, title, process, status, created_by, definition_id = row[:6]
    version, task = released(ctx, definition_id), TaskRow(*row[6:])
    form = version.form_of(task.element_id) or FormSchema(())
    return ChosenTask(
        task.id,
        number,
        title,
        task.name,
        process,
        task.element_id,
        task.assignee,
        task.due_at,
        task.warn_at,
        task.due_text,
        task.due_from,
        task.calendar,
        task.opened_at,
        status,
        hand_acts(_Case(version, created_by, status), task, ctx.actor),
        next((spec.label for spec in form.fields if spec.rules.required and _is_own(version, form, spec)), ""),
        _shared(version, form),
    )


def _shared(version: Released, form: FormSchema) -> FormSchema:
    """Give what can be said once for several cases; readonly fields show one case and are left out."""
    kept = tuple(spec for spec in form.fields if not spec.readonly and not _is_own(version, form, spec))
    return FormSchema(kept, form.components)


def _is_own(version: Released, form: FormSchema, spec: FieldSpec) -> bool:
    """Whether an answer belongs to one case alone: files, lists, personal data, a person chosen by the case's own data,
    an account in several lines that must be given, and what is asked only by the case's own data.
    """
    asked_by_the_case = any(not hide.names <= form.keys for hide in spec.hides)
    account = spec.type == "textarea" and spec.rules.required
    return spec.type in _OWN or account or bool(spec.but) or asked_by_the_case or is_personal(version, spec)
