"""Slips (催办单, 督办单) of a task: a number, a text, a moment by which it wants a written answer; work done is an answer too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.bpmn.arrivals import Limit
from engine.domain.deadline import parse
from engine.domain.limit_course import after_pause
from engine.executor import Context
from engine.steps import limits
from engine.steps.notices import about, tell
from engine.steps.performers import acting_as, in_charge, is_in_charge, is_to_do
from engine.steps.roles import LEADER
from engine.steps.scene import Scene
from engine.store import people, slips
from engine.store.instances import TaskRow

ANSWER_WITHIN = "1个工作日"
"""The limit for an answer where nobody says another."""
_SIGNS = {slips.URGE: "催", slips.SUPERVISE: "督"}
AGAIN_AFTER = "30分钟(工作时间)"
"""How long whoever has urged a task waits before urging it again: whoever is called all the time answers nobody."""
MOST = 500
"""Length of a text or an answer that is kept."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A slip just issued."""

    number: str
    answer_by: datetime

    @property
    def said(self) -> dict[str, Any]:
        """What notices may tell of it."""
        return {"slip_number": self.number, "answer_by": self.answer_by.isoformat()}


def issue(scene: Scene, task: TaskRow, kind: str, text: str, within: str = "") -> Issued:
    """Write a slip for a task; its answer is wanted within a limit of the task's own calendar."""
    ctx, instance_id = scene.ctx, scene.row.instance_id
    number = f"{scene.row.number}-{_SIGNS[kind]}{slips.count(ctx.connection, instance_id, kind) + 1}"
    within = within or ANSWER_WITHIN
    answer_by = limits.due(ctx, Limit(within), calendar_of(scene, task)).at
    row = {"number": number, "kind": kind, "instance_id": instance_id, "user_task_id": task.id}
    row |= {"issued_at": ctx.now, "issued_by": ctx.actor.id, "text": text[:MOST]}
    slips.add(ctx.connection, row | {"answer_within": within, "answer_by": answer_by})
    return Issued(number, answer_by)


def calendar_of(scene: Scene, task: TaskRow) -> str:
    """Give the calendar a task counts by."""
    return task.calendar or scene.calendar_of(scene.released.definition.elements[task.element_id].properties)


def issuer(scene: Scene, issued_by: str) -> list[str]:
    """Give whom to tell of what becomes of a slip: whoever issued it; of a ladder's, the supervisors."""
    if issued_by == "system":
        return sorted(scene.released.procedure.supervisors)
    return [f"person:{issued_by}"]


def tell_done(scene: Scene, task: TaskRow) -> None:
    """Tell who supervises a task that it is done: that is the answer of each slip (督办单) that has none in writing."""
    for slip in slips.unanswered(scene.ctx.connection, task.id, slips.SUPERVISE):
        said = {"slip_number": slip.number, "text": slip.text}
        tell(scene, "slip_done", issuer(scene, slip.issued_by), **about(task), **said)


@dataclass(frozen=True, slots=True)
class Later:
    """An answer that is wanted later than it was."""

    slip: int
    number: str
    was: datetime
    answer_by: datetime

    @property
    def said(self) -> dict[str, Any]:
        """What the history tells of it."""
        moved = {"was": self.was.isoformat(), "due_at": self.answer_by.isoformat()}
        return {"slip": self.slip, "name": self.number, **moved}


def later(scene: Scene, tasks: Sequence[TaskRow], since: datetime) -> list[Later]:
    """Work out how the answers that open tasks of a paused case owe are wanted later by the pause from `since` to now.

    An answer that was late already stays late.
    """
    ctx, by_id, found = scene.ctx, {task.id: task for task in tasks}, list[Later]()
    for slip in slips.of_case(ctx.connection, scene.row.instance_id):
        if slip.answered_at or slip.user_task_id not in by_id:
            continue
        calendar = limits.calendar(ctx, calendar_of(scene, by_id[slip.user_task_id]))
        at = after_pause(parse(slip.answer_within), slip.answer_by, calendar, max(since, slip.issued_at), ctx.now)
        if at != slip.answer_by:
            found.append(Later(slip.id, slip.number, slip.answer_by, at))
    return found


def rests_until(scene: Scene, task: TaskRow, last: datetime | None) -> datetime | None:
    """Give the moment from which whoever urged a task last at `last` may urge it again; None: at once."""
    if last is None:
        return None
    again = limits.due(scene.ctx, Limit(AGAIN_AFTER), calendar_of(scene, task), last).at
    return again if again > scene.ctx.now else None


def answers(ctx: Context, task: TaskRow, process: str) -> bool:
    """Whether the actor may answer an open task's slips: holds it, may claim it, or leads whoever does."""
    actor, holder = ctx.actor, in_charge(task)
    if any(acting_as(actor, task, process, may) for may in (is_in_charge, is_to_do)):
        return True
    led = {unit for unit, role in actor.memberships if role == LEADER}
    if not led:
        return False
    if holder is None:
        return not led.isdisjoint(unit for term in task.groups if (unit := _unit_of(term)))
    return not led.isdisjoint(unit for unit, _ in people.memberships_of(ctx.connection, [holder]).get(holder, set()))


def _unit_of(term: str) -> str:
    kind, _, rest = term.partition(":")
    return rest if kind == "unit" else term.partition("@")[2]
