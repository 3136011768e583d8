"""Start a case; and what every command asks of one: is it still alive?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.bpmn.definition import BY_A_PERSON
from engine.bpmn.runtime import Case
from engine.domain.actors import SYSTEM
from engine.domain.clock import in_words
from engine.domain.errors import Conflict, NotAllowed, NotFound
from engine.domain.states import SUSPENDED
from engine.domain.texts import free_data
from engine.executor import Context
from engine.steps import saving
from engine.steps.beginning import Beginning, begun_by
from engine.steps.opening import Opening
from engine.steps.papers import take
from engine.steps.past import STARTED
from engine.steps.released import START_FORM, released
from engine.steps.scene import Scene
from engine.steps.services import StepServices
from engine.steps.staffing import staffed
from engine.steps.starting import name_of_start
from engine.store import definitions, history, instances, papers, people


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
        case = Case.start(version.definition, record, scene.columns(), StepServices(scene), mark=scene.mark)
        said = {"number": row.number, "definition": version.id, "name": name_of_start(version)}
        saving.stepped(scene, case, STARTED, version.definition.starts[BY_A_PERSON], **said)
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


def require_running(scene: Scene) -> None:
    """Raise Conflict, naming who ended or suspended it and when, unless the instance is running."""
    require_unended(scene)
    if scene.row.instance_status == SUSPENDED:
        raise Conflict(suspended_words(scene.ctx, scene.row.instance_id))


def require_unended(scene: Scene) -> None:
    """Raise Conflict, naming who withdrew or ended it and when, if the instance is over."""
    ended = how_it_ended(scene)
    if ended:
        raise Conflict(ended)


def how_it_ended(scene: Scene) -> str:
    """Give the sentence that says through whom and when the order of a scene came to its end; empty while it lives."""
    if scene.row.instance_status in saving.ALIVE:
        return ""
    at, actor = history.end_of(scene.ctx.connection, scene.row.instance_id)
    who = "" if actor == SYSTEM.id else f"{people.name_of(scene.ctx.connection, actor)},"
    return f"这件工单已经结束({who}{in_words(at)})"


def suspended_words(ctx: Context, instance_id: int) -> str:
    """Give the sentence that says who suspended an order, when and why."""
    at, actor, said = history.last_of(ctx.connection, instance_id, "InstanceSuspended")
    who = people.name_of(ctx.connection, actor)
    return f"这件工单由{who}于{in_words(at)}挂起,恢复以后才能办:{said.get('reason', '')}"
