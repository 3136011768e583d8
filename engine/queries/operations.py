"""What an admin watches: queues by state and age, incidents, and whether this process can serve."""

import shutil
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, Table, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from engine.domain.errors import Busy, NotFound, Unavailable
from engine.domain.rights import ADMIN
from engine.executor import Context
from engine.queries.channel_figures import ChannelFigures, CountChannels
from engine.steps.calendar_change import missing_year
from engine.steps.four_eyes import four_eyes
from engine.steps.released import released
from engine.store import schema
from engine.store.database import reading
from engine.store.tables import incident, instance, job, outbox, person, timer, work_order

PAGE = 50
LEAST_FREE = 0.05
"""Share of the disk that must be free."""
LIVE = ("ready", "leased", "failed")
"""States of jobs and messages that are counted; what is done is only ever more."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How full the queues are."""

    jobs: dict[str, int]
    outbox: dict[str, int]
    timers: dict[str, int]
    oldest: dict[str, datetime | None]
    """Per queue the oldest moment that is due and not yet served."""
    incidents: int
    running: int


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """Count what waits; a handful of statements, however many cases there are."""

    def read(self, ctx: Context) -> Figures:
        """Give the figures."""
        oldest = {
            "jobs": _oldest(ctx, select(func.min(job.c.run_at)).where(job.c.state == "ready", job.c.run_at <= ctx.now)),
            "outbox": _oldest(
                ctx, select(func.min(outbox.c.run_at)).where(outbox.c.state == "ready", outbox.c.run_at <= ctx.now)
            ),
            "timers": _oldest(
                ctx, select(func.min(timer.c.due_at)).where(timer.c.state == "waiting", timer.c.due_at <= ctx.now)
            ),
        }
        return Figures(
            jobs=_by_state(ctx.connection, job, LIVE),
            outbox=_by_state(ctx.connection, outbox, LIVE),
            timers=_by_state(ctx.connection, timer, ("waiting", "failed")),
            oldest=oldest,
            incidents=_count(ctx.connection, select(func.count()).where(incident.c.state == "open")),
            running=_count(ctx.connection, select(func.count()).where(instance.c.status == "running")),
        )


def _oldest(ctx: Context, query: Select[Any]) -> datetime | None:
    return ctx.connection.execute(query).scalar()


def _count(connection: Connection, query: Select[Any]) -> int:
    return int(connection.execute(query).scalar_one())


def _by_state(connection: Connection, table: Table, states: tuple[str, ...]) -> dict[str, int]:
    query = select(table.c.state, func.count()).where(table.c.state.in_(states)).group_by(table.c.state)
    counted = {str(state): int(n) for state, n in connection.execute(query)}
    return {state: counted.get(state, 0) for state in states}


@dataclass(frozen=True, slots=True)
class OverviewView:
    """The first thing an admin sees; `missing` is the year whose holidays should be confirmed by now."""

    figures: Figures
    four_eyes: bool
    kind: str
    missing: int | None
    channels: tuple[ChannelFigures, ...] = ()
    """Those that want looking at: given up messages, secrets that cannot be used, a provider that lets it wait."""


@dataclass(frozen=True, slots=True)
class Overview:
    """Look at everything at once; for admins."""

    def read(self, ctx: Context) -> OverviewView:
        """Give the view; raise NotFound for others."""
        require_admin(ctx)
        kind = ctx.engine.settings.kind
        unwell = tuple(one for one in CountChannels().read(ctx) if one.dead or one.trouble or one.held_until)
        return OverviewView(QueueFigures().read(ctx), four_eyes(ctx), kind, missing_year(ctx), unwell)


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """One incident in the list."""

    id: int
    kind: str
    element_id: str
    reason: str
    at: datetime
    state: str
    number: str | None
    resolved_by: str | None
    resolved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Incidents:
    """Incidents of one state, newest first, a page at a time; for admins."""

    state: str = "open"
    before: int | None = None

    def read(self, ctx: Context) -> list[IncidentLine]:
        """Give at most PAGE + 1 lines, so that a caller knows whether there are more. Raises NotFound for others."""
        require_admin(ctx)
        columns: list[Any] = [incident.c[n] for n in "id kind element_id reason at state".split()]
        joined = incident.outerjoin(work_order, work_order.c.instance_id == incident.c.instance_id)
        query = (
            select(
                *columns,
                work_order.c.number,
                func.coalesce(person.c.name, incident.c.resolved_by),
                incident.c.resolved_at,
            )
            .select_from(joined.outerjoin(person, person.c.id == incident.c.resolved_by))
            .where(incident.c.state == self.state)
            .order_by(incident.c.id.desc())
            .limit(PAGE + 1)
        )
        if self.before is not None:
            query = query.where(incident.c.id < self.before)
        return [IncidentLine(*tuple(row)) for row in ctx.connection.execute(query)]


