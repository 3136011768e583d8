"""Open a work order: allot its number, word its title, write its first row. The diagram has not acted yet."""

from dataclasses import dataclass
from typing import Any

from engine.executor import Context
from engine.steps import saving
from engine.steps.released import Released
from engine.steps.scene import Scene
from engine.steps.starting import words_of_order
from engine.store import instances, numbering
from engine.store.instances import GENESIS, InstanceRow


@dataclass(frozen=True, slots=True)
class Opening:
    """What an order begins with; `record` holds the cleaned answers of the start form."""

    version: Released
    record: dict[str, Any]
    by: str
    channel: str

    def scene(self, ctx: Context) -> Scene:
        """Insert instance and order, and give the scene on which the diagram begins."""
        order = self._order(ctx)
        instance_id = instances.add(ctx.connection, self.version.id, ctx.now)
        order_id = instances.add_order(ctx.connection, {"instance_id": instance_id, **order})
        row = InstanceRow(
            instance_id=instance_id,
            definition_id=self.version.id,
            blob=b"",
            version=0,
            instance_status=saving.RUNNING,
            history_seq=0,
            history_hash=GENESIS,
            order_id=order_id,
            due_at=None,
            due_task=None,
            **{k: order[k] for k in "number title summary status created_by received_at record process".split()},
        )
        return Scene(ctx, row, self.version)

    def _order(self, ctx: Context) -> dict[str, Any]:
        procedure = self.version.procedure
        period = procedure.period_of(ctx.now)
        number = procedure.number(period, numbering.next_number(ctx.connection, procedure.id, period))
        return {
            "process": self.version.key,
            "number": number,
            "status": "open",
            "created_by": self.by,
            "received_at": ctx.now,
            "record": self.record,
            "channel": self.channel,
            **words_of_order(ctx, self.version, self.record, number, self.by, ctx.now),
        }
