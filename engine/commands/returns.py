"""Send a task back to a step before it (退回), withdraw one's own last step (撤回), and remember that a task was opened."""

from dataclasses import dataclass

from engine.bpmn.runtime import Case
from engine.commands.instances import require_running
from engine.commands.pauses import reason_of
from engine.commands.user_tasks import may_complete, open_task, require_awake
from engine.domain.errors import Conflict, NotAllowed
from engine.domain.texts import free_text
from engine.executor import Context
from engine.steps import saving
from engine.steps.notices import about, tell
from engine.steps.performers import acting_as, hands, in_name_of, is_to_do
from engine.steps.returning import Undone, chosen, last_step_of, read_past, targets, turn_back, turn_back_straight
from engine.steps.scene import Scene, ended_tasks, load, of_task
from engine.steps.services import StepServices
from engine.store import user_tasks
from engine.store.instances import TaskRow


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
        _save(scene, case, undone, ended_tasks(scene, case), "UserTaskSentBack", task, **said)


@dataclass(frozen=True, slots=True)
class WithdrawStep:
    """Take one's own last step back, until somebody has opened what came of it."""

    task_id: int
    """The user task that the actor completed."""
    actor: str
    reason: str = ""

    def run(self, ctx: Context) -> None:
        """The step is open again in the actor's hands. Raises NotAllowed, Conflict, StepFailed."""
        scene = of_task(ctx, self.task_id)
        task = scene.row.task
        if task is None or task.state != "completed" or task.ended_by != ctx.actor.id:
            raise NotAllowed("只能撤回自己刚提交的一步")
        require_running(scene)
        require_awake(scene)
        reason = free_text("撤回的说明", self.reason).strip()[:500]
        known = read_past(scene)
        step = last_step_of(known, scene.released.definition.elements, task.id)
        case = load(scene, StepServices(scene))
        note = {"by": ctx.actor.id, "at": ctx.now.isoformat(), "reason": reason, "from": ""}
        scene.returned[task.element_id, task.item] = {**note, "to": task.on_behalf or ctx.actor.id}
        undone = turn_back(scene, case, known, step.mark)
        gone = ended_tasks(scene, case)
        _require_unseen(scene, case, gone)
        for each in gone:
            tell(scene, "withdrawn", hands(each), **about(each), reason=reason)
        _save(scene, case, undone, gone, "StepWithdrawn", task, reason=reason)


@dataclass(frozen=True, slots=True)
class OpenUserTask:
    """Remember that somebody whose task it is has opened it: from then on the step before cannot be withdrawn."""

    task_id: int
    actor: str

    def run(self, ctx: Context) -> None:
        """Only the first time counts; for others, and for tasks that are over, nothing happens."""
        scene = of_task(ctx, self.task_id)
        task = scene.row.task
        if task is None or task.state != "open" or task.seen_at is not None:
            return
        if acting_as(ctx.actor, task, scene.row.process, is_to_do):
            user_tasks.seen(ctx.connection, task.id, ctx.now)


def _require_unseen(scene: Scene, case: Case, gone: list[TaskRow]) -> None:
    """Whoever comes next may have begun: then a step is sent back, not withdrawn."""
    scene.ctx.acting = False
    for task in gone:
        if task.seen_at is not None and task.assignee != scene.ctx.actor.id:
            raise Conflict(f"下一步“{task.name}”已经有人打开了,不能撤回;请联系对方退回")
    if case.closed("job"):
        raise Conflict("这一步之后的自动处理已经开始,不能撤回")
    scene.ctx.acting = True


def _save(
    scene: Scene, case: Case, undone: Undone, gone: list[TaskRow], kind: str, task: TaskRow, **said: object
) -> None:
    tasks = [step.task_id for step in undone.steps]
    said |= {"kept": list(undone.kept)} if undone.kept else {}
    if scene.row.due_task in {*tasks, *(each.id for each in gone)}:
        scene.order.update(due_at=None, due_task=None)
    said |= {"undone": sorted(undone.marks), "tasks": tasks, "parted": [list(pair) for pair in undone.parted]}
    saving.stepped(scene, case, kind, task.element_id, task=task.id, name=task.name, item=task.item, **said)
    saving.save(scene, case)
