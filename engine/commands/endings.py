"""End an order from outside: withdrawn by its starter (撤销), terminated (终止) or declared void (作废) by an admin."""

from dataclasses import dataclass

from engine.commands.instances import require_unended
from engine.commands.pauses import reason_of
from engine.domain.errors import Conflict, NotAllowed
from engine.domain.states import CANCELLED, ENDED, VOID
from engine.executor import Context
from engine.steps import saving
from engine.steps.concerned import holders_and_starter
from engine.steps.notices import tell
from engine.steps.scene import Scene, load, of_instance
from engine.steps.services import StepServices
from engine.store import history, incidents, instances


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """Withdraw an order before it is done (撤销): whoever started it, or a supervisor of the procedure."""

    number: str
    actor: str
    reason: str

    def run(self, ctx: Context) -> None:
        """Cancel every token and close the order as cancelled. Raises NotFound, NotAllowed, Conflict, Invalid."""
        scene = _scene(ctx, self.number)
        supervises = not scene.released.procedure.supervisors.isdisjoint(ctx.actor.roles)
        if not supervises and scene.row.created_by != ctx.actor.id:
            raise NotAllowed("只有发起人或督办岗位可以撤销这件工单")
        _end(scene, CANCELLED, "OrderCancelled", "cancel", reason_of("撤销的原因", self.reason))


@dataclass(frozen=True, slots=True)
class TerminateOrder:
    """End an order that cannot or should not go on (终止): admins, as a last resort; what was done so far counts."""

    number: str
    actor: str
    reason: str

    def run(self, ctx: Context) -> None:
        """Cancel every token, close the order and its incidents. Raises NotFound, Conflict, Invalid without a reason."""
        scene = _scene(ctx, self.number)
        _end(scene, ENDED, "CaseTerminated", "terminate", reason_of("终止的原因", self.reason))


@dataclass(frozen=True, slots=True)
class VoidOrder:
    """Declare that an order should never have been (作废): admins; it keeps its number and history and counts nowhere.

    An order that is over already may be declared void too.
    """

    number: str
    actor: str
    reason: str

    def run(self, ctx: Context) -> None:
        """End what still runs and mark the order. Raises NotFound, Conflict when it is void already, Invalid."""
        scene = _scene(ctx, self.number)
        reason = reason_of("作废的原因", self.reason)
        if scene.row.status == VOID:
            raise Conflict("这件工单已经作废了")
        if scene.row.instance_status in saving.ALIVE:
            _end(scene, VOID, "OrderVoided", "void", reason)
            return
        tell(scene, "void", ["starter"], reason=reason)
        scene.note("OrderVoided", "", reason=reason, was=scene.row.status)
        scene.order["status"] = VOID
        saving.note_after_the_end(scene)


def _scene(ctx: Context, number: str) -> Scene:
    return of_instance(ctx, instances.by_number(ctx.connection, number)[1])


def _end(scene: Scene, status: str, kind: str, verb: str, reason: str) -> None:
    """Take everything back that waits, tell those who worked on it and close the order; an admin's word closes its incidents."""
    ctx = scene.ctx
    require_unended(scene)
    tell(scene, verb, holders_and_starter(scene), reason=reason)
    case = load(scene, StepServices(scene))
    case.cancel()
    scene.events.insert(0, history.Event(kind, ctx.actor.id, "", {"reason": reason}))
    if status != CANCELLED:
        incidents.resolve_all_of(ctx.connection, scene.row.instance_id, ctx.actor.id, ctx.now)
    saving.drop_everything(scene, case, status)
