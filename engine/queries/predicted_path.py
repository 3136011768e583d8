"""The rest of a case's way as it looks now: the steps still to come, by whom, until when, and what is not decided yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, cast, null, select, union_all

from engine.bpmn.ahead import Ahead, Road
from engine.domain.states import OPEN, STILL_TO_DO
from engine.executor import Context
from engine.queries.at_hand import order_at_hand
from engine.queries.awaited import in_words, names_of_performers
from engine.steps import duty
from engine.steps.foresight import Foresight, Straight
from engine.steps.scene import Scene
from engine.store import people
from engine.store.tables import job, message_wait, timer, user_task

_SAID = ("role", "unit", "person")
"""Kinds of performer words that have a name of their own."""


@dataclass(frozen=True, slots=True)
class PredictedStep:
    """A step that may come."""

    element_id: str
    name: str
    who: str
    """Performers in words; empty for what nobody does, or where it is not known."""
    sure: bool
    question: str
    """The name of the choice it hangs on, where it is not sure; empty where that has none."""
    answer: str
    """What is written on the way that leads to it."""
    beside: bool
    """Others are done at the same time."""
    repeats: bool
    """It may come more than once."""
    by: datetime | None
    """Done at the latest, if every limit before it is used up; None: nobody can say."""
    ends: bool
    """The case is over with it."""
    waits: bool
    """The case waits here for time, a message or another procedure."""


@dataclass(frozen=True, slots=True)
class PredictedPath:
    """How an order goes on if no limit passes and nothing comes in between."""

    number: str

    def read(self, ctx: Context) -> list[PredictedStep]:
        """Give the steps in an order in which they may be done; none once it is over. Raises NotFound for strangers."""
        scene = order_at_hand(ctx, self.number)
        if scene.row.status not in STILL_TO_DO:
            return []
        standing, returned = _standing(scene)
        straight = {ident: Straight(why["then"], why["by"]) for ident, why in returned.items() if "then" in why}
        foresight = Foresight(scene, standing, straight)
        steps = Road(foresight.elements, standing, foresight.choose, foresight.leave, foresight.onward).steps()
        words = _words(ctx, foresight, steps)
        dated = scene.row.status == OPEN
        return [_shown(step, words.get(step.element.id, ""), dated) for step in steps]


def _standing(scene: Scene) -> tuple[dict[str, datetime | None], dict[str, dict[str, Any]]]:
    """Give where the case stands, and when it goes on from there at the latest: tasks, waits and jobs, no boundary events;
    and why tasks that were sent back are open.
    """
    elements, now = scene.released.definition.elements, scene.ctx.now
    found: dict[str, datetime | None] = {}
    returned: dict[str, dict[str, Any]] = {}
    for ident, at, why in scene.ctx.connection.execute(_places(scene.row.instance_id)):
        if ident not in elements or elements[ident].attached_to:
            continue
        is_job = elements[ident].kind in ("serviceTask", "sendTask", "intermediateThrowEvent", "endEvent")
        leaves = now if is_job else max(at, now) if at is not None else None
        others = found.get(ident, leaves)
        found[ident] = max(leaves, others) if leaves is not None and others is not None else None
        if why:
            returned[ident] = why
    return found, returned


def _places(instance_id: int) -> CompoundSelect[Any]:
    """Element, due moment and why it was sent back, in one statement."""
    at, why = cast(null(), user_task.c.due_at.type), cast(null(), user_task.c.returned.type)
    running = job.c.state.in_(("ready", "leased", "failed"))
    return union_all(
        select(user_task.c.element_id, user_task.c.due_at, user_task.c.returned).where(
            user_task.c.instance_id == instance_id, user_task.c.state == "open"
        ),
        select(timer.c.element_id, timer.c.due_at, why).where(timer.c.instance_id == instance_id),
        select(message_wait.c.element_id, at, why).where(message_wait.c.instance_id == instance_id),
        select(job.c.element_id, at, why).where(job.c.instance_id == instance_id, running),
    )


def _words(ctx: Context, foresight: Foresight, steps: list[Ahead]) -> dict[str, str]:
    """Give the performers of user tasks by element; a lane's name where the word itself says nothing to people."""
    manual = [step.element for step in steps if step.element.is_manual]
    if not manual:
        return {}
    terms = {element.id: foresight.performers(element) for element in manual}
    starter = foresight.scene.row.created_by
    said = [t.removeprefix("person:") for found in terms.values() for t in found or () if t.startswith("person:")]
    names: Mapping[str, str] = {**names_of_performers(ctx), **people.names_of(ctx.connection, [starter, *said])}
    found = {}
    for element in manual:
        words = [names.get(starter, starter) if t == "starter" else t for t in terms[element.id] or ()]
        plain = [names.get(w.removeprefix("person:"), w) if w.startswith("person:") else w for w in words]
        readable = bool(plain) and all(_is_said(word) for word in plain)
        found[element.id] = in_words(plain, names) if readable else element.lane
    return found


def _is_said(word: str) -> bool:
    return ":" not in word or word.startswith(duty.TERM) or word.partition(":")[0] in _SAID


def _shown(step: Ahead, who: str, dated: bool) -> PredictedStep:
    element = step.element
    asked = step.hangs_on.name if step.hangs_on is not None and step.hangs_on.name != step.hangs_on.id else ""
    return PredictedStep(
        element.id,
        element.name,
        who,
        step.sure,
        asked,
        step.if_,
        step.beside,
        step.repeats,
        step.by if dated else None,
        element.kind == "endEvent",
        not element.is_manual and element.kind != "endEvent",
    )
