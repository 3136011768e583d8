"""Bind work orders to each other."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.domain.errors import Invalid, NotAllowed, NotFound
from engine.executor import Context
from engine.steps.noting import note_down
from engine.steps.scene import of_instance
from engine.steps.scope import scope
from engine.store import instances, work_orders


@dataclass(frozen=True, slots=True)
class LinkOrders:
    """Bind an order to others about the same matter (clause 17 of the hotline's norms: 准确绑定)."""

    number: str
    actor: str
    others: Sequence[str] = field(default_factory=tuple)
    kind: str = "duplicate"

    def run(self, ctx: Context) -> int:
        """Give how many links are new. Both ends must be in the actor's sight. Raises NotFound, NotAllowed, Invalid."""
        seen = work_orders.seen(ctx.connection, [self.number, *self.others], scope(ctx))
        for number in (self.number, *self.others):
            if number not in seen:
                raise NotFound(f"没有工单 {number},或者你不能看它")
        order_id, instance_id = instances.by_number(ctx.connection, self.number)
        scene = of_instance(ctx, instance_id)
        procedure = scene.released.procedure
        if not ctx.actor.roles & (procedure.starters | procedure.supervisors | procedure.urgers):
            raise NotAllowed("只有受理和督办岗位可以绑定工单")
        if self.number in self.others:
            raise Invalid("不能和自己绑定")
        others = [instances.by_number(ctx.connection, other)[0] for other in self.others]
        new = work_orders.bind(ctx.connection, order_id, others, self.kind, ctx.now)
        if new:
            scene.note("OrdersLinked", "", orders=list(self.others), kind=self.kind)
            note_down(scene)
        return new
