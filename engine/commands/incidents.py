"""Mend what went wrong: retry, retry with changed data, skip with a reason. Admins only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.commands.instances import require_running
from engine.domain.errors import Conflict, Invalid, NotFound, StepFailed
from engine.executor import Context
from engine.steps import acts, saving
from engine.steps.job_reports import report
from engine.steps.scene import Scene, of_instance
from engine.store import history, incidents, instances, jobs, outbox, timers

GONE = "这件事已经不需要处理了(工单已结束,或已走过这一步)"


@dataclass(frozen=True, slots=True)
class RetryIncident:
    """Let what failed try again, after its cause is mended; `payload` replaces the data it tries with.

    A job runs again, a result that was kept is reported again, a timer fires at the next tick, a message is sent again.
    """

    incident_id: int
    actor: str
    payload: Mapping[str, Any] | None = None

    def run(self, ctx: Context) -> None:
        """Close the incident. Raises NotFound, Conflict when nothing is left to try, StepFailed when it fails again."""
        scene, incident = _scene(ctx, self.incident_id)
        now = dict(incident.payload if self.payload is None else self.payload)
        _again(ctx, scene, incident, now, changed=self.payload is not None)
        changed = {
            k: {"was": incident.payload.get(k), "now": v} for k, v in now.items() if v != incident.payload.get(k)
        }
        _close(ctx, scene, incident, "IncidentRetried", changed=changed)

    def failed(self, ctx: Context, failure: StepFailed) -> None:
        """The incident stays open and says why it failed this time."""
        incidents.change_reason(ctx.connection, self.incident_id, str(failure))


@dataclass(frozen=True, slots=True)
class SkipIncident:
    """Go on without what failed, for a reason: a job counts as done with the result given; a boundary timer, a message or a
    person's step is left alone.
    """

    incident_id: int
    actor: str
    reason: str
    result: Mapping[str, Any] = field(default_factory=dict)

    def run(self, ctx: Context) -> None:
        """Close the incident. Raises Invalid without a reason, NotFound, Conflict, StepFailed."""
        if not self.reason.strip():
            raise Invalid("请写明为什么跳过")
        scene, incident = _scene(ctx, self.incident_id)
        if incident.job_id is not None:
            _report(scene, incident, self.result)
        elif incident.timer_id is not None and not _is_boundary(scene, incident.element_id):
            raise Conflict("流程正停在这个定时事件上,跳过它就再也走不下去:请改好后重试,或终止这件工单")
        _close(ctx, scene, incident, "IncidentSkipped", reason=self.reason.strip(), result=dict(self.result))

    def failed(self, ctx: Context, failure: StepFailed) -> None:
        """The incident stays open and says why it could not be skipped."""
        incidents.change_reason(ctx.connection, self.incident_id, str(failure))


def _scene(ctx: Context, incident_id: int) -> tuple[Scene | None, Any]:
    """Lock the incident's case, if it has one, and look again: two admins may have pressed the same button."""
    seen = incidents.get_open(ctx.connection, incident_id)
    if seen is None:
        raise NotFound("没有这个未处理的异常")
    scene = of_instance(ctx, seen.instance_id) if seen.instance_id is not None else None
    incident = incidents.get_open(ctx.connection, incident_id)
    if incident is None:
        raise NotFound("这个异常刚由别人处理了")
    return scene, incident


def _again(ctx: Context, scene: Scene | None, incident: Any, payload: Mapping[str, Any], *, changed: bool) -> None:
    if incident.job_id is not None and "result" in incident.payload:
        _report(scene, incident, _object(payload, "result"))
    elif incident.job_id is not None:
        if changed:
            jobs.change(ctx.connection, incident.job_id, _object(payload, "inputs"))
        _require(jobs.retry(ctx.connection, incident.job_id, ctx.now))
    elif incident.timer_id is not None:
        paused = scene is not None and scene.is_paused
        _require(timers.retry(ctx.connection, incident.timer_id, paused=paused))
    elif "outbox" in incident.payload:
        to = str(payload.get("to") or "").strip()
        if not to:
            raise Invalid("请写明收件人(to)")
        _require(outbox.retry(ctx.connection, int(incident.payload["outbox"]), ctx.now, to[:140]))
    else:
        raise Conflict("这一步是人办的,没有可以自动重试的东西:改好原因后请办理人再提交一次,再写明理由把异常关掉")


def _object(payload: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = payload.get(name)
    if not isinstance(value, dict):
        raise Invalid(f"数据里要有一个对象 {name}")
    return value


def _require(ready: bool) -> None:
    if not ready:
        raise Conflict(GONE)


def _report(scene: Scene | None, incident: Any, result: Mapping[str, Any]) -> None:
    """Give a job's result in its worker's place and let the case go on."""
    if scene is None:
        raise Conflict(GONE)
    require_running(scene)
    row = jobs.settle(scene.ctx.connection, incident.job_id)
    if row is None:
        raise Conflict(GONE)
    saving.save(scene, report(scene, row, result, incident=incident.id))
    scene.events.clear()


def _is_boundary(scene: Scene | None, element_id: str) -> bool:
    element = scene.released.definition.elements.get(element_id) if scene is not None else None
    return element is not None and bool(element.attached_to)


def _close(ctx: Context, scene: Scene | None, incident: Any, kind: str, **payload: Any) -> None:
    """Resolve an incident and write it into its case's history, be the case running or ended."""
    incidents.resolve(ctx.connection, incident.id, ctx.actor.id, ctx.now)
    if scene is None:
        acts.note(ctx, kind, f"incident:{incident.id}", **payload)
        return
    row = scene.row
    event = history.Event(kind, ctx.actor.id, incident.element_id, {"incident": incident.id, **payload})
    history.append(ctx.connection, row, [event], ctx.now)
    instances.save_history(ctx.connection, row)
