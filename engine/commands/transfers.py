"""Hand a task to somebody else (转办)."""

from dataclasses import dataclass

from engine.commands.user_tasks import open_task
from engine.domain.errors import Conflict, Invalid, NotAllowed
from engine.domain.texts import free_text
from engine.executor import Context
from engine.steps import notices, saving
from engine.steps.performers import acting_as, holds, in_charge, in_name_of, people_behind
from engine.steps.recusing import require_impartial
from engine.steps.scene import of_task
from engine.steps.signers import changes_hands
from engine.store import people, user_tasks


@dataclass(frozen=True, slots=True)
class TransferUserTask:
    """Give a task to another candidate: its holder may, and whoever urges or supervises the procedure (someone is off sick)."""

    task_id: int
    actor: str
    to: str
    reason: str
    held_by: str | None = None
    """Who held the task when the actor decided, empty for nobody; None: whoever it is."""

    def run(self, ctx: Context) -> None:
        """The receiver must be somebody the task could be given to. Raises NotAllowed, Invalid, Conflict."""
        scene = of_task(ctx, self.task_id)
        task = open_task(scene)
        procedure = scene.released.procedure
        if self.held_by is not None and self.held_by != (task.assignee or ""):
            now = f"在{people.name_of(ctx.connection, task.assignee)}手上" if task.assignee else "没有人签收"
            raise Conflict(f"这件待办刚才换了手,现在{now},请看过再转办")
        whose = acting_as(ctx.actor, task, scene.row.process, holds)
        if whose is None and not ctx.actor.roles & (procedure.supervisors | procedure.urgers):
            raise NotAllowed("只有持有人、班长或督办岗位可以转办")
        reason = free_text("转办原因", self.reason).strip()
        if not reason:
            raise Invalid("请写明转办原因")
        if self.to == in_charge(task):
            raise Conflict(f"这件待办已经在{people.name_of(ctx.connection, self.to)}手上")
        require_impartial(scene, self.to)
        if self.to not in people_behind(ctx, task.groups, scene.row.instance_id, scene.row.created_by):
            raise Invalid("这个人不在这件待办的候选人里")
        asked = [f"person:{task.assignee}"] if task.owner and task.assignee != self.to else []
        changes_hands(scene, task, self.to)
        user_tasks.give(ctx.connection, task, self.to, ctx.now)
        scene.note(
            "UserTaskTransferred",
            task.element_id,
            task=task.id,
            was=in_charge(task),
            to=self.to,
            reason=reason,
            **in_name_of(ctx.actor, whose or ctx.actor),
        )
        notices.tell_of_task(scene, "transferred", task.name, task.due_at, [f"person:{self.to}"], reason=reason)
        notices.tell_of_task(scene, "delegation_recalled", task.name, task.due_at, asked, reason=reason)
        saving.finish(scene, scene.row.blob, saving.RUNNING)
