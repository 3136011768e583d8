"""Hand a leaver's work to somebody else (离职转办)."""

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from engine.commands.pauses import reason_of
from engine.domain.actors import Actor
from engine.executor import Context
from engine.steps import leaving, saving
from engine.steps.acts import note
from engine.steps.notices import tell_of_task
from engine.steps.performers import lists_of
from engine.steps.scene import Scene, of_task
from engine.steps.signers import changes_hands, missing, rows_of, settle, tell_asked
from engine.steps.substitutes import end_rule
from engine.store import leavers, people, user_tasks
from engine.store.instances import TaskRow


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What became of a leaver's work."""

    moved: int
    kept: list[str]
    """Names of tasks the receiver could not be given."""
    returned: int = 0
    """Tasks they were only asked about, now with who asked."""
    signatures: int = 0
    """Signatures they owed, now the receiver's to give."""
    rules: int = 0
    """Rules about stand-ins that ended."""


@dataclass(frozen=True, slots=True)
class HandOverTasks:
    """Give all open tasks of a person to another who could have been given them, in suspended orders too.

    What they were only asked about goes back to who asked; what they were to sign the receiver signs; rules by which they
    stand in, or somebody for them, end. The rest stays, named.
    """

    person: str
    to: str
    reason: str
    actor: str

    def run(self, ctx: Context) -> HandedOver:
        """Every case remembers it. Raises Invalid for a receiver who cannot work, or a missing reason."""
        receiver = leaving.receiver_of(ctx, self.person, self.to)
        reason = reason_of("转办原因", self.reason)
        found: Counter[str] = Counter()
        kept: list[str] = []
        ids = leavers.tasks_of(ctx.connection, self.person)
        co_signed = leavers.co_signed(ctx.connection, ids, self.to)
        for task_id in ids:
            scene = of_task(ctx, task_id)
            task = scene.row.task
            if task is None or task.state != "open" or scene.row.instance_status not in saving.ALIVE:
                continue
            fates = self._move_all(scene, task, receiver, reason, co_signs=task_id in co_signed)
            kept += [f"{scene.row.number} {task.name}"] if leaving.STAYS in fates else []
            found.update(fates)
        rules = [rule for rule in leaving.rules_of(ctx, self.person) if end_rule(ctx, rule)]
        moved = sum(found[fate] for fate in (leaving.GIVEN, leaving.ASKING, leaving.OFFERED))
        done = HandedOver(moved, kept, found[leaving.RETURNED], found[leaving.SIGNING], len(rules))
        if found.total() > found[leaving.STAYS] or rules:
            said = {**asdict(done), "kept": len(kept)}
            note(ctx, "TasksHandedOver", self.person, to=self.to, reason=reason, **said)
        return done

    def _move_all(self, scene: Scene, task: TaskRow, receiver: Actor, reason: str, *, co_signs: bool) -> list[str]:
        """Let everything become of a task that is to; give what that was."""
        rows = missing(rows_of(scene, task))
        owing = {row.person for row in rows}
        recused = self.to in scene.recused
        fates = leaving.fates(task, owing, self.person, receiver, recused=recused, co_signs=co_signs)
        for fate in fates:
            if fate == leaving.SIGNING:
                self._let_sign(scene, task, next(row for row in rows if row.person == self.person), reason)
            elif fate == leaving.NAMED:
                groups = leaving.instead(task.groups, self.person, self.to)
                user_tasks.set_groups(scene.ctx.connection, task.id, groups)
                said = {"task": task.id, "name": task.name, "was": self.person, "to": self.to, "reason": reason}
                scene.note("CandidateReplaced", task.element_id, **said)
            elif fate != leaving.STAYS:
                self._move(scene, task, fate, receiver, reason)
        if set(fates) - {leaving.STAYS}:
            saving.finish(scene, scene.row.blob, saving.RUNNING)
        return fates

    def _let_sign(self, scene: Scene, task: TaskRow, row: Any, reason: str) -> None:
        ctx = scene.ctx
        leavers.ask_instead(ctx.connection, scene.row.instance_id, row, self.to, ctx.actor.id, ctx.now)
        settle(scene, task)
        said = {"task": task.id, "name": task.name, "was": self.person, "to": self.to, "reason": reason}
        scene.note("SignerReplaced", task.element_id, **said)
        if self.to in (task.signers or ()):
            tell_asked(scene, task, [self.to], row.question, row.asked_by)

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
                handed_in = task.held is not None
                changes_hands(scene, task, receiver.id)
                user_tasks.give(connection, task, receiver.id, now)
                if handed_in:  # what was only typed is nobody's business but its writer's
                    leavers.pass_draft(connection, self.person, self.to, f"task:{task.id}")
        kind = "DelegationRecalled" if fate == leaving.RETURNED else "UserTaskHandedOver"
        scene.note(kind, task.element_id, to=to, **said)
        tell_of_task(scene, "transferred", task.name, task.due_at, [f"person:{to}"], reason=reason)
