"""Hand a leaver's work to somebody else (离职转办)."""

from dataclasses import dataclass

from engine.commands.pauses import reason_of
from engine.domain.actors import Actor
from engine.executor import Context
from engine.steps import leaving, saving
from engine.steps.acts import note
from engine.steps.notices import tell_of_task
from engine.steps.performers import lists_of
from engine.steps.scene import Scene, of_task
from engine.steps.signers import changes_hands
from engine.steps.substitutes import end_rule
from engine.store import people, user_tasks
from engine.store.instances import TaskRow


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What became of a leaver's work."""

    moved: int
    kept: list[str]
    """Names of tasks the receiver could not be given."""
    returned: int = 0
    """Tasks they were only asked about, now with who asked."""
    rules: int = 0
    """Rules about stand-ins that ended."""


@dataclass(frozen=True, slots=True)
class HandOverTasks:
    """Give all open tasks of a person to another who could have been given them, in suspended orders too.

    What they were only asked about goes back to who asked; rules by which they stand in, or somebody for them, end.
    The rest stays, named.
    """

    person: str
    to: str
    reason: str
    actor: str

    def run(self, ctx: Context) -> HandedOver:
        """Every case remembers it. Raises Invalid for a receiver who cannot work, or a missing reason."""
        receiver = leaving.receiver_of(ctx, self.person, self.to)
        reason = reason_of("转办原因", self.reason)
        fates: list[str] = []
        kept: list[str] = []
        for task_id in user_tasks.listed_for(ctx.connection, self.person):
            scene = of_task(ctx, task_id)
            task = scene.row.task
            if task is None or task.state != "open" or scene.row.instance_status not in saving.ALIVE:
                continue
            fate = leaving.fate(task, self.person, receiver, recused=self.to in scene.recused)
            if fate == leaving.STAYS:
                kept.append(f"{scene.row.number} {task.name}")
            elif fate is not None:
                self._move(scene, task, fate, receiver, reason)
                fates.append(fate)
        rules = [rule for rule in leaving.rules_of(ctx, self.person) if end_rule(ctx, rule)]
        returned = fates.count(leaving.RETURNED)
        done = HandedOver(len(fates) - returned, kept, returned, len(rules))
        if fates or rules:
            said = {"moved": done.moved, "kept": len(kept), "returned": returned, "rules": len(rules)}
            note(ctx, "TasksHandedOver", self.person, to=self.to, reason=reason, **said)
        return done

    def _move(self, scene: Scene, task: TaskRow, fate: str, receiver: Actor, reason: str) -> None:
        connection, now = scene.ctx.connection, scene.ctx.now
        to, said = self.to, {"task": task.id, "name": task.name, "was": self.person, "reason": reason}
        groups = leaving.instead(task.groups, self.person, self.to)
        if fate == leaving.RETURNED:
            to = str(task.owner)
            user_tasks.give(connection, task, to, now)
            reason = f"{people.name_of(connection, self.person)}的委派已收回。{reason}"
        elif fate == leaving.OFFERED:
            user_tasks.hand_to(connection, task, groups, lists_of(None, groups))
        else:
            if groups != task.groups:
                user_tasks.set_groups(connection, task.id, groups)
            if fate == leaving.ASKING:
                user_tasks.lend(connection, task, str(task.assignee), receiver.id, now)
            else:
                changes_hands(scene, task, receiver.id)
                user_tasks.give(connection, task, receiver.id, now)
        kind = "DelegationRecalled" if fate == leaving.RETURNED else "UserTaskHandedOver"
        scene.note(kind, task.element_id, to=to, **said)
        tell_of_task(scene, "transferred", task.name, task.due_at, [f"person:{to}"], reason=reason)
        saving.finish(scene, scene.row.blob, saving.RUNNING)
