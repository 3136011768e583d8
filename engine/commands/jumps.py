"""Move an open position of an order to another step (跳转): admins, where the case can still end."""

from dataclasses import dataclass
from typing import Any

from engine.bpmn.jumping import Position
from engine.commands.instances import require_unended
from engine.commands.pauses import reason_of
from engine.domain.errors import StepFailed
from engine.executor import Context
from engine.steps import saving
from engine.steps.jumping import leap
from engine.steps.notices import about, tell
from engine.steps.performers import hands
from engine.steps.scene import ended_tasks, load, of_instance
from engine.steps.services import StepServices
from engine.store import incidents, instances


@dataclass(frozen=True, slots=True)
class JumpInstance:
    """End one or more open positions of one activity and begin at another element of it; nothing done so far is undone.

    A whole sub-process, call or repeated activity is a position of the activity around it: that is the way out of it.
    An order that is paused or suspended may be moved and stays so.
    """

    number: str
    actor: str
    positions: tuple[str, ...]
    """As `JumpPositions` names them."""
    to: str
    """Id of the element at which the case goes on."""
    reason: str

    def run(self, ctx: Context) -> None:
        """Raises NotFound, Conflict when the order is over or a position is gone, Invalid for a choice that is not sound or
        without a reason, StepFailed when the diagram fails on the way: then everything stays as it is.
        """
        scene = of_instance(ctx, instances.by_number(ctx.connection, self.number)[1])
        require_unended(scene)
        reason = reason_of("跳转的理由", self.reason)
        case = load(scene, StepServices(scene))
        positions, left = leap(scene, case, self.positions, self.to)
        target = case.step.elements[self.to]
        gone = ended_tasks(scene, case)
        if scene.row.due_task in {task.id for task in gone}:
            scene.order.update(due_at=None, due_task=None)
        for task in gone:
            tell(scene, "jumped", hands(task), **about(task), to_name=target.name, reason=reason)
        inside = frozenset[str]().union(*(each.inside for each in positions))
        closed = incidents.resolve_those_at(ctx.connection, scene.row.instance_id, inside, ctx.actor.id, ctx.now)
        scene.announces = True
        said: dict[str, Any] = {"name": target.name, "reason": reason, "from": [_described(each) for each in positions]}
        said |= {"tasks": [task.id for task in gone], "left": left, "incidents": closed}
        saving.stepped(scene, case, "InstanceJumped", target.id, **said)
        saving.save(scene, case)

    def failed(self, ctx: Context, failure: StepFailed) -> None:
        """Nothing has moved and whoever wanted to is told: no incident."""


def _described(position: Position) -> dict[str, object]:
    return {"element": position.element.id, "name": position.element.name, "around": position.around}
