"""Withdraw one's own last step (撤回), and remember that a task was opened: from then on the step before cannot be."""

from dataclasses import dataclass

from engine.bpmn.runtime import Case
from engine.commands.instances import require_running
from engine.commands.user_tasks import require_awake
from engine.domain.errors import Conflict, NotAllowed
from engine.domain.texts import free_text
from engine.executor import Context
from engine.steps.notices import about, tell
from engine.steps.past import Past, Step
from engine.steps.performers import acting_as, hands, is_to_do
from engine.steps.returning import last_step_of, read_past, start_of, turn_back, write_down
from engine.steps.scene import Scene, ended_tasks, load, of_instance, of_task
from engine.steps.services import StepServices
from engine.store import instances, user_tasks
from engine.store.instances import TaskRow


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
        _require_going_on(scene)
        known = read_past(scene)
        step = last_step_of(known, scene.released.definition.elements, task.id)
        _withdraw(scene, known, step, task.on_behalf or ctx.actor.id, self.reason)


@dataclass(frozen=True, slots=True)
class WithdrawStart:
    """Take an order that one has just started back, to mend its start form, until somebody has opened what came of it."""

    number: str
    actor: str
    reason: str = ""

    def run(self, ctx: Context) -> None:
        """The start form is open again in the actor's hands. Raises NotFound, NotAllowed, Conflict, StepFailed."""
        scene = of_instance(ctx, instances.by_number(ctx.connection, self.number)[1])
        if scene.row.created_by != ctx.actor.id:
            raise NotAllowed("只能撤回自己发起的工单")
        _require_going_on(scene)
        known = read_past(scene)
        _withdraw(scene, known, start_of(known), ctx.actor.id, self.reason)


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


def _require_going_on(scene: Scene) -> None:
    require_running(scene)
    require_awake(scene)


def _withdraw(scene: Scene, known: Past, step: Step, to: str, words: str) -> None:
    reason = free_text("撤回的说明", words).strip()[:500]
    case = load(scene, StepServices(scene))
    note = {"by": scene.ctx.actor.id, "at": scene.ctx.now.isoformat(), "reason": reason, "from": ""}
    scene.returned[step.element_id, step.item] = {**note, "to": to}
    undone = turn_back(scene, case, known, step.mark)
    gone = ended_tasks(scene, case)
    _require_unseen(scene, case, gone)
    for each in gone:
        tell(scene, "withdrawn", hands(each), **about(each), reason=reason)
    said = {"task": step.task_id, "name": step.name, "item": step.item, "reason": reason}
    write_down(scene, case, undone, gone, "StepWithdrawn", step.element_id, **said)


def _require_unseen(scene: Scene, case: Case, gone: list[TaskRow]) -> None:
    """Whoever comes next may have begun: then a step is sent back, not withdrawn."""
    scene.ctx.acting = False
    for task in gone:
        if task.seen_at is not None and task.assignee != scene.ctx.actor.id:
            raise Conflict(f"下一步“{task.name}”已经有人打开了,不能撤回;请联系对方退回")
    if case.closed("job"):
        raise Conflict("这一步之后的自动处理已经开始,不能撤回")
    scene.ctx.acting = True
