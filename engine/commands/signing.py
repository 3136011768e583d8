"""Ask people to sign a task besides its holder (加签), sign it, and take somebody off who was asked (减签)."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.commands.pauses import reason_of
from engine.commands.user_tasks import open_task, require_awake
from engine.domain.errors import Conflict, EngineError, Invalid, NotAllowed
from engine.domain.texts import free_text
from engine.executor import Context
from engine.steps import saving, signers
from engine.steps.notices import tell_of_task
from engine.steps.performers import acting_as, holds, in_charge, in_name_of, signs_as
from engine.steps.recusing import require_impartial
from engine.steps.scene import Scene, of_task
from engine.steps.signing import settle_or_go_on
from engine.store import people, signings
from engine.store.instances import TaskRow

MOST = 20
"""How many can be asked to sign one task at a time."""
LONGEST = 2000
"""Length of an opinion."""
MODES = (signings.BEFORE, signings.AFTER, signings.PARALLEL)


@dataclass(frozen=True, slots=True)
class AskSigners:
    """Ask people to sign a task in one's hands: before it is handed in, after, or meanwhile. Who is asked asks nobody further."""

    task_id: int
    actor: str
    to: Sequence[str]
    mode: str
    """before, after or parallel."""
    question: str

    def run(self, ctx: Context) -> None:
        """Those whose turn it is find it among their tasks and are told. Raises NotAllowed, Invalid, Conflict."""
        scene = of_task(ctx, self.task_id)
        task = open_task(scene)
        whose = acting_as(ctx.actor, task, scene.row.process, holds)
        if whose is None:
            raise NotAllowed("只有手上有这件待办的人可以加签,被加签的人不能再加签")
        rows = signers.rows_of(scene, task)
        if task.held is not None:
            raise Conflict(f"这件待办已经提交,正在等{signers.names_of(scene, signers.missing(rows))}签署,不能再加签")
        if self.mode not in MODES:
            raise Invalid("请选前加签、后加签或并加签")
        question = reason_of("请人签署的事由", self.question)
        to = self._people(scene, whose.id, signers.missing(rows))
        require_impartial(scene, *to)
        signings.add(ctx.connection, scene.row.instance_id, task.id, to, self.mode, question, whose.id, ctx.now)
        signers.settle(scene, task)
        said = {"task": task.id, "name": task.name, "to": to, "mode": self.mode, "question": question}
        scene.note("SignersAsked", task.element_id, **said, **in_name_of(ctx.actor, whose))
        if self.mode != signings.AFTER:
            signers.tell_asked(scene, task, to, question, whose.id)
        saving.finish(scene, scene.row.blob, saving.RUNNING)

    def _people(self, scene: Scene, holder: str, asked: signers.Rows) -> list[str]:
        to = list(dict.fromkeys(self.to))
        if not to or len(to) + len(asked) > MOST:
            raise Invalid(f"请写明请谁签署,同时至多 {MOST} 人")
        if not {holder, scene.ctx.actor.id}.isdisjoint(to):
            raise Invalid("不用请自己签署")
        if set(to) - set(people.active(scene.ctx.connection, to)):
            raise Invalid("请签署的人里有不在册或已停用的")
        twice = [row for row in asked if row.person in to]
        if twice:
            raise Conflict(f"已经请{signers.names_of(scene, twice)}签署,还没有签")
        return to


@dataclass(frozen=True, slots=True)
class SignUserTask:
    """Say whether one agrees with what one was asked to sign."""

    task_id: int
    actor: str
    agrees: bool
    answer: str = ""
    """Must say why where one does not agree."""

    def run(self, ctx: Context) -> None:
        """The last to agree lets answers go on that wait for it; whoever does not agree gives them back to their writer.

        Raises NotAllowed, Conflict, Invalid, StepFailed.
        """
        scene = of_task(ctx, self.task_id)
        mine = {one.id for one in ctx.actor.faces(scene.row.process)}
        if not signings.askers(ctx.connection, self.task_id, mine):
            raise NotAllowed("没有人请你签署这件待办")
        task = open_task(scene)
        whose = signs_as(ctx.actor, task, scene.row.process)
        if whose is None:
            raise _why_not(scene, task, mine)
        require_awake(scene)
        answer = free_text("意见", self.answer, LONGEST).strip()
        if not self.agrees and not answer:
            raise Invalid("不同意要写明理由")
        row = next(row for row in signers.missing(signers.rows_of(scene, task)) if row.person == whose.id)
        signings.sign(ctx.connection, row.id, self.agrees, answer, ctx.actor.id, ctx.now)
        said = {"task": task.id, "name": task.name, "agrees": self.agrees, "answer": answer}
        scene.note("UserTaskSigned", task.element_id, **said, **in_name_of(ctx.actor, whose))
        back = not self.agrees and task.held is not None
        notice, verdict = "signed_back" if back else "signed", "同意" if self.agrees else "不同意"
        to = [f"person:{in_charge(task)}"] if in_charge(task) else []
        tell_of_task(scene, notice, task.name, task.due_at, to, verdict=verdict, answer=answer)
        if back:
            signers.hand_back(scene, task, signers.rows_of(scene, task), row.id)
        settle_or_go_on(scene, task)


@dataclass(frozen=True, slots=True)
class DropSigner:
    """Take somebody off who was asked to sign: by who asked them, or a supervisor."""

    task_id: int
    actor: str
    person: str
    reason: str

    def run(self, ctx: Context) -> None:
        """Where they were the last that answers wait for, the case goes on. Raises NotAllowed, Conflict, Invalid, StepFailed."""
        scene = of_task(ctx, self.task_id)
        task = open_task(scene)
        rows = signers.missing(signers.rows_of(scene, task))
        row = next((row for row in rows if row.person == self.person), None)
        steers = bool(ctx.actor.roles & scene.released.procedure.supervisors)
        mine = {one.id for one in ctx.actor.faces(scene.row.process)}
        if not steers and mine.isdisjoint(signings.askers(ctx.connection, task.id, [self.person])):
            raise NotAllowed("只有请人签署的人和督办岗位可以减签")
        if row is None:
            raise Conflict("这个人已经签过,或已被减签")
        require_awake(scene)
        reason = reason_of("减签的原因", self.reason)
        told = [f"person:{who}" for who in (self.person, in_charge(task)) if who]
        signers.take_off(scene, task, row, reason)
        if self.person in (task.signers or ()):
            who = people.name_of(ctx.connection, self.person)
            tell_of_task(scene, "signer_taken_off", task.name, task.due_at, told, who=who, reason=reason)
        settle_or_go_on(scene, task)


def _why_not(scene: Scene, task: TaskRow, mine: set[str]) -> EngineError:
    """Say why somebody who was asked cannot sign now."""
    asked = [row for row in signers.missing(signers.rows_of(scene, task)) if row.person in mine]
    if not asked:
        return Conflict("你已经签过,或已被减签,不用再签")
    if asked[0].person in (task.signers or ()):
        return NotAllowed("自己办理的待办,不能代别人签署")
    return Conflict("还没有轮到你签:等经办人提交以后再签")
