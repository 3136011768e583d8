"""Take a whole order out of everybody's hands for a while (挂起), and give it back: admins only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.bpmn.runtime import Case
from engine.commands.instances import require_running
from engine.commands.pauses import MOST, reason_of
from engine.domain.errors import Conflict, StepFailed
from engine.domain.states import OPEN, PAUSED, RUNNING, STOPPED, SUSPENDED
from engine.domain.texts import free_text
from engine.executor import Context
from engine.steps import saving
from engine.steps.concerned import everybody
from engine.steps.job_reports import keep_result, report, throw
from engine.steps.notices import tell
from engine.steps.pausing import move_on
from engine.steps.scene import Scene, of_instance
from engine.store import history, instances, jobs, pauses, timers

BY_SUSPENSION = "suspended"
"""The kind of the pause that a suspension begins where the clock was still running."""


@dataclass(frozen=True, slots=True)
class SuspendInstance:
    """Stop an order altogether: nobody acts on it, no timer fires, no job starts; an order that is paused may be suspended too."""

    number: str
    actor: str
    reason: str

    def run(self, ctx: Context) -> None:
        """Raises NotFound, Conflict when it is over or suspended already, Invalid without a reason."""
        scene = _scene(ctx, self.number)
        require_running(scene)
        reason, connection, instance_id = reason_of("挂起的原因", self.reason), ctx.connection, scene.row.instance_id
        if not scene.is_paused:
            said = {"reason": reason, "kind": BY_SUSPENSION, "review_at": None, "note": ""}
            begun = {"instance_id": instance_id, "started_at": ctx.now, "started_by": ctx.actor.id}
            pauses.add(connection, {**begun, **said})
            timers.rest(connection, instance_id)
        jobs.rest(connection, instance_id)
        tell(scene, "suspend", everybody(scene), reason=reason)
        scene.events.insert(0, history.Event("InstanceSuspended", ctx.actor.id, "", {"reason": reason}))
        scene.order["status"], scene.row.instance_status = STOPPED, SUSPENDED
        saving.finish(scene, scene.row.blob, SUSPENDED)


@dataclass(frozen=True, slots=True)
class ResumeInstance:
    """Let a suspended order go on: its limits move by the time it lost, what a worker reported meanwhile takes effect now.

    An order that was paused before stays paused.
    """

    number: str
    actor: str
    note: str = ""

    def run(self, ctx: Context) -> None:
        """Raises NotFound, Conflict when it is not suspended, Invalid, StepFailed when a report kept meanwhile does not fit."""
        scene = _scene(ctx, self.number)
        if scene.row.instance_status != SUSPENDED:
            raise Conflict("这件工单没有挂起,或刚由别人恢复了")
        note = free_text("恢复的说明", self.note).strip()[:MOST]
        said = {"note": note, "moved": _let_the_clock_run(scene, note)}
        scene.row.instance_status = RUNNING
        jobs.wake(ctx.connection, scene.row.instance_id)
        tell(scene, "go_on", everybody(scene), note=note)
        kept = jobs.take_kept(ctx.connection, scene.row.instance_id)
        case = _report(scene, kept) if kept is not None else None
        scene.events.insert(0, history.Event("InstanceResumed", ctx.actor.id, "", said))
        if case is None:
            saving.finish(scene, scene.row.blob, RUNNING)
        else:
            saving.save(scene, case)

    def failed(self, ctx: Context, failure: StepFailed) -> None:
        """What was reported does not fit: the job is an incident now, and the order can be resumed without it."""
        row = jobs.take_kept(ctx.connection, instances.by_number(ctx.connection, self.number)[1], state="failed")
        if row is not None:
            keep_result(ctx, row, failure, row.payload.get("result", {}))


def _scene(ctx: Context, number: str) -> Scene:
    return of_instance(ctx, instances.by_number(ctx.connection, number)[1])


def _let_the_clock_run(scene: Scene, note: str) -> list[dict[str, Any]]:
    """End the pause that the suspension began and give what moved; a pause from before goes on."""
    ctx, instance_id = scene.ctx, scene.row.instance_id
    pause = pauses.open_of(ctx.connection, instance_id)
    if pause is None or pause.kind != BY_SUSPENSION:
        scene.order["status"] = PAUSED
        return []
    pauses.end(ctx.connection, instance_id, ctx.now, ctx.actor.id, note)
    scene.order["status"] = OPEN
    return move_on(scene, pause.started_at)


def _report(scene: Scene, row: Any) -> Case:
    """Let the case go on with what a worker reported while nothing might happen."""
    said: Mapping[str, Any] = row.payload
    return throw(scene, row, said["error_code"]) if "error_code" in said else report(scene, row, said["result"])
