"""Ask for more time on a task, and decide about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.commands.pauses import reason_of
from engine.commands.user_tasks import open_task
from engine.domain.errors import Conflict, NotAllowed, NotFound
from engine.domain.texts import free_text
from engine.executor import Context
from engine.steps import saving
from engine.steps.asking import why_not
from engine.steps.extending import extend, require_span
from engine.steps.notices import about, tell
from engine.steps.performers import acting_as, in_charge, is_concerned, is_in_charge
from engine.steps.scene import Scene, of_task
from engine.steps.services import StepServices
from engine.store import extensions, pauses
from engine.store.instances import TaskRow


@dataclass(frozen=True, slots=True)
class RequestExtension:
    """Ask for a longer limit (申请延期): whoever holds the task, before it falls due unless the procedure says otherwise."""

    task_id: int
    actor: str
    limit: str
    reason: str

    def run(self, ctx: Context) -> int:
        """Give the id of the request. Raises NotAllowed, Conflict, Invalid, InvalidDeadline."""
        scene = of_task(ctx, self.task_id)
        task = open_task(scene)
        if acting_as(ctx.actor, task, scene.row.process, is_in_charge) is None:
            raise NotAllowed("延期由经办人申请:请先签收这件待办")
        _may_be_asked(scene, task)
        require_span(self.limit)
        reason = reason_of("延期的理由", self.reason)
        row = {
            "instance_id": scene.row.instance_id,
            "user_task_id": task.id,
            "asked_at": ctx.now,
            "asked_by": ctx.actor.id,
            "limit_text": self.limit.strip(),
            "reason": reason,
            "state": extensions.ASKED,
            "was": task.due_at,
        }
        ident = extensions.add(ctx.connection, row)
        said = {"task": task.id, "by": self.limit.strip(), "reason": reason}
        scene.note("ExtensionAsked", task.element_id, **said)
        _tell(
            scene,
            task,
            "extension_asked",
            sorted(scene.released.procedure.supervisors),
            limit=self.limit,
            reason=reason,
        )
        saving.finish(scene, scene.row.blob, saving.RUNNING)
        return ident


@dataclass(frozen=True, slots=True)
class DecideExtension:
    """Grant a request, with the limit asked for or another, or refuse it with a reason: a supervisor who did not ask for it."""

    extension_id: int
    actor: str
    grant: bool
    limit: str = ""
    note: str = ""

    def run(self, ctx: Context) -> datetime | None:
        """Give the new due moment, None for a refusal. Raises NotFound, NotAllowed, Conflict, Invalid, InvalidDeadline."""
        scene, task, asked = _asked(ctx, self.extension_id)
        _may_decide(scene, task, asked)
        if not self.grant:
            self._refuse(scene, task, asked)
            return None
        note, by = free_text("批准的说明", self.note).strip(), self.limit.strip() or asked.limit_text
        require_span(by)
        decided = {"decided_at": ctx.now, "decided_by": ctx.actor.id, "note": note, "limit_text": by}
        due_at = extend(scene, task, by, StepServices(scene))
        _settle(ctx, asked.id, extensions.GRANTED, {**decided, "was": task.due_at, "due_at": due_at})
        scene.note("ExtensionGranted", task.element_id, task=task.id, reason=note or asked.reason)
        holder = [f"person:{who}" for who in {asked.asked_by, in_charge(task)} if who]
        _tell(scene, task, "extend", sorted(holder), reason=note or asked.reason, new_due_at=due_at.isoformat())
        saving.finish(scene, scene.state, saving.RUNNING)
        return due_at

    def _refuse(self, scene: Scene, task: TaskRow, asked: Any) -> None:
        ctx, note = scene.ctx, reason_of("不批准的理由", self.note)
        decided = {"decided_at": ctx.now, "decided_by": ctx.actor.id, "note": note}
        _settle(ctx, asked.id, extensions.REFUSED, decided)
        scene.note("ExtensionRefused", task.element_id, task=task.id, reason=note)
        _tell(scene, task, "extension_refused", [f"person:{asked.asked_by}"], reason=note)
        saving.finish(scene, scene.row.blob, saving.RUNNING)


@dataclass(frozen=True, slots=True)
class WithdrawExtension:
    """Take a request back before it is decided: whoever asked, or holds the task now."""

    extension_id: int
    actor: str

    def run(self, ctx: Context) -> None:
        """Raises NotFound, NotAllowed, Conflict."""
        scene, task, asked = _asked(ctx, self.extension_id)
        if ctx.actor.id != asked.asked_by and acting_as(ctx.actor, task, scene.row.process, is_in_charge) is None:
            raise NotAllowed("只有申请人和经办人可以收回延期申请")
        _settle(ctx, asked.id, extensions.WITHDRAWN, {"decided_at": ctx.now, "decided_by": ctx.actor.id})
        scene.note("ExtensionWithdrawn", task.element_id, task=task.id)
        saving.finish(scene, scene.row.blob, saving.RUNNING)


def _may_be_asked(scene: Scene, task: TaskRow) -> None:
    ctx, procedure = scene.ctx, scene.released.procedure
    pause = pauses.open_of(ctx.connection, scene.row.instance_id) if scene.is_paused else None
    asked = extensions.asked_for(ctx.connection, task.id) is not None
    granted = extensions.granted_counts(ctx.connection, [task.id]) if procedure.most_extensions is not None else {}
    refusal = why_not(procedure, task, pause.started_at if pause else ctx.now, asked=asked, granted=granted)
    if refusal is not None:
        raise refusal


def _asked(ctx: Context, extension_id: int) -> tuple[Scene, TaskRow, Any]:
    """Lock the case of a request and look again: two supervisors may have decided at once."""
    seen = extensions.get(ctx.connection, extension_id)
    if seen is None:
        raise NotFound("没有这份延期申请")
    scene = of_task(ctx, seen.user_task_id)
    task = open_task(scene)
    asked = extensions.get(ctx.connection, extension_id)
    if asked is None or asked.state != extensions.ASKED:
        raise Conflict("这份延期申请刚才已经处理过了")
    return scene, task, asked


def _may_decide(scene: Scene, task: TaskRow, asked: Any) -> None:
    actor = scene.ctx.actor
    if scene.released.procedure.supervisors.isdisjoint(actor.roles):
        raise NotAllowed("延期要由督办岗位批准")
    if actor.id == asked.asked_by or acting_as(actor, task, scene.row.process, is_concerned):
        raise NotAllowed("申请人和经办人不能批自己的延期")


def _settle(ctx: Context, extension_id: int, state: str, values: dict[str, Any]) -> None:
    if not extensions.decide(ctx.connection, extension_id, state, values):
        raise Conflict("这份延期申请刚才已经处理过了")


def _tell(scene: Scene, task: TaskRow, verb: str, to: list[str], **values: str) -> None:
    tell(scene, verb, to, **about(task), **values)
