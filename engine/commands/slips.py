"""Written reminders: supervise a step (督办), answer a slip, and tell who issued it that no answer came."""

from dataclasses import dataclass
from typing import Any

from engine.commands.pauses import reason_of
from engine.commands.user_tasks import open_task
from engine.domain.actors import SYSTEM
from engine.domain.clock import in_words
from engine.domain.errors import Conflict, NotAllowed, NotFound
from engine.executor import Context
from engine.steps import saving
from engine.steps.extending import require_span
from engine.steps.notices import about, tell
from engine.steps.performers import hands
from engine.steps.scene import Scene, of_task
from engine.steps.slips import answers, issue, issuer
from engine.store import people, slips
from engine.store.instances import TaskRow


@dataclass(frozen=True, slots=True)
class SuperviseOrder:
    """Supervise a step of an order with a slip (督办单): supervisors of the procedure, with a limit for the answer."""

    task_id: int
    actor: str
    text: str
    within: str = ""
    """The limit for the answer, such as `4小时(工作时间)`; empty: one working day."""

    def run(self, ctx: Context) -> str:
        """Give the slip's number; whoever does the step is told. Raises NotAllowed, Conflict, Invalid, InvalidDeadline."""
        scene = of_task(ctx, self.task_id)
        task = open_task(scene)
        if scene.released.procedure.supervisors.isdisjoint(ctx.actor.roles):
            raise NotAllowed("只有督办岗位可以督办")
        text = reason_of("督办的要求", self.text)
        if self.within:
            require_span(self.within)
        slip = issue(scene, task, slips.SUPERVISE, text, self.within)
        told = tell(scene, "supervise", hands(task), text=text, **about(task), **slip.said)
        scene.note("OrderSupervised", task.element_id, task=task.id, name=task.name, text=text, to=told, **slip.said)
        saving.finish(scene, scene.row.blob, saving.RUNNING)
        return slip.number


@dataclass(frozen=True, slots=True)
class AnswerSlip:
    """Answer a slip (催办单, 督办单) in writing, while its task is open: whoever holds it, may claim it, or leads them."""

    slip_id: int
    actor: str
    text: str

    def run(self, ctx: Context) -> None:
        """Keep the answer and tell who issued the slip. Raises NotFound, NotAllowed, Conflict, Invalid."""
        scene, task, slip = _slip(ctx, self.slip_id)
        open_task(scene)
        if not answers(ctx, task, scene.row.process):
            raise NotAllowed("这张单子由办这一步的人或其单位负责人答复")
        text = reason_of("答复", self.text)
        if not slips.answer(ctx.connection, slip.id, ctx.actor.id, ctx.now, text):
            who = people.name_of(ctx.connection, slip.answered_by or "")
            raise Conflict(f"这张单子已由{who}于{in_words(slip.answered_at)}答复")
        said = {"slip_number": slip.number, "text": slip.text, "answer": text, **about(task)}
        tell(scene, "slip_answered", issuer(scene, slip.issued_by), **said)
        scene.note("SlipAnswered", task.element_id, task=task.id, name=task.name, number=slip.number, text=text)
        saving.finish(scene, scene.row.blob, saving.RUNNING)


@dataclass(frozen=True, slots=True)
class ReviewSlip:
    """Tell who issued a slip that nobody has answered it in time: once, and not while the case stands still."""

    slip_id: int
    actor: str = SYSTEM.id

    def run(self, ctx: Context) -> bool:
        """Say whether it was looked at; of a step that was done meanwhile nobody is told."""
        seen = slips.get(ctx.connection, self.slip_id)
        if seen is None:
            return False
        scene, task, slip = _slip(ctx, self.slip_id)
        if slip.answered_at or slip.told_at or slip.answer_by > ctx.now or scene.is_paused:
            return False
        slips.told(ctx.connection, slip.id, ctx.now)
        if scene.row.instance_status != saving.RUNNING or task.state != "open":
            return True
        said = {"slip_number": slip.number, "text": slip.text, "answer_by": slip.answer_by.isoformat(), **about(task)}
        told = tell(scene, "slip_unanswered", issuer(scene, slip.issued_by), **said)
        scene.note("SlipUnanswered", task.element_id, task=task.id, name=task.name, number=slip.number, to=told)
        saving.finish(scene, scene.row.blob, saving.RUNNING)
        return True


def _slip(ctx: Context, slip_id: int) -> tuple[Scene, TaskRow, Any]:
    """Give a slip as it stands under its case's lock, with its task."""
    seen = slips.get(ctx.connection, slip_id)
    if seen is None:
        raise NotFound("没有这张催办单或督办单")
    scene = of_task(ctx, seen.user_task_id)
    assert scene.row.task is not None
    return scene, scene.row.task, slips.get(ctx.connection, slip_id)
