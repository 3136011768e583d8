"""Procedures as owners and starters see them: the gallery, one procedure with its versions, and its files."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from engine.bpmn.elements import MANUAL, Element
from engine.domain import co_signing
from engine.domain.actors import Actor
from engine.domain.errors import NotFound
from engine.domain.procedure import Procedure
from engine.domain.rights import ADMIN, OWNER
from engine.domain.states import RUNNING, SUSPENDED
from engine.executor import Context
from engine.steps.four_eyes import four_eyes
from engine.steps.released import released
from engine.steps.roles import BUILT_IN
from engine.store import definitions, people
from engine.store.tables import definition, deployment, instance, person, work_order
from engine.store.work_orders import STILL_TO_DO

_LISTED = frozenset(
    "startEvent intermediateCatchEvent boundaryEvent serviceTask sendTask receiveTask businessRuleTask callActivity".split()
)


@dataclass(frozen=True, slots=True)
class Card:
    """A procedure in the gallery."""

    key: str
    title: str
    family: str
    purpose: str
    version: int
    state: str
    running: int
    may_start: bool
    drafts: int


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a procedure."""

    id: int
    version: int
    state: str
    digest: str
    deployed_by: str
    deployed_by_name: str
    deployed_at: datetime
    running: int


@dataclass(frozen=True, slots=True)
class ElementLine:
    """What the diagram says about one element, for people."""

    id: str
    name: str
    kind: str
    lane: str
    performers: str
    limit: str
    warn: str
    said: str
    co_signing: Mapping[str, str]
    """The words by which it is co-signed; none for any other element."""
    in_turn: bool
    """Whether those who do it do so one after the other."""


@dataclass(frozen=True, slots=True)
class ProcedureView:
    """One procedure, at one of its versions."""

    key: str
    procedure: Procedure
    shown: Version
    versions: list[Version]
    elements: list[ElementLine]
    clauses: list[dict[str, str]]
    files: list[tuple[str, int]]
    names: dict[str, str]
    """Of roles and units by their codes."""
    may_start: bool
    may_manage: bool
    four_eyes: bool


@dataclass(frozen=True, slots=True)
class Gallery:
    """Every procedure the actor may start or supervise; owners and admins see all, drafts included."""

    def read(self, ctx: Context) -> list[Card]:
        """Give them by family and title."""
        versions: dict[str, list[Any]] = {}
        columns = definition.c.id, definition.c.key, definition.c.version, definition.c.state
        for row in ctx.connection.execute(select(*columns).order_by(definition.c.version.desc())):
            versions.setdefault(row.key, []).append(row)
        running = _running_orders(ctx)
        cards = [card for rows in versions.values() if (card := _card(ctx, rows, running)) is not None]
        return sorted(cards, key=lambda c: (c.family, c.title))


def _card(ctx: Context, rows: list[Any], running: Mapping[str, int]) -> Card | None:
    chosen = next((r for r in rows if r.state == "active"), rows[0])
    manages = may_upload(ctx.actor)
    if chosen.state != "active" and not manages:
        return None
    procedure = released(ctx, chosen.id).procedure
    if not _may_see(ctx.actor, procedure):
        return None
    return Card(
        key=chosen.key,
        title=procedure.title,
        family=procedure.family,
        purpose=procedure.purpose or _documentation(ctx, chosen.id),
        version=chosen.version,
        state=chosen.state,
        running=running.get(chosen.key, 0),
        may_start=chosen.state == "active" and _may_start(ctx.actor, procedure),
        drafts=sum(r.state == "draft" for r in rows) if manages else 0,
    )


def _documentation(ctx: Context, definition_id: int) -> str:
    """Without a purpose the start event's own words have to do."""
    elements = released(ctx, definition_id).definition.elements.values()
    return next((e.documentation for e in elements if e.kind == "startEvent" and e.documentation), "")


def _running_orders(ctx: Context) -> dict[str, int]:
    query = select(work_order.c.process, func.count()).where(STILL_TO_DO)
    return {str(key): int(n) for key, n in ctx.connection.execute(query.group_by(work_order.c.process))}


