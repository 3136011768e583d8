"""What comes of a worker's report, whoever hands it in: the worker, an admin in its place, an order that goes on again."""

from collections.abc import Mapping
from typing import Any

from engine.bpmn.runtime import Case
from engine.domain.errors import StepFailed
from engine.executor import Context
from engine.steps import saving
from engine.steps.scene import Scene, load
from engine.steps.services import StepServices
from engine.store import incidents


def report(scene: Scene, row: Any, result: Mapping[str, Any], **said: Any) -> Case:
    """Let a case go on with a job's result; the caller saves it. Raises StepFailed when the diagram cannot go on."""
    case = load(scene, StepServices(scene))
    case.report(row.token_id, result)
    saving.stepped(scene, case, "JobCompleted", row.element_id, job=row.id, topic=row.topic, **said)
    return case


def throw(scene: Scene, row: Any, error_code: str) -> Case:
    """Let a case go on with a job's business error; the caller saves it. Raises StepFailed when nothing catches it."""
    case = load(scene, StepServices(scene))
    case.fail(row.token_id, error_code)
    saving.stepped(scene, case, "JobThrew", row.element_id, job=row.id, error=error_code)
    return case


def keep_result(ctx: Context, row: Any, failure: StepFailed, result: Mapping[str, Any]) -> None:
    """The work was done but the diagram could not go on: an incident keeps the result."""
    stuck(ctx, row, "CompleteJob", str(failure), {"result": dict(result)})


def stuck(ctx: Context, row: Any, kind: str, reason: str, kept: Mapping[str, Any]) -> None:
    """Record that a job does not go on by itself, with what an admin needs to let it."""
    where = {"instance_id": row.instance_id, "element_id": row.element_id, "job_id": row.id}
    incidents.add(ctx.connection, kind, reason, ctx.now, **where, payload=kept)
