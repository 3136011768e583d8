"""Send a task back to a step before it (退回)."""

from dataclasses import dataclass

from engine.commands.pauses import reason_of
from engine.commands.user_tasks import may_complete, open_task, require_awake
from engine.executor import Context
from engine.steps.notices import about, tell
from engine.steps.performers import in_name_of
from engine.steps.returning import (
    chosen,
    read_past,
    targets,
    turn_back,
    turn_back_straight,
    write_down,
)
from engine.steps.scene import ended_tasks, load, of_task
from engine.steps.services import StepServices


@dataclass(frozen=True, slots=True)
class SendBack:
    """Send an open task back to a completed step before it: by whoever could complete it.

    What came of that step is undone and its answers are taken back; branches that did not come of it stay.
    """

    task_id: int
    actor: str
    to: int
    """The completed user task to go back to; START for the form with which the case was started."""
    reason: str
    straight: bool = False
    """Whether the case comes straight back (直达退回人) instead of walking every step again (逐级重走)."""

    def run(self, ctx: Context) -> None:
        """The step is opened again for whoever did it. Raises NotAllowed, Conflict, Invalid, StepFailed."""
        scene = of_task(ctx, self.task_id)
        task = open_task(scene)
        whose = may_complete(scene, task)
        require_awake(scene)
        reason = reason_of("退回的理由", self.reason)
        case, known = load(scene, StepServices(scene)), read_past(scene)
        scene.ctx.acting = False  # a wrong choice is nobody's failure
        target = chosen(targets(known, case, task, scene.row.created_by), self.to, straight=self.straight)
        scene.ctx.acting = True
        note = {"by": ctx.actor.id, "at": ctx.now.isoformat(), "reason": reason, "from": task.name}
        if self.straight:
            note |= {"then": task.element_id}
        scene.returned[target.element_id, target.item] = {**note, "to": target.by}
        undone = (
            turn_back_straight(scene, case, known, target.mark, task)
            if self.straight
            else turn_back(scene, case, known, target.mark)
        )
        told = {**about(task), "task_name": target.name, "from_name": task.name, "reason": reason}
        tell(scene, "sent_back", [f"person:{target.by}"], **told)
        said = {"to_task": target.task_id, "to_name": target.name, "to_person": target.by, "reason": reason}
        said |= {"straight": True} if self.straight else {}
        said |= in_name_of(ctx.actor, whose)
        said |= {"task": task.id, "name": task.name, "item": task.item}
        write_down(scene, case, undone, ended_tasks(scene, case), "UserTaskSentBack", task.element_id, **said)
