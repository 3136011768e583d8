"""From where and to where an order may be moved, and what that would do: tried out on a copy, by the very code that does it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine.bpmn import jumping
from engine.bpmn.elements import Element
from engine.bpmn.jumping import Position
from engine.bpmn.runtime import Case
from engine.domain.errors import NotAllowed
from engine.domain.rights import may
from engine.executor import Context
from engine.queries.at_hand import order_at_hand
from engine.queries.awaited import in_words, names_of_performers
from engine.queries.trial import at_rest
from engine.steps import saving
from engine.steps.assignment import assign
from engine.steps.jumping import chosen, leap, refused
from engine.steps.scene import Scene
from engine.steps.services import StepServices
from engine.store import people, user_tasks
from engine.store.instances import TaskRow
from engine.store.tables import incident, job, message_wait, timer

Speaker = Callable[[str | None, Iterable[str]], str]


@dataclass(frozen=True, slots=True)
class JumpPosition:
    """A place where an order stands now."""

    ident: str
    element_id: str
    name: str
    kind: str
    """As drawn: userTask, serviceTask, subProcess …"""
    scope: str
    """Only positions of one scope can be chosen together."""
    around: tuple[str, ...]
    """Names of the activities around it, outermost first."""
    came_from: str
    """At a join: the name of the step it came from."""
    who: str
    """Holders of the tasks that end with it, or their candidates in words."""
    incidents: tuple[str, ...]
    """Why it does not go on by itself."""


@dataclass(frozen=True, slots=True)
class JumpTarget:
    """An element that positions may be moved to."""

    element_id: str
    name: str
    kind: str
    refusal: str
    """Why it would not be sound; empty where it may be chosen."""


@dataclass(frozen=True, slots=True)
class JumpPreview:
    """What a jump would do; names of elements as drawn."""

    to: str
    ends: list[str]
    """Positions that end."""
    closes: list[tuple[int, str, str]]
    """Open tasks that will be taken away: id, name, holder's id (empty: nobody has claimed it)."""
    stops: list[str]
    """Timers, jobs and waits for messages that end."""
    incidents: list[str]
    """Reasons of the incidents that are closed with it."""
    passes: list[str]
    """What is done by itself on the way."""
    opens: list[tuple[str, str, str, datetime | None]]
    """Tasks that will be open: name, item, holder's name or candidates in words, due moment."""
    begins: list[tuple[str, datetime | None]]
    """What else the order waits for then: timers with their moment, jobs and messages without."""
    completes: bool
    """Whether the order is done with it."""


@dataclass(frozen=True, slots=True)
class JumpPositions:
    """Every place an order stands at."""

    number: str

    def read(self, ctx: Context) -> list[JumpPosition]:
        """Give them, those of the process first; none once it is over. Raises NotAllowed, NotFound."""
        scene = _scene(ctx, self.number)
        if scene.row.instance_status not in saving.ALIVE:
            return []
        case = at_rest(scene, StepServices(scene))
        tasks = user_tasks.open_of(ctx.connection, scene.row.instance_id)
        wrong, who = _incidents(scene), _speaker(scene, [task.assignee for task in tasks])
        return [_shown(scene, each, tasks, wrong, who) for each in jumping.positions(case)]


@dataclass(frozen=True, slots=True)
class JumpTargets:
    """Where some positions of an order may be moved to."""

    number: str
    positions: tuple[str, ...]

    def read(self, ctx: Context) -> list[JumpTarget]:
        """Give the elements of their activity as drawn. Raises NotAllowed, NotFound, Invalid, Conflict when one is gone."""
        scene = _scene(ctx, self.number)
        case = at_rest(scene, StepServices(scene))
        found = chosen(case, self.positions)
        return [
            JumpTarget(each.id, each.name, each.kind, refused(case, found, each.id))
            for each in jumping.targets(case, found)
        ]


@dataclass(frozen=True, slots=True)
class PreviewJump:
    """What moving some positions to an element would do."""

    number: str
    positions: tuple[str, ...]
    to: str

    def read(self, ctx: Context) -> JumpPreview:
        """Give it. Raises NotAllowed, NotFound, Invalid when it is not sound, Conflict, StepFailed when the diagram fails."""
        scene = _scene(ctx, self.number)
        case = at_rest(scene, StepServices(scene))
        tasks, waits, wrong = _tasks(scene), _waits(scene), _incidents(scene)
        positions, _ = leap(scene, case, self.positions, self.to)
        elements = case.step.elements
        inside = frozenset[str]().union(*(each.inside for each in positions))
        return JumpPreview(
            elements[self.to].name,
            [each.element.name for each in positions],
            [(t.id, t.name, t.assignee or "") for t in tasks if not case.is_open(t.token_id)],
            [elements[w.element_id].name for w in waits if not case.is_open(w.token_id)],
            [each.reason for each in wrong if each.token_id in inside],
            _passed(case),
            _opened(scene, case),
            _begun(scene, case),
            case.completed,
        )


