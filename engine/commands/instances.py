"""Start a case and end it from outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.bpmn.runtime import Case
from engine.domain.errors import Conflict, NotAllowed
from engine.domain.texts import free_text
from engine.executor import Context
from engine.expressions import compile_parameter
from engine.steps import saving
from engine.steps.papers import take
from engine.steps.released import START_FORM, Released, released
from engine.steps.scene import Scene, load, of_instance
from engine.steps.services import StepServices
from engine.store import definitions, instances, numbering, papers
from engine.store.instances import GENESIS, InstanceRow


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
        record = form.clean(self.answers) if form is not None else dict(self.answers)
        ctx.acting = True
        row = self._insert(ctx, version, record)
        scene = Scene(ctx, row, version)
        take(scene, form, record, self.answers)
        case = Case.start(version.definition, record, scene.columns(), StepServices(scene))
        saving.stepped(scene, case, "InstanceStarted", "", number=row.number, definition=version.id)
        saving.save(scene, case)
        if self.draft:
            papers.handed_in(ctx.connection, ctx.actor.id, self.draft, row.number)
        return Started(row.instance_id, row.order_id, row.number)

    def _insert(self, ctx: Context, version: Released, record: dict[str, Any]) -> InstanceRow:
        order = self._order(ctx, version, record)
        instance_id = instances.add(ctx.connection, version.id, ctx.now)
        order_id = instances.add_order(ctx.connection, {"instance_id": instance_id, **order})
        return InstanceRow(
            instance_id=instance_id,
            definition_id=version.id,
            blob=b"",
            version=0,
            instance_status=saving.RUNNING,
            history_seq=0,
            history_hash=GENESIS,
            order_id=order_id,
            due_at=None,
            **{k: order[k] for k in "number title summary status created_by received_at record process".split()},
        )

    def _order(self, ctx: Context, version: Released, record: dict[str, Any]) -> dict[str, Any]:
        procedure = version.procedure
        period = procedure.period_of(ctx.now)
        number = procedure.number(period, numbering.next_number(ctx.connection, procedure.id, period))
        said = {"number": number, "created_by": ctx.actor.id, "received_at": ctx.now.isoformat()}
        title = _worded(version, procedure.order_title, record, said) or procedure.title
        summary = _worded(version, procedure.summary, record, said)
        return {
            "process": version.key,
            "number": number,
            "title": title[:200],
            "summary": summary,
            "status": "open",
            "created_by": ctx.actor.id,
            "received_at": ctx.now,
            "record": record,
            "channel": self.channel,
            "search_text": f"{number} {title} {summary}",
        }


def _worded(version: Released, text: str, record: Mapping[str, Any], said: Mapping[str, Any]) -> str:
    declared = version.definition.declared
    names = {**dict.fromkeys(declared), **said, **record}
    value = compile_parameter(text).evaluate(names) if text else ""
    return "" if value is None else str(value)


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
    """Raise Conflict unless the instance is running."""
    if scene.row.instance_status != saving.RUNNING:
        raise Conflict("这件工单已经结束")
