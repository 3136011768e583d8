"""Bind work orders to each other."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.domain.errors import NotAllowed
from engine.executor import Context
from engine.steps import saving
from engine.steps.scene import of_instance
from engine.store import instances, work_orders


@dataclass(frozen=True, slots=True)
class LinkOrders:
    """Bind an order to others about the same matter (clause 17 of the hotline's norms: 准确绑定)."""

    number: str
    actor: str
    others: Sequence[str] = field(default_factory=tuple)
    kind: str = "duplicate"

    def run(self, ctx: Context) -> int:
        """Give how many links are new. Raises NotFound, NotAllowed."""
        order_id, instance_id = instances.by_number(ctx.connection, self.number)
        scene = of_instance(ctx, instance_id)
        procedure = scene.released.procedure
        if not ctx.actor.roles & (procedure.starters | procedure.supervisors | procedure.urgers):
            raise NotAllowed("只有受理和督办岗位可以绑定工单")
        others = [instances.by_number(ctx.connection, other)[0] for other in self.others]
        new = work_orders.bind(ctx.connection, order_id, others, self.kind, ctx.now)
        if new:
            scene.note("OrdersLinked", "", orders=list(self.others), kind=self.kind)
            saving.finish(scene, scene.row.blob, scene.row.instance_status)
        return new
