"""Urge those who hold a task, and extend its limit."""

from dataclasses import dataclass
from datetime import datetime

from engine.commands.user_tasks import open_task
from engine.domain.errors import NotAllowed
from engine.domain.texts import free_text
from engine.executor import Context
from engine.steps import saving
from engine.steps.extending import grant, require_span
from engine.steps.notices import notify
from engine.steps.performers import is_candidate
from engine.steps.scene import Scene, of_task
from engine.steps.services import StepServices
from engine.store.instances import TaskRow

MOST = 500
"""Length of a reason that is kept with an extension."""


@dataclass(frozen=True, slots=True)
class UrgeUserTask:
    """Remind whoever holds a task (催办): supervisors, starters' colleagues and the starter may."""

    task_id: int
    actor: str
    text: str = ""

    def run(self, ctx: Context) -> list[str]:
        """Send the procedure's urging notice; give the people reached. Raises NotAllowed, Conflict, Invalid."""
        scene = of_task(ctx, self.task_id)
        task = open_task(scene)
        procedure = scene.released.procedure
        may = ctx.actor.roles & (procedure.supervisors | procedure.urgers | procedure.starters)
        if not may and scene.row.created_by != ctx.actor.id:
            raise NotAllowed("只有发起人、班长或督办岗位可以催办")
        text = free_text("催办的话", self.text)
        reached = _tell(scene, task, "urge", text=text, by=ctx.actor.name)
        scene.note("UserTaskUrged", task.element_id, task=task.id, text=text, to=reached)
        saving.finish(scene, scene.row.blob, saving.RUNNING)
        return reached


@dataclass(frozen=True, slots=True)
class ExtendUserTask:
    """Move a task's limit (延期): only supervisors of the procedure, with a reason."""

    task_id: int
    actor: str
    by: str
    reason: str

    def run(self, ctx: Context) -> datetime:
        """Let the task fall due `by` (a limit's text) later; timer, task and order move together. Gives the new moment."""
        scene = of_task(ctx, self.task_id)
        task = open_task(scene)
        if scene.released.procedure.supervisors.isdisjoint(ctx.actor.roles) or is_candidate(ctx.actor, task):
            raise NotAllowed("延期要由督办岗位批准,经办人不能批自己的延期")
        reason = free_text("延期理由", self.reason)[:MOST]
        require_span(self.by)
        due_at = grant(scene, task, self.by, StepServices(scene), reason)
        _tell(scene, task, "extend", reason=reason, new_due_at=due_at.isoformat())
        scene.note("ExtensionGranted", task.element_id, task=task.id, reason=reason)
        saving.finish(scene, scene.state, saving.RUNNING)
        return due_at


def _tell(scene: Scene, task: TaskRow, verb: str, **values: str) -> list[str]:
    notice = scene.released.procedure.notices.get(verb)
    if notice is None:
        return []
    due_at = task.due_at.isoformat() if task.due_at else ""
    return notify(scene, notice, [f"holder:{task.element_id}"], task_name=task.name, task_due_at=due_at, **values)
