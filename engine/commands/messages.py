"""Deliver messages to waiting cases."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.commands.instances import require_running
from engine.domain.actors import SYSTEM
from engine.domain.errors import NotAllowed, NotFound
from engine.domain.texts import free_data
from engine.executor import Context
from engine.steps import saving
from engine.steps.message_rights import may_send
from engine.steps.scene import Scene, load, of_instance
from engine.steps.services import StepServices
from engine.store import messages, user_tasks


@dataclass(frozen=True, slots=True)
class SendMessage:
    """Wake whoever waits for a message with this name and key (an order's number unless the diagram says otherwise)."""

    name: str
    key: str
    actor: str
    data: Mapping[str, Any] = field(default_factory=dict)

    def run(self, ctx: Context) -> int:
        """Give how many waits were served. Raises NotFound when nobody waits, NotAllowed for strangers to the case, Conflict, Invalid."""
        data = free_data("消息里的文字", self.data)
        served = wake(ctx, self.name, self.key, data)
        if not served:
            raise NotFound(f"没有流程在等“{self.name}”({self.key})")
        return served


def wake(ctx: Context, name: str, key: str, data: Mapping[str, Any], **noted: Any) -> int:
    """Serve every wait for a message; give how many there were. `noted` goes into the history of each case."""
    cases = sorted({wait.instance_id for wait in messages.waiting(ctx.connection, name, key)})
    return sum(_serve(ctx, name, key, instance_id, data, noted) for instance_id in cases)


def _serve(
    ctx: Context, name: str, key: str, instance_id: int, data: Mapping[str, Any], noted: Mapping[str, Any]
) -> int:
    """Wake one case, as it waits once it is locked: somebody may have been faster, and one wait may end another."""
    scene = of_instance(ctx, instance_id)
    served = 0
    for wait in [w for w in messages.waiting(ctx.connection, name, key) if w.instance_id == instance_id]:
        if served:
            if wait not in messages.waiting(ctx.connection, name, key):
                continue
            scene = of_instance(ctx, instance_id)
        require_running(scene)
        _may_send(scene, wait.element_id)
        case = load(scene, StepServices(scene))
        case.deliver(wait.token_id, name, _said(scene, wait.element_id, data))
        saving.stepped(scene, case, "MessageReceived", wait.element_id, message=name, **noted)
        saving.save(scene, case)
        served += 1
    return served


def _said(scene: Scene, element_id: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Data goes to the record only under declared names; of what people say, only under those the event `fills`."""
    allowed = scene.released.definition.declared
    if scene.ctx.actor is not SYSTEM:
        allowed = allowed.intersection(scene.released.definition.elements[element_id].fills)
    return {name: value for name, value in data.items() if name in allowed}


def _may_send(scene: Scene, element_id: str) -> None:
    """Whom the event's `sender` names; without one, starters, supervisors and whoever may hold an open task of the case."""
    actor = scene.ctx.actor
    if actor is SYSTEM:
        return
    element = scene.released.definition.elements[element_id]
    tasks = user_tasks.open_of(scene.ctx.connection, scene.row.instance_id)
    if not may_send(actor, scene.released.procedure, element, tasks, scene.row.created_by):
        raise NotAllowed("这条消息不由你来发")
