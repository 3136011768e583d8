"""Drafts of one's own, attachments one may see, and who could be given a task."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from engine.domain.errors import NotFound
from engine.executor import Context
from engine.forms import FormSchema
from engine.steps.performers import people_behind
from engine.steps.scope import scope
from engine.steps.staffing import staffed
from engine.store import papers
from engine.store.tables import attachment, attachment_content, user_task, work_order
from engine.store.visibility import Clause


@dataclass(frozen=True, slots=True)
class ShowDraft:
    """One's own draft about something."""

    about: str

    def read(self, ctx: Context) -> tuple[dict[str, Any], datetime] | None:
        """Give what was typed and when, or None."""
        return papers.get_draft(ctx.connection, ctx.actor.id, self.about)


@dataclass(frozen=True, slots=True)
class PaperFile:
    """An attachment with its content."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class PaperContent:
    """An attachment of an order the actor may see, or an upload of their own."""

    id: str

    def read(self, ctx: Context) -> PaperFile:
        """Give it; raise NotFound for strangers."""
        query = (
            select(attachment.c.name, attachment.c.mime, attachment_content.c.content)
            .join(attachment_content, attachment_content.c.attachment_id == attachment.c.id)
            .where(attachment.c.id == self.id, _in_sight(ctx))
        )
        row = ctx.connection.execute(query).one_or_none()
        if row is None:
            raise NotFound("没有这个附件,或者你不能看它")
        return PaperFile(row.name, row.mime, bytes(row.content))


@dataclass(frozen=True, slots=True)
class PaperNames:
    """Names and sizes of some attachments, as far as the actor may see them."""

    ids: tuple[str, ...]

    def read(self, ctx: Context) -> dict[str, tuple[str, int]]:
        """Give them by id."""
        return papers.names(ctx.connection, self.ids, _in_sight(ctx)) if self.ids else {}


def _in_sight(ctx: Context) -> Clause:
    """One's own uploads while they belong to no order, and those of orders one may see."""
    loose = (attachment.c.uploaded_by == ctx.actor.id) & attachment.c.order_id.is_(None)
    return or_(loose, attachment.c.order_id.in_(select(work_order.c.id).where(scope(ctx))))


@dataclass(frozen=True, slots=True)
class Staffed:
    """A form with the people one may choose from, for a case's data as it is."""

    form: FormSchema
    record: Mapping[str, Any]

    def read(self, ctx: Context) -> FormSchema:
        """Give it."""
        return staffed(ctx, self.form, self.record)


@dataclass(frozen=True, slots=True)
class Receivers:
    """Who each of some tasks could be given to."""

    task_ids: tuple[int, ...]

    def read(self, ctx: Context) -> dict[int, list[str]]:
        """Give the people by task; tasks outside the actor's sight are left out."""
        columns = user_task.c.id, user_task.c.groups, user_task.c.instance_id, work_order.c.created_by
        query = (
            select(*columns)
            .join(work_order, work_order.c.instance_id == user_task.c.instance_id)
            .where(user_task.c.id.in_(self.task_ids), scope(ctx))
        )
        found: dict[tuple[str, ...], list[str]] = {}
        result = {}
        for row in ctx.connection.execute(query):
            terms = tuple(row.groups)
            if terms not in found:
                found[terms] = people_behind(ctx, terms, row.instance_id, row.created_by)
            result[row.id] = [who for who in found[terms] if not who.startswith("phone:")]
        return result
