"""Hand a leaver's open tasks to somebody else (离职转办)."""

from dataclasses import dataclass

from engine.domain.actors import Actor
from engine.domain.errors import Invalid
from engine.executor import Context
from engine.steps import notices, saving
from engine.steps.acts import note
from engine.steps.performers import is_candidate
from engine.steps.scene import Scene, of_task
from engine.store import people, user_tasks
from engine.store.instances import TaskRow


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What became of a leaver's tasks."""

    moved: int
    kept: list[str]
    """Names of tasks the receiver could not be given."""


@dataclass(frozen=True, slots=True)
class HandOverTasks:
    """Give every open task a person holds to another who could have been given it; the rest stays, named."""

    person: str
    to: str
    reason: str
    actor: str

    def run(self, ctx: Context) -> HandedOver:
        """Every case remembers it. Raises Invalid for a receiver who cannot work, or a missing reason."""
        known = people.actor(ctx.connection, self.to)
        if known is None or self.to == self.person:
            raise Invalid("请选一个在用的接手人")
        receiver = known.actor
        if not self.reason.strip():
            raise Invalid("请写明转办原因")
        moved, kept = 0, []
        for task_id in user_tasks.in_hands(ctx.connection, self.person):
            scene = of_task(ctx, task_id)
            task = scene.row.task
            if task is None or task.state != "open" or task.assignee != self.person:
                continue
            if scene.row.instance_status != saving.RUNNING or not could_hold(receiver, task):
                kept.append(f"{scene.row.number} {task.name}")
                continue
            self._give(scene, task)
            moved += 1
        if moved:
            note(ctx, "TasksHandedOver", self.person, to=self.to, moved=moved, kept=len(kept), reason=self.reason)
        return HandedOver(moved, kept)

    def _give(self, scene: Scene, task: TaskRow) -> None:
        user_tasks.give(scene.ctx.connection, task, self.to, scene.ctx.now)
        scene.note("UserTaskHandedOver", task.element_id, task=task.id, was=self.person, to=self.to, reason=self.reason)
        notices.tell_of_task(scene, "transferred", task.name, task.due_at, [f"person:{self.to}"], reason=self.reason)
        saving.finish(scene, scene.row.blob, saving.RUNNING)


def could_hold(receiver: Actor, task: TaskRow) -> bool:
    """Whether a task could be given to somebody: one of its candidates, or anybody where it has none."""
    return not task.groups or is_candidate(receiver, task)