@dataclass(frozen=True, slots=True)
class ShowProcedure:
    """Look at a procedure, at its active version or at another one."""

    key: str
    version: int | None = None

    def read(self, ctx: Context) -> ProcedureView:
        """Give the view; raise NotFound, also for strangers, and for drafts where the actor does not manage procedures."""
        shown, versions = chosen_version(ctx, self.key, self.version)
        found = released(ctx, shown.id)
        files = definitions.files(ctx.connection, shown.id)
        names = {**people.unit_names(ctx.connection), **BUILT_IN, **people.role_names(ctx.connection)}
        return ProcedureView(
            key=self.key,
            procedure=found.procedure,
            shown=shown,
            versions=versions,
            elements=[_line(e, names) for e in found.definition.elements.values() if e.kind in MANUAL | _LISTED],
            clauses=clauses_of(files),
            files=sorted((name, len(content)) for name, content in files.items()),
            names=names,
            may_start=shown.state == "active" and _may_start(ctx.actor, found.procedure),
            may_manage=may_upload(ctx.actor),
            four_eyes=four_eyes(ctx),
        )


@dataclass(frozen=True, slots=True)
class ProcedureFiles:
    """The files of one version (the newest without a number), for whoever may see it."""

    key: str
    version: int | None = None

    def read(self, ctx: Context) -> dict[str, bytes]:
        """Give contents by name; raise NotFound."""
        shown, versions = chosen_version(ctx, self.key, self.version)
        newest = versions[0] if self.version is None else shown
        return definitions.files(ctx.connection, newest.id)


def chosen_version(ctx: Context, key: str, number: int | None) -> tuple[Version, list[Version]]:
    """Find a version the actor may see, among those they may see; newest first."""
    manages = may_upload(ctx.actor)
    versions = [v for v in _versions(ctx, key) if manages or v.state == "active"]
    wanted = [v for v in versions if v.version == number] if number else [v for v in versions if v.state == "active"]
    shown = next(iter(wanted or ([] if number else versions)), None)
    if shown is None or not _may_see(ctx.actor, released(ctx, shown.id).procedure):
        raise NotFound(f"没有流程 {key}" if number is None else f"没有流程 {key} 第 {number} 版")
    return shown, versions


def _versions(ctx: Context, key: str) -> list[Version]:
    running = (
        select(func.count()).where(
            instance.c.definition_id == definition.c.id, instance.c.status.in_([RUNNING, SUSPENDED])
        )
    ).scalar_subquery()
    columns = (
        definition.c.id,
        definition.c.version,
        definition.c.state,
        definition.c.digest,
        deployment.c.by,
        func.coalesce(person.c.name, deployment.c.by),
        deployment.c.at,
        running,
    )
    joined = definition.join(deployment, deployment.c.id == definition.c.deployment_id)
    query = select(*columns).select_from(joined.outerjoin(person, person.c.id == deployment.c.by))
    rows = ctx.connection.execute(query.where(definition.c.key == key).order_by(definition.c.version.desc()))
    return [Version(*row) for row in rows]


def clauses_of(files: Mapping[str, bytes]) -> list[dict[str, str]]:
    """Give the rows of clauses.csv."""
    text = files.get("clauses.csv", b"").decode("utf-8-sig", errors="replace")
    return [{k: v or "" for k, v in row.items() if isinstance(k, str)} for row in csv.DictReader(io.StringIO(text))]


def may_upload(actor: Actor) -> bool:
    """Whether an actor looks after procedures: sees drafts, uploads, releases (the commands ask again)."""
    return not actor.roles.isdisjoint({ADMIN, OWNER})


def _may_see(actor: Actor, procedure: Procedure) -> bool:
    concerned = procedure.supervisors | procedure.urgers
    return may_upload(actor) or _may_start(actor, procedure) or not concerned.isdisjoint(actor.roles)


def _may_start(actor: Actor, procedure: Procedure) -> bool:
    return not procedure.starters or not procedure.starters.isdisjoint(actor.roles)


def _line(element: Element, names: Mapping[str, str]) -> ElementLine:
    given = element.attributes
    words = _words((given.get("assignee", ""), *given.get("candidateGroups", "").split(",")))
    performers = "、".join(names.get(w, w) for w in words)
    return ElementLine(
        id=element.id,
        name=element.name if element.name != element.id else "",
        kind=element.kind,
        lane=element.lane,
        performers=performers or element.topic or given.get("decisionRef", ""),
        limit=given.get("dueDate", "") or (element.timer[1] if element.timer else ""),
        warn=given.get("followUpDate", ""),
        said=element.documentation,
        co_signing=co_signing.said_about(element.properties) if element.co_sign_names else {},
        in_turn=element.in_turn,
    )


def _words(words: Iterable[str]) -> list[str]:
    return [w.strip() for w in words if w.strip()]
