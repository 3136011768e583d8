"""What whoever takes a call needs at hand: the start form, drafts, and orders that the caller may mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, literal, or_, select

from engine.domain.errors import NotAllowed
from engine.domain.procedure import Procedure
from engine.domain.states import VOID
from engine.executor import Context
from engine.expressions import compile_parameter
from engine.forms import FormSchema
from engine.queries.finding import plain_phone
from engine.queries.lists import escaped
from engine.queries.waiting_messages import MessageForm, waiting_messages
from engine.steps.released import START_FORM, Released, released
from engine.steps.scope import scope
from engine.steps.staffing import staffed
from engine.store import definitions, papers
from engine.store.tables import unit, work_order

WINDOW = timedelta(days=90)
MOST = 10
SHORTEST_PLACE = 4
"""A place of fewer characters names no place: 南街 is in every order."""


@dataclass(frozen=True, slots=True)
class StartForm:
    """A procedure's start form with what intake needs to know about it."""

    title: str
    starting: str
    schema: FormSchema
    phone_key: str
    place_key: str
    category_key: str
    requester_key: str
    subject_keys: tuple[str, ...]
    checklist: Mapping[str, tuple[str, ...]]

    def checked(self, answers: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
        """Give the elements not to be forgotten for the chosen category: key, label and whether it is filled.

        Those that the form hides for these answers are left out.
        """
        labels = {spec.key: spec.label for spec in self.schema.fields}
        hidden = self.schema.hidden(answers)
        keys = self.checklist.get(plain(answers.get(self.category_key)), ())
        return [
            (key, labels[key], bool(plain(answers.get(key)))) for key in keys if key in labels and key not in hidden
        ]


@dataclass(frozen=True, slots=True)
class FormOf:
    """The start form of a procedure's active version."""

    process: str

    def read(self, ctx: Context) -> StartForm:
        """Give it; raise NotFound, NotAllowed."""
        version = _may_start(ctx, self.process)
        procedure, columns = version.procedure, version.procedure.columns
        schema = staffed(ctx, version.forms.get(START_FORM) or FormSchema(()), {})
        phone, place, category, requester = (columns.get(c, "") for c in ("phone", "place", "category", "requester"))
        subject = _subject(procedure, schema)
        return StartForm(
            procedure.title,
            procedure.starting,
            schema,
            phone,
            place,
            category,
            requester,
            subject,
            procedure.checklist,
        )


def _may_start(ctx: Context, process: str) -> Released:
    version = released(ctx, definitions.active(ctx.connection, process))
    starters = version.procedure.starters
    if starters and starters.isdisjoint(ctx.actor.roles):
        raise NotAllowed("你的岗位不能发起这个流程")
    return version


def _subject(procedure: Procedure, schema: FormSchema) -> tuple[str, ...]:
    """The typed fields that an order's title is made of: they name a draft in its list."""
    named = compile_parameter(procedure.order_title).names
    return tuple(s.key for s in schema.fields if s.key in named and s.type in ("textfield", "textarea"))


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A call taken down in part."""

    about: str
    requester: str
    subject: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class StartDrafts:
    """One's own drafts of a procedure's start form, newest first."""

    process: str

    def read(self, ctx: Context) -> list[DraftLine]:
        """Give them with the caller's name and what it is about."""
        form = FormOf(self.process).read(ctx)
        found = papers.drafts_like(ctx.connection, ctx.actor.id, f"start:{self.process}:")
        return [
            DraftLine(
                row.about,
                plain(row.answers.get(form.requester_key)),
                " ".join(plain(row.answers.get(key)) for key in form.subject_keys).strip(),
                row.saved_at,
            )
            for row in found
        ]


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier order that a caller may mean."""

    number: str
    title: str
    status: str
    received_at: datetime
    due_at: datetime | None
    unit: str
    same_phone: bool
    seen: bool
    """The one who asks may open it."""
    messages: list[MessageForm] = field(default_factory=list)
    """What its case waits to be told, as far as the one who asks may tell it."""


@dataclass(frozen=True, slots=True)
class EarlierOrders:
    """Recent orders of a procedure with a caller's phone or about the same place: for whoever takes its calls."""

    process: str
    phone: str = ""
    place: str = ""

    def read(self, ctx: Context) -> list[Earlier]:
        """Give at most MOST: open ones first, the caller's own before the place's, newest first. Raises NotAllowed."""
        _may_start(ctx, self.process)
        phone, place = plain_phone(self.phone.strip()), self.place.strip()
        near = work_order.c.place.like(f"%{escaped(place)}%", escape="\\") if len(place) >= SHORTEST_PLACE else None
        same_phone = work_order.c.phone.in_(sorted({phone, self.phone.strip()})) if phone else literal(False)
        alike = [c for c in (same_phone if phone else None, near) if c is not None]
        if not alike:
            return []
        names = "id instance_id number title status received_at due_at created_by".split()
        query = (
            select(
                *[work_order.c[n] for n in names],
                unit.c.name.label("unit_name"),
                same_phone.label("same_phone"),
                case((scope(ctx), True), else_=False).label("seen"),
            )
            .outerjoin(unit, unit.c.id == work_order.c.unit)
            .where(work_order.c.process == self.process, work_order.c.received_at >= ctx.now - WINDOW, or_(*alike))
            .where(work_order.c.status != VOID)
            .order_by(work_order.c.status != "open", same_phone.desc(), work_order.c.received_at.desc())
            .limit(MOST)
        )
        rows = ctx.connection.execute(query).all()
        told = waiting_messages(ctx, {r.instance_id: r.created_by for r in rows if r.status == "open"})
        return [
            Earlier(
                r.number,
                r.title,
                r.status,
                r.received_at,
                r.due_at,
                r.unit_name or "",
                bool(r.same_phone),
                bool(r.seen),
                told.get(r.instance_id, []),
            )
            for r in rows
        ]


def plain(value: Any) -> str:
    """Give the one text of an answer as typed."""
    return str(value[0] if isinstance(value, list) and value else value or "").strip()
