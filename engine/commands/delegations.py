"""Ask somebody else about a task (委派): their opinion brings it back to whoever asked; they never submit it."""

from dataclasses import dataclass

from engine.commands.pauses import reason_of
from engine.commands.user_tasks import open_task
from engine.domain.errors import Conflict, Invalid, NotAllowed
from engine.domain.texts import free_text
from engine.executor import Context
from engine.steps import saving
from engine.steps.notices import tell_of_task
from engine.steps.performers import acting_as, holds, in_name_of, is_asked, is_in_charge
from engine.steps.recusing import require_impartial
from engine.steps.scene import Scene, of_task
from engine.store import history, people, user_tasks

MOST = 2000
"""Length of an opinion."""


@dataclass(frozen=True, slots=True)
class DelegateUserTask:
    """Ask a colleague about a task in one's hands: one at a time, and who is asked asks nobody further."""

    task_id: int
    actor: str
    to: str
    question: str

    def run(self, ctx: Context) -> None:
        """Whoever is asked finds it among their tasks and is told. Raises NotAllowed, Invalid, Conflict."""
        scene = of_task(ctx, self.task_id)
        task = open_task(scene)
        whose = acting_as(ctx.actor, task, scene.row.process, holds)
        if whose is None and acting_as(ctx.actor, task, scene.row.process, is_in_charge):
            raise Conflict(f"这件待办已经委派给{people.name_of(ctx.connection, task.assignee or '')}了")
        if whose is None:
            raise NotAllowed("只有手上有这件待办的人可以委派,被委派的人不能再委派")
        if task.held is not None:
            raise Conflict("这件待办已经提交,正在等人签署,不能再委派")
        question = reason_of("要问的事", self.question)
        if self.to in (ctx.actor.id, whose.id):
            raise Invalid("不能委派给自己")
        if not people.active(ctx.connection, [self.to]):
            raise Invalid("请选一个在用的人员")
        require_impartial(scene, self.to)
        user_tasks.lend(ctx.connection, task, self.to, whose.id, ctx.now)
        said = {"task": task.id, "name": task.name, "to": self.to, "question": question}
        scene.note("UserTaskDelegated", task.element_id, **said, **in_name_of(ctx.actor, whose))
        tell_of_task(scene, "delegated", task.name, task.due_at, [f"person:{self.to}"], question=question)
        saving.finish(scene, scene.row.blob, saving.RUNNING)


@dataclass(frozen=True, slots=True)
class AnswerDelegation:
    """Give the opinion one was asked for; the task goes back to whoever asked."""

    task_id: int
    actor: str
    answer: str

    def run(self, ctx: Context) -> None:
        """Raises NotAllowed; Conflict where the question was taken back or the task has ended; Invalid."""
        scene = of_task(ctx, self.task_id)
        if not _was_asked(scene, self.task_id):
            raise NotAllowed("没有人就这件待办问你")
        task = open_task(scene)
        whose = acting_as(ctx.actor, task, scene.row.process, is_asked)
        if whose is None or task.owner is None:
            raise Conflict("这件待办已经收回或已经答复过,不用再提意见")
        answer = free_text("意见", self.answer, MOST).strip()
        if not answer:
            raise Invalid("请写明意见")
        owner = task.owner
        user_tasks.give(ctx.connection, task, owner, ctx.now)
        said = {"task": task.id, "name": task.name, "to": owner, "answer": answer}
        scene.note("DelegationAnswered", task.element_id, **said, **in_name_of(ctx.actor, whose))
        tell_of_task(scene, "delegation_answered", task.name, task.due_at, [f"person:{owner}"], answer=answer)
        saving.finish(scene, scene.row.blob, saving.RUNNING)


@dataclass(frozen=True, slots=True)
class RecallDelegation:
    """Take a task back from whoever was asked, before they have answered."""

    task_id: int
    actor: str
    reason: str = ""

    def run(self, ctx: Context) -> None:
        """Only who asked may. Raises NotAllowed; Conflict where the opinion has come meanwhile; Invalid."""
        scene = of_task(ctx, self.task_id)
        task = open_task(scene)
        process = scene.row.process
        if acting_as(ctx.actor, task, process, holds):
            raise Conflict("这件待办已经回到你手上了")
        whose = acting_as(ctx.actor, task, process, is_in_charge)
        if whose is None:
            raise NotAllowed("只有委派人可以收回")
        reason = free_text("收回的原因", self.reason).strip()
        asked = [f"person:{task.assignee}"]
        user_tasks.give(ctx.connection, task, whose.id, ctx.now)
        said = {"task": task.id, "name": task.name, "was": task.assignee, "reason": reason}
        scene.note("DelegationRecalled", task.element_id, **said, **in_name_of(ctx.actor, whose))
        tell_of_task(scene, "delegation_recalled", task.name, task.due_at, asked, reason=reason)
        saving.finish(scene, scene.row.blob, saving.RUNNING)


def _was_asked(scene: Scene, task_id: int) -> bool:
    """Whether the actor, or whom they stand in for, is or was asked: who is too late learns so, nobody else does."""
    ctx, row = scene.ctx, scene.row
    return any(
        history.last_said(ctx.connection, row.instance_id, "UserTaskDelegated", {"task": task_id, "to": one.id})
        for one in ctx.actor.faces(row.process)
    )
