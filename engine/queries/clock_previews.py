"""What extending, pausing and resuming would do to the clock of an order: worked out by the code that does it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.domain.errors import Conflict
from engine.domain.states import OPEN, PAUSED
from engine.executor import Context
from engine.queries.at_hand import order_at_hand, task_at_hand
from engine.steps.concerned import everybody
from engine.steps.extending import leads_order, longer, require_span
from engine.steps.notices import recipients
from engine.steps.pausing import moves
from engine.steps.scene import Scene
from engine.steps.slips import rests_until
from engine.store import pauses, people, slips, timers, user_tasks


@dataclass(frozen=True, slots=True)
class ExtensionPreview:
    """Where the moments of a task go."""

    was: datetime
    due_at: datetime
    warned: datetime | None
    warn_at: datetime | None
    order_due_at: datetime | None
    """When the order falls due from then on, where it follows this task."""
    told: list[str]
    """Names of those who hear of it."""


@dataclass(frozen=True, slots=True)
class PreviewExtension:
    """What letting an open task fall due `by` later would do."""

    task_id: int
    by: str

    def read(self, ctx: Context) -> ExtensionPreview:
        """Give it. Raises NotFound for strangers, Conflict for a task that is over, Invalid for what is no span."""
        scene, task = task_at_hand(ctx, self.task_id)
        if task.state != "open":
            raise Conflict("这件待办已经不需要办了")
        require_span(self.by)
        found = longer(scene, task, self.by)
        assert task.due_at is not None  # `longer` refuses a task without a limit
        due_at, warn_at = found.due.at, found.warn.at if found.warn else None
        order_due_at = due_at if leads_order(scene, task) else None
        told = _names(scene, [f"holder:{task.element_id}"])
        return ExtensionPreview(task.due_at, due_at, task.warn_at, warn_at, order_due_at, told)


@dataclass(frozen=True, slots=True)
class PausePreview:
    """What stands still while an order is paused."""

    limits: list[tuple[str, datetime]]
    """Open tasks with a limit: name and when it falls due now."""
    tasks: list[str]
    """Names of the open tasks that nobody can complete meanwhile."""
    timers: list[tuple[str, datetime]]
    """Element and moment of what would have fired and follows no task's limit."""
    slips: list[str]
    """Numbers of the slips whose answers are not wanted meanwhile."""
    told: list[str]


@dataclass(frozen=True, slots=True)
class PreviewPause:
    """What pausing an order would do."""

    number: str

    def read(self, ctx: Context) -> PausePreview:
        """Give it. Raises NotFound for strangers, Conflict where the order does not run."""
        scene = order_at_hand(ctx, self.number)
        if scene.row.status != OPEN:
            raise Conflict("这件工单已经暂停了" if scene.row.status == PAUSED else "这件工单现在不能暂停")
        tasks = user_tasks.open_of(ctx.connection, scene.row.instance_id)
        waits = timers.waiting_of(ctx.connection, scene.row.instance_id)
        owed = slips.of_case(ctx.connection, scene.row.instance_id)
        return PausePreview(
            [(task.name, task.due_at) for task in tasks if task.due_at is not None],
            [task.name for task in tasks],
            [(_name(scene, row.element_id), row.due_at) for row in waits if not row.role],
            [slip.number for slip in owed if slip.answered_at is None and slip.state == "open"],
            _names(scene, everybody(scene)),
        )


@dataclass(frozen=True, slots=True)
class PreviewResume:
    """Where the limits of a paused order would stand if it went on now."""

    number: str

    def read(self, ctx: Context) -> list[dict[str, Any]]:
        """Give what moves, as the history will tell it. Raises NotFound for strangers, Conflict where nothing is paused."""
        scene = order_at_hand(ctx, self.number)
        pause = pauses.open_of(ctx.connection, scene.row.instance_id)
        if pause is None or scene.row.status != PAUSED:
            raise Conflict("这件工单没有暂停")
        return moves(scene, pause.started_at).said


@dataclass(frozen=True, slots=True)
class UrgeAgain:
    """The moment from which the actor may urge a task again (催办); None: at once."""

    task_id: int

    def read(self, ctx: Context) -> datetime | None:
        """Give it. Raises NotFound for strangers."""
        scene, task = task_at_hand(ctx, self.task_id)
        return rests_until(scene, task, slips.last_issued(ctx.connection, task.id, slips.URGE, ctx.actor.id))


def _names(scene: Scene, words: Iterable[str]) -> list[str]:
    told = recipients(scene, words)
    names = people.names_of(scene.ctx.connection, told)
    return [names.get(who, who) for who in told]


def _name(scene: Scene, element_id: str) -> str:
    element = scene.released.definition.elements.get(element_id)
    return element.name if element is not None and element.name else element_id
