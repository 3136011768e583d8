"""Diagrams to look at: of a version, and of one case with what is done, current, overdue and waiting."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine.bpmn.documents import read, tag
from engine.bpmn.elements import Element
from engine.bpmn.picture import draw
from engine.domain.errors import InvalidDiagram, NotFound
from engine.executor import Context
from engine.queries.awaited import in_words, names_of_performers
from engine.queries.cases import History
from engine.queries.procedures import ProcedureFiles, ShowProcedure, clauses_of
from engine.steps.released import released
from engine.steps.scope import scope
from engine.store import definitions
from engine.store.tables import instance, job, message_wait, person, timer, user_task, work_order

_RANK = {"done": 0, "waiting": 1, "current": 2, "overdue": 3}


@dataclass(frozen=True, slots=True)
class Diagram:
    """A diagram and its picture."""

    xml: bytes
    svg: str


@dataclass(frozen=True, slots=True)
class ProcedureDiagram:
    """The main diagram of a procedure's version, drawn without marks."""

    key: str
    version: int | None = None
    style: str = ""
    window: tuple[float, float] | None = None
    """Only so much from where it begins, for a thumbnail."""

    def read(self, ctx: Context) -> Diagram:
        """Give it; raise NotFound, InvalidDiagram where nothing is drawn."""
        shown = ShowProcedure(self.key, self.version).read(ctx).shown
        files = ProcedureFiles(self.key, shown.version).read(ctx)
        xml = main_diagram(files, self.key)
        picture = lambda: draw(xml, {}, style=self.style, window=self.window)  # noqa: E731
        return Diagram(xml, ctx.engine.cached("picture", (shown.id, self.style, self.window), picture))


@dataclass(frozen=True, slots=True)
class TokenLine:
    """What happened or waits at one element of a case."""

    element_id: str
    name: str
    state: str
    who: str
    since: datetime | None
    ended_at: datetime | None
    due_at: datetime | None
    task_id: int | None
    timer_id: int | None
    """Whose limit it is, for the receipt."""
    clause: str


@dataclass(frozen=True, slots=True)
class CaseDiagramView:
    """A case's diagram: marks by element, one line per named step that was reached, in order."""

    number: str
    title: str
    xml: bytes
    marks: dict[str, str]
    lines: list[TokenLine]

    def svg(self, style: str = "") -> str:
        """Draw it."""
        return draw(self.xml, self.marks, style=style)

    def svg_here(self, window: tuple[float, float], style: str = "") -> str:
        """Draw the part around what is overdue, current or waiting; all of it where nothing is any more."""
        states = ("overdue", "current", "waiting")
        here = next((ident for s in states for ident, state in self.marks.items() if state == s), "")
        return draw(self.xml, self.marks, style=style, window=window, near=here) if here else self.svg(style)


@dataclass(frozen=True, slots=True)
class CaseDiagram:
    """Look at how far a work order has come, for whoever may see the order."""

    number: str

    def read(self, ctx: Context) -> CaseDiagramView:
        """Give the view; raise NotFound for strangers, as for orders that do not exist."""
        columns = work_order.c.instance_id, instance.c.definition_id, work_order.c.process
        query = select(*columns).join(instance, instance.c.id == work_order.c.instance_id)
        row = ctx.connection.execute(query.where(work_order.c.number == self.number, scope(ctx))).one_or_none()
        if row is None:
            raise NotFound(f"没有工单 {self.number}")
        files = definitions.files(ctx.connection, row.definition_id)
        version = released(ctx, row.definition_id)
        said = _said(ctx, row.instance_id, version.definition.elements)
        marks = {element_id: line["state"] for element_id, line in said.items()}
        lines = _lines(said, version.definition.elements, files)
        return CaseDiagramView(self.number, version.procedure.title, main_diagram(files, row.process), marks, lines)


def main_diagram(files: Mapping[str, bytes], process: str) -> bytes:
    """Give the diagram that holds a process; raise NotFound."""
    for name in sorted(n for n in files if n.endswith(".bpmn")):
        if any(node.get("id") == process for node in read(files[name], name).iter(tag("process"))):
            return files[name]
    raise NotFound(f"文件里没有流程 {process} 的图")