@dataclass(frozen=True, slots=True)
class IncidentView:
    """One incident with everything that helps to mend it."""

    line: IncidentLine
    element: str
    procedure: str
    instance_id: int | None
    instance_status: str
    title: str
    payload: dict[str, Any]
    job: dict[str, Any] = field(default_factory=dict)
    timer: dict[str, Any] = field(default_factory=dict)

    @property
    def may_retry(self) -> bool:
        """Whether there is something that can be tried again."""
        runs = self.instance_status == "running"
        return self.line.state == "open" and (runs and bool(self.job or self.timer) or "outbox" in self.payload)

    @property
    def data(self) -> dict[str, Any]:
        """What a retry would work with."""
        return self.payload if not self.timer else {}


@dataclass(frozen=True, slots=True)
class ShowIncident:
    """Look at one incident; for admins."""

    incident_id: int

    def read(self, ctx: Context) -> IncidentView:
        """Give the view; raise NotFound."""
        require_admin(ctx)
        columns = (incident, work_order.c.number, work_order.c.title, instance.c.status, instance.c.definition_id)
        joined = incident.outerjoin(instance, instance.c.id == incident.c.instance_id).outerjoin(
            work_order, work_order.c.instance_id == incident.c.instance_id
        )
        resolver = person.c.name.label("resolver")
        query = select(*columns, resolver).select_from(joined.outerjoin(person, person.c.id == incident.c.resolved_by))
        row = ctx.connection.execute(query.where(incident.c.id == self.incident_id)).one_or_none()
        if row is None:
            raise NotFound("没有这个异常")
        line = IncidentLine(
            row.id, row.kind, row.element_id, row.reason, row.at, row.state, row.number, row.resolver, row.resolved_at
        )
        version = released(ctx, row.definition_id) if row.definition_id is not None else None
        element = version.definition.elements.get(row.element_id) if version else None
        return IncidentView(
            line=line,
            element=element.name if element else row.element_id,
            procedure=version.procedure.title if version else "",
            instance_id=row.instance_id,
            instance_status=row.status or "",
            title=row.title or "",
            payload=row.payload,
            job=_row_of(ctx.connection, job, row.job_id, "topic state attempts error"),
            timer=_row_of(ctx.connection, timer, row.timer_id, "id text due_at state"),
        )


def _row_of(connection: Connection, table: Table, ident: int | None, names: str) -> dict[str, Any]:
    if ident is None:
        return {}
    row = connection.execute(select(*(table.c[n] for n in names.split())).where(table.c.id == ident)).one_or_none()
    return dict(row._mapping) if row is not None else {}


@dataclass(frozen=True, slots=True)
class QueueRows:
    """Jobs, messages or timers of one state, a page at a time; for admins."""

    queue: str
    state: str
    before: int | None = None

    def read(self, ctx: Context) -> list[Row[Any]]:
        """Give at most PAGE + 1 rows: jobs and messages newest first, timers by due moment. Raises NotFound for others."""
        require_admin(ctx)
        tables = {"jobs": job, "outbox": outbox, "timers": timer}
        table = tables[self.queue]
        joined = table.outerjoin(work_order, work_order.c.instance_id == table.c.instance_id)
        query = (
            select(table, work_order.c.number).select_from(joined).where(table.c.state == self.state).limit(PAGE + 1)
        )
        if self.before is not None:
            query = query.where(table.c.id < self.before)
        order = table.c.due_at if self.queue == "timers" else table.c.id.desc()
        return list(ctx.connection.execute(query.order_by(order)))


def require_admin(ctx: Context) -> None:
    """Raise NotFound unless the asking actor is an admin."""
    if ADMIN not in ctx.actor.roles:
        raise NotFound("没有这个页面")


def is_ready(database: Engine, least_free: float = LEAST_FREE) -> bool:
    """Whether this process can serve: the database answers, its schema is the present one, a share of the disk is free."""
    try:
        with reading(database) as connection:
            connection.execute(text("SELECT 1"))
            current = schema.revision_is_current(connection)
    except (SQLAlchemyError, Busy, Unavailable):
        return False
    return current and free_share(database) > least_free


def free_share(database: Engine) -> float:
    """Give the free share of the disk that holds a SQLite file, else of the working directory's."""
    name = database.url.database if database.dialect.name == "sqlite" else None
    folder = Path(name).resolve().parent if name and name != ":memory:" else Path.cwd()
    usage = shutil.disk_usage(folder if folder.exists() else Path.cwd())
    return usage.free / usage.total
