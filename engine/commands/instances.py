"""Start a case and end it from outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.bpmn.runtime import Case
from engine.domain.actors import SYSTEM
from engine.domain.clock import in_words
from engine.domain.errors import Conflict, NotAllowed, NotFound
from engine.domain.texts import free_data, free_text
from engine.executor import Context
from engine.steps import saving
from engine.steps.beginning import Beginning, begun_by
from engine.steps.opening import Opening
from engine.steps.papers import take
from engine.steps.released import START_FORM, released
from engine.steps.scene import Scene, load, of_instance
from engine.steps.services import StepServices
from engine.steps.staffing import staffed
from engine.store import definitions, history, instances, papers, people

BY_A_PERSON = ""
"""The start that no message opens."""


@dataclass(frozen=True, slots=True)
class Started:
    """What a start gives back."""

    instance_id: int
    order_id: int
    number: str
    again: bool = False
    """The draft had been handed in before: nothing new was started."""


@dataclass(frozen=True, slots=True)
class StartInstance:
    """Open a work order of a procedure with the start form's answers, on its active version."""

    process: str
    actor: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    channel: str = "phone"
    draft: str = ""
    """The draft that this hands in; the same draft handed in again (a double click) gives the same order."""

    def run(self, ctx: Context) -> Started:
        """Clean the form, allot the number, run to the first rest. Raises NotAllowed, InvalidForm, StepFailed."""
        before = papers.hand_in(ctx.connection, ctx.actor.id, self.draft, ctx.now) if self.draft else None
        if before is not None:
            order_id, instance_id = instances.by_number(ctx.connection, before)
            return Started(instance_id, order_id, before, again=True)
        version = released(ctx, definitions.active(ctx.connection, self.process))
        starters = version.procedure.starters
        if starters and starters.isdisjoint(ctx.actor.roles):
            raise NotAllowed(f"{ctx.actor.name}的岗位不能发起“{version.procedure.title}”")
        form = version.forms.get(START_FORM)
        record = staffed(ctx, form, {}).clean(self.answers) if form is not None else dict(self.answers)
        if BY_A_PERSON not in version.definition.starts:
            raise NotAllowed(f"“{version.procedure.title}”只由别的流程发起")
        ctx.acting = True
        scene = Opening(version, record, ctx.actor.id, self.channel).scene(ctx)
        row = scene.row
        take(scene, form, record, self.answers)
        case = Case.start(version.definition, record, scene.columns(), StepServices(scene))
        saving.stepped(scene, case, "InstanceStarted", "", number=row.number, definition=version.id)
        saving.save(scene, case)
        if self.draft:
            papers.handed_in(ctx.connection, ctx.actor.id, self.draft, row.number)
        return Started(row.instance_id, row.order_id, row.number)


@dataclass(frozen=True, slots=True)
class StartByMessage:
    """Open a work order of the procedure that begins with a message, as a system outside would: `system`, or a starter."""

    message: str
    actor: str
    data: Mapping[str, Any] = field(default_factory=dict)
    channel: str = "message"

    def run(self, ctx: Context) -> Started:
        """Clean the start form, run to the first rest. Raises NotFound, NotAllowed, InvalidForm, StepFailed."""
        version = begun_by(ctx, self.message)
        if version is None:
            raise NotFound(f"没有流程由消息“{self.message}”发起")
        if ctx.actor is not SYSTEM and version.procedure.starters.isdisjoint(ctx.actor.roles):
            raise NotAllowed(f"{ctx.actor.name}的岗位不能发起“{version.procedure.title}”")
        data = free_data("消息里的文字", self.data)
        row = Beginning(version, self.message, ctx.actor.id, self.channel).run(ctx, data).row
        return Started(row.instance_id, row.order_id, row.number)


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """Withdraw an order before it is done: by whoever started it or a supervisor of the procedure."""

    number: str
    actor: str
    reason: str

    def run(self, ctx: Context) -> None:
        """Cancel every token and close the order as cancelled. Raises NotFound, NotAllowed, Conflict, Invalid."""
        scene = of_instance(ctx, instances.by_number(ctx.connection, self.number)[1])
        allowed = scene.row.created_by == ctx.actor.id or not scene.released.procedure.supervisors.isdisjoint(
            ctx.actor.roles
        )
        if not allowed:
            raise NotAllowed("只有发起人或督办岗位可以撤销这件工单")
        require_running(scene)
        reason = free_text("撤销理由", self.reason)
        case = load(scene, StepServices(scene))
        case.cancel()
        scene.note("OrderCancelled", "", reason=reason)
        saving.drop_everything(scene, case)


def require_running(scene: Scene) -> None:
    """Raise Conflict, naming who withdrew or ended it and when, unless the instance is running."""
    ended = how_it_ended(scene)
    if ended:
        raise Conflict(ended)


def how_it_ended(scene: Scene) -> str:
    """Give the sentence that says through whom and when the order of a scene came to its end; empty while it runs."""
    if scene.row.instance_status == saving.RUNNING:
        return ""
    at, actor = history.end_of(scene.ctx.connection, scene.row.instance_id)
    who = "" if actor == SYSTEM.id else f"{people.name_of(scene.ctx.connection, actor)},"
    return f"这件工单已经结束({who}{in_words(at)})"
