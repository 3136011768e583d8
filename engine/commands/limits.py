"""Urge those who hold a task, and extend its limit."""

from dataclasses import dataclass
from datetime import datetime

from engine.commands.user_tasks import open_task
from engine.domain.clock import in_words
from engine.domain.errors import HIDDEN, Conflict, NotAllowed, NotFound
from engine.domain.texts import free_text
from engine.executor import Context
from engine.steps import saving
from engine.steps.extending import grant, require_span
from engine.steps.notices import about, notify, tell
from engine.steps.performers import acting_as, is_candidate
from engine.steps.scene import Scene, of_task
from engine.steps.services import StepServices
from engine.steps.slips import issue, rests_until
from engine.steps.strangers import is_stranger
from engine.store import slips
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
        """Issue a slip (催办单) and send the urging notice; give the people reached. Raises NotFound, NotAllowed, Conflict, Invalid."""
        scene = of_task(ctx, self.task_id)
        task = open_task(scene)
        procedure = scene.released.procedure
        may = ctx.actor.roles & (procedure.supervisors | procedure.urgers | procedure.starters)
        if not may and scene.row.created_by != ctx.actor.id:
            raise NotAllowed("只有发起人、班长或督办岗位可以催办")
        if is_stranger(ctx, scene.row):
            raise NotFound(HIDDEN)
        text = free_text("催办的话", self.text)
        _require_rest(scene, task)
        slip = issue(scene, task, slips.URGE, text)
        said = {**about(task), **slip.said, "text": text, "by": ctx.actor.name}
        holders = [f"holder:{task.element_id}"]
        own = procedure.notices.get("urge")
        reached = notify(scene, own, holders, **said) if own else tell(scene, "urge", holders, **said)
        scene.note("UserTaskUrged", task.element_id, task=task.id, text=text, to=reached, **slip.said)
        saving.finish(scene, scene.row.blob, saving.RUNNING)
        return reached


@dataclass(frozen=True, slots=True)
class ExtendUserTask:
    """Move a task's limit (延期): only supervisors of the procedure, with a reason."""

    task_id: int
    actor: str
    by: str
    reason: str
    shown: datetime | None = None
    """When the task fell due as the actor was shown it, UTC; None: whenever that is."""

    def run(self, ctx: Context) -> datetime:
        """Let the task fall due `by` (a limit's text) later; timer, task and order move together. Gives the new moment."""
        scene = of_task(ctx, self.task_id)
        task = open_task(scene)
        if scene.released.procedure.supervisors.isdisjoint(ctx.actor.roles) or acting_as(
            ctx.actor, task, scene.row.process, is_candidate
        ):
            raise NotAllowed("延期要由督办岗位批准,经办人不能批自己的延期")
        if self.shown is not None and self.shown != task.due_at:
            raise Conflict(f"时限刚由别人改到{in_words(task.due_at)}" if task.due_at else "这件待办现在没有时限")
        reason = free_text("延期理由", self.reason)[:MOST]
        require_span(self.by)
        due_at = grant(scene, task, self.by, StepServices(scene), reason)
        said = {"reason": reason, "new_due_at": due_at.isoformat()}
        tell(scene, "extend", [f"holder:{task.element_id}"], **about(task), **said)
        scene.note("ExtensionGranted", task.element_id, task=task.id, reason=reason)
        saving.finish(scene, scene.state, saving.RUNNING)
        return due_at


def _require_rest(scene: Scene, task: TaskRow) -> None:
    """The same person urges a task once in half a working hour."""
    last = slips.last_issued(scene.ctx.connection, task.id, slips.URGE, scene.ctx.actor.id)
    again = rests_until(scene, task, last)
    if last and again:
        raise Conflict(f"你{in_words(last)}刚催过这件待办，{in_words(again)}以后才能再催")