def _scene(ctx: Context, number: str) -> Scene:
    """Look at an order as an admin."""
    if not may(ctx.actor, "JumpInstance"):
        raise NotAllowed(f"{ctx.actor.name}不能跳转工单")
    return order_at_hand(ctx, number)


def _tasks(scene: Scene) -> list[TaskRow]:
    return user_tasks.open_of(scene.ctx.connection, scene.row.instance_id)


def _waits(scene: Scene) -> list[Any]:
    """Give what an order waits for besides people: timers, jobs and messages (token_id, element_id)."""
    ours = scene.row.instance_id
    at_work = job.c.state.in_(("ready", "resting", "leased", "kept", "failed"))
    asked = [
        select(timer.c.token_id, timer.c.element_id).where(timer.c.instance_id == ours).order_by(timer.c.id),
        select(job.c.token_id, job.c.element_id).where(job.c.instance_id == ours, at_work).order_by(job.c.id),
        select(message_wait.c.token_id, message_wait.c.element_id).where(message_wait.c.instance_id == ours),
    ]
    return [row for query in asked for row in scene.ctx.connection.execute(query)]


def _incidents(scene: Scene) -> list[Any]:
    """Give the open incidents of an order's jobs and timers (token_id, reason)."""
    ours = incident.c.instance_id == scene.row.instance_id, incident.c.state == "open"
    of_jobs = select(job.c.token_id, incident.c.reason).join(job, job.c.id == incident.c.job_id)
    of_timers = select(timer.c.token_id, incident.c.reason).join(timer, timer.c.id == incident.c.timer_id)
    return [row for query in (of_jobs, of_timers) for row in scene.ctx.connection.execute(query.where(*ours)).all()]


def _shown(scene: Scene, at: Position, tasks: Sequence[TaskRow], wrong: Iterable[Any], who: Speaker) -> JumpPosition:
    elements, mine = scene.released.definition.elements, [t for t in tasks if t.token_id in at.inside]
    return JumpPosition(
        at.ident,
        at.element.id,
        at.element.name,
        at.element.kind,
        at.scope,
        tuple(f"{elements[name].name} {key}".strip() for name, key in at.around),
        elements[at.source].name if at.source else "",
        "、".join(dict.fromkeys(who(t.assignee, t.groups) for t in mine)),
        tuple(each.reason for each in wrong if each.token_id in at.inside),
    )


def _speaker(scene: Scene, holders: Iterable[str | None]) -> Speaker:
    """Give what says whose tasks are, by holder and candidates; names are read once for all of them."""
    people_named = people.names_of(scene.ctx.connection, {who for who in holders if who})
    performers = names_of_performers(scene.ctx)
    return lambda holder, groups: people_named.get(holder, holder) if holder else in_words(groups, performers)


def _passed(case: Case) -> list[str]:
    """Give the named elements that run by themselves on the way, the end of the order left to `completes`."""
    ran = [case.step.elements[ident] for ident in case.arrivals.reached if ident in case.step.elements]
    return list(dict.fromkeys(each.name for each in ran if _is_work(each)))


def _is_work(element: Element) -> bool:
    return element.kind in ("scriptTask", "serviceTask", "sendTask", "businessRuleTask", "intermediateThrowEvent")


def _opened(scene: Scene, case: Case) -> list[tuple[str, str, str, datetime | None]]:
    opened = [task for task in case.arrivals.tasks if case.is_open(task.token_id)]
    rows = [saving.task_row(scene, task, assign(scene, case, task, None)) for task in opened]
    who = _speaker(scene, [row["assignee"] for row in rows])
    return [(row["name"], row["item"], who(row["assignee"], row["groups"]), row["due_at"]) for row in rows]


def _begun(scene: Scene, case: Case) -> list[tuple[str, datetime | None]]:
    came = case.arrivals
    timers = [each for each in came.timers if case.is_open(each.token_id)]
    found: list[tuple[str, datetime | None]] = [
        (each.element.name, saving.timer_row(scene, each)["due_at"]) for each in timers
    ]
    found += [(each.element.name, None) for each in came.jobs if case.is_open(each.token_id)]
    return found + [(each.element.name, None) for each in came.messages if case.is_open(each.token_id)]
