"""Open a work order: allot its number, word its title, write its first row. The diagram has not acted yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.executor import Context
from engine.expressions import compile_parameter
from engine.steps import saving
from engine.steps.released import Released
from engine.steps.scene import Scene
from engine.store import instances, numbering, people
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
        said = {"number": number, "created_by": self.by, "received_at": ctx.now.isoformat()}
        said |= {
            key: people.name_of(ctx.connection, who)
            for key in self.version.people_keys
            if (who := self.record.get(key))
        }
        title = self._worded(procedure.order_title, said) or procedure.title
        summary = self._worded(procedure.summary, said)
        return {
            "process": self.version.key,
            "number": number,
            "title": title[:200],
            "summary": summary,
            "status": "open",
            "created_by": self.by,
            "received_at": ctx.now,
            "record": self.record,
            "channel": self.channel,
            "search_text": f"{number} {title} {summary}",
        }

    def _worded(self, text: str, said: Mapping[str, Any]) -> str:
        names = {**dict.fromkeys(self.version.definition.declared), **self.record, **said}
        value = compile_parameter(text).evaluate(names) if text else ""
        return "" if value is None else str(value)
