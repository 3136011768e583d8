"""What a step knows about its instance: the stored row, the version it runs on, and the services the diagram may call."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from engine.bpmn.runtime import Case
from engine.domain.errors import HIDDEN, NotFound
from engine.domain.message import Message
from engine.domain.rights import ADMIN
from engine.domain.states import STANDING_STILL
from engine.executor import Context
from engine.steps.calendar_choice import calendar_key
from engine.steps.recusal import about
from engine.steps.released import Released, released
from engine.steps.strangers import is_stranger
from engine.store import instances, user_tasks
from engine.store.history import Event
from engine.store.instances import InstanceRow, TaskRow


@dataclass(slots=True)
class Scene:
    """One instance inside one transaction."""

    ctx: Context
    row: InstanceRow
    released: Released
    events: list[Event] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    """What people are told with the step."""
    pending: list[Any] = field(default_factory=list)
    """Notices whose recipients hold a task that this very step opens."""
    order: dict[str, Any] = field(default_factory=dict)
    """Changed columns of the work order."""
    case: Case | None = None
    """The running case, once it is loaded."""
    returned: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    """Why a task (element, item) that this step opens came back, and to whom: by, at, reason, from, to."""
    beside: dict[str, TaskRow] = field(default_factory=dict)
    """Tasks that this step opens beside others of the same step, by token: their limit is that of the task given."""
    given: list[tuple[str, str]] = field(default_factory=list)
    """Tasks (element, holder) that this very step gives to people."""
    picked: list[tuple[str, str]] = field(default_factory=list)
    """Tasks (element, person) for which a strategy of the diagram has chosen somebody in this very step."""
    announces: bool = False
    """Whether those to whom tasks of this step come are told though their procedure does not say so."""
    hand: str | None = None
    """Whose step it is where somebody else's act lets it go on: who handed in, while the last who was asked signs."""
    fired_host: str = ""
    """Where a timer at the boundary of an activity has fired: what ties it to the activity's task."""
    fired_missed: int = 0
    """Turns of its cycle that went by because nobody woke it."""

    @property
    def state(self) -> bytes:
        """The instance's state: as stored while nothing was loaded, else as the case stands now."""
        return self.row.blob if self.case is None else self.case.dump()

    @property
    def mark(self) -> int:
        """The number that the coming step has in the history."""
        return self.row.history_seq + 1

    @property
    def doer(self) -> str:
        """Whoever the step counts for."""
        return self.hand or self.ctx.actor.id

    @property
    def is_paused(self) -> bool:
        """Whether the order stands still: nobody completes a task of it, and none of its timers fires."""
        return self.order.get("status", self.row.status) in STANDING_STILL

    @property
    def recused(self) -> frozenset[str]:
        """The people whom the case is about: they have no hand in it."""
        return about(self.released.procedure, self.row.record)

    def columns(self) -> dict[str, Any]:
        """Give the order's names as expressions see them; moments as ISO text."""
        row = self.row
        due_at = self.order.get("due_at", row.due_at)
        return {
            "number": row.number,
            "title": row.title,
            "created_by": row.created_by,
            "received_at": row.received_at.isoformat(),
            "due_at": due_at.isoformat() if due_at else None,
            "status": row.status,
        }

    def note(self, kind: str, element_id: str, /, **payload: Any) -> None:
        """Remember an event for the history."""
        self.events.append(Event(kind, self.ctx.actor.id, element_id, payload))

    def calendar_of(self, properties: Mapping[str, str]) -> str:
        """Give the calendar an element counts by: the most specific of element, procedure, unit and organisation."""
        procedure = self.released.procedure
        unit = self.row.record.get(procedure.columns.get("unit", ""))
        return calendar_key(self.ctx, procedure, properties, str(unit) if unit else None)


def of_instance(ctx: Context, instance_id: int) -> Scene:
    """Load an instance under lock."""
    return _scene(ctx, instances.lock(ctx.connection, instance_id))


def of_task(ctx: Context, user_task_id: int) -> Scene:
    """Load the instance of a user task under lock; the row holds the task."""
    return _scene(ctx, instances.lock_by_task(ctx.connection, user_task_id))


def _scene(ctx: Context, row: InstanceRow) -> Scene:
    ctx.instance_id, ctx.acting = row.instance_id, False
    scene = Scene(ctx, row, released(ctx, row.definition_id))
    ctx.actor = ctx.actor.impartial(scene.recused)
    if ctx.actor.is_recused and ADMIN not in ctx.actor.roles:
        raise NotFound(HIDDEN)
    ctx.is_stranger = partial(is_stranger, ctx, row)
    return scene


def ended_tasks(scene: Scene, case: Case) -> list[TaskRow]:
    """Give the tasks of a scene that were open and are not any more."""
    were_open = user_tasks.open_of(scene.ctx.connection, scene.row.instance_id)
    return [each for each in were_open if not case.is_open(each.token_id)]


def load(scene: Scene, services: Any) -> Case:
    """Restore the scene's instance; from here on the diagram acts."""
    scene.ctx.acting = True
    row = scene.row
    scene.case = Case.load(scene.released.definition, row.blob, row.record, scene.columns(), services, scene.mark)
    return scene.case
