"""Carry a message from one case to another: wake the one that waits for it, or start the procedure that begins with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.commands.messages import wake
from engine.domain.actors import SYSTEM
from engine.domain.errors import Conflict, StepFailed
from engine.domain.texts import free_data
from engine.executor import Context
from engine.steps.beginning import Beginning, begun_by
from engine.steps.released import Released
from engine.store import instances, jobs, messages, work_orders

CHANNEL = "procedure"
KIND = "引发"
"""How the two orders are linked unless the diagram says otherwise."""


@dataclass(frozen=True, slots=True)
class DeliverMessage:
    """Deliver the message of a leased job of the topic `send_message`; the worker then reports the job with the result.

    Only the receiving case is locked here, never both. A message that has arrived before (its worker died between
    delivery and report) gives the same result again and changes nothing.
    """

    job_id: int
    fence: int
    actor: str = SYSTEM.id

    def run(self, ctx: Context) -> dict[str, Any]:
        """Give `order`: the number of the order that was woken or started, empty when its receiver has ended.

        Raises Conflict when the lease is lost or nobody waits yet, InvalidForm when the start form refuses the data.
        """
        job = jobs.in_hand(ctx.connection, self.job_id, self.fence)
        before = messages.receive(ctx.connection, job.idempotency_key, ctx.now)
        if before is not None:
            return {"order": before}
        sender = instances.order_of(ctx.connection, job.instance_id)
        number = _Delivery(ctx, sender, job.payload).arrive()
        messages.received(ctx.connection, job.idempotency_key, number)
        return {"order": number}

    def failed(self, ctx: Context, failure: StepFailed) -> None:
        """Nothing is noted on the receiver: the job that carries the message is tried again, then an incident."""


@dataclass(frozen=True, slots=True)
class _Delivery:
    """One message on its way."""

    ctx: Context
    sender: Any
    payload: Mapping[str, Any]

    def arrive(self) -> str:
        """Wake or start; give the receiving order's number."""
        name, key = str(self.payload["message"]), str(self.payload.get("key") or "")
        said = {k: v for k, v in self.payload.items() if k not in ("message", "key", "kind")}
        data = free_data("消息里的文字", {**said, "from_order": self.sender.number})
        if key:
            waiting = messages.waiting(self.ctx.connection, name, key)
            if waiting and wake(self.ctx, name, key, data, from_order=self.sender.number):
                woken = instances.order_of(self.ctx.connection, waiting[0].instance_id)
                return self._linked(woken.id, str(woken.number))
        version = begun_by(self.ctx, name)
        if version is not None:
            return self._start(version, name, data)
        if key and instances.has_ended(self.ctx.connection, key):
            return ""
        raise Conflict(f"没有流程在等“{name}”({key or '没有写 key'}),也没有流程由它发起")

    def _start(self, version: Released, name: str, data: Mapping[str, Any]) -> str:
        beginning = Beginning(version, name, self.sender.created_by, CHANNEL)
        row = beginning.run(self.ctx, data, from_order=self.sender.number).row
        return self._linked(row.order_id, row.number)

    def _linked(self, order_id: int, number: str) -> str:
        """An answer to an order that is linked already is no second relation, unless the diagram names one."""
        kind = str(self.payload.get("kind") or "")[:32]
        if kind or number not in dict(work_orders.linked(self.ctx.connection, self.sender.id)):
            work_orders.bind(self.ctx.connection, self.sender.id, [order_id], kind or KIND, self.ctx.now)
        return number