def drawing_of(files: Mapping[str, bytes], process: str, marks: Mapping[str, str]) -> str:
    """Draw the part of a diagram that is not deployed yet around the first element marked; empty where that is not possible."""
    try:
        return draw(main_diagram(files, process), marks, window=(1000.0, 420.0), near=next(iter(marks), ""))
    except (InvalidDiagram, NotFound):
        return ""


def _lines(
    said: Mapping[str, dict[str, Any]], elements: Mapping[str, Element], files: Mapping[str, bytes]
) -> list[TokenLine]:
    clauses: dict[str, list[str]] = {}
    for clause in clauses_of(files):
        clauses.setdefault(clause.get("element", ""), []).append(clause.get("clause", ""))
    empty = {"who": "", "since": None, "ended_at": None, "due_at": None, "task_id": None, "timer_id": None}
    return [
        TokenLine(**{**empty, **line}, name=elements[ident].name, clause="、".join(clauses.get(ident, ())))
        for ident, line in said.items()
        if elements[ident].name != ident and not elements[ident].kind.endswith("Gateway")
    ]


def _said(ctx: Context, instance_id: int, elements: Mapping[str, Element]) -> dict[str, dict[str, Any]]:
    """Give what is to be said per element; what is open outweighs what is done."""
    found: dict[str, dict[str, Any]] = {}
    for said in (*_passed(ctx, instance_id), *_tasks(ctx, instance_id), *_waiting(ctx, instance_id, elements)):
        before = found.get(said["element_id"])
        if before is None or _RANK[said["state"]] >= _RANK[before["state"]]:
            found[said["element_id"]] = {**(before or {}), **{k: v for k, v in said.items() if v is not None}}
    return {ident: line for ident, line in found.items() if ident in elements}


def _passed(ctx: Context, instance_id: int) -> list[dict[str, Any]]:
    return [
        {"element_id": element_id, "state": "done", "ended_at": event.at}
        for event in History(instance_id).read(ctx)
        for element_id in event.payload.get("reached", ())
    ]


def _tasks(ctx: Context, instance_id: int) -> list[dict[str, Any]]:
    columns = [user_task.c[n] for n in ("id", "element_id", "state", "groups", "opened_at", "ended_at", "due_at")]
    names = names_of_performers(ctx)
    query = (
        select(*columns, person.c.name.label("who"))
        .outerjoin(person, person.c.id == user_task.c.assignee)
        .where(user_task.c.instance_id == instance_id, user_task.c.state != "cancelled")
        .order_by(user_task.c.id)
    )
    found = []
    for row in ctx.connection.execute(query):
        late = row.due_at is not None and row.due_at <= ctx.now
        state = ("overdue" if late else "current") if row.state == "open" else "done"
        moments = {"since": row.opened_at, "ended_at": row.ended_at, "due_at": row.due_at, "task_id": row.id}
        waits = row.state == "open" and not row.who
        who = in_words(row.groups, names) if waits else row.who
        found.append({"element_id": row.element_id, "state": state, "who": who, **moments})
    return found


def _waiting(ctx: Context, instance_id: int, elements: Mapping[str, Element]) -> list[dict[str, Any]]:
    """Timers, messages and jobs that hold a token; what is only attached to a task says nothing of its own."""
    timers = select(timer.c.element_id, timer.c.due_at, timer.c.id).where(timer.c.instance_id == instance_id)
    jobs = select(job.c.element_id).where(
        job.c.instance_id == instance_id, job.c.state.in_(("ready", "leased", "failed"))
    )
    messages = select(message_wait.c.element_id).where(message_wait.c.instance_id == instance_id)
    rows = [(r.element_id, r.due_at, r.id) for r in ctx.connection.execute(timers)]
    rows += [(r.element_id, None, None) for query in (jobs, messages) for r in ctx.connection.execute(query)]
    return [
        {"element_id": ident, "state": "waiting", "due_at": due_at, "timer_id": timer_id}
        for ident, due_at, timer_id in rows
        if ident in elements and not elements[ident].attached_to
    ]
