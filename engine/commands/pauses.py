"""Pause a case whose clock should rest (the caller is awaited, evidence is taken), and let it go on."""

from dataclasses import dataclass
from datetime import datetime

from engine.commands.instances import require_running
from engine.domain.actors import SYSTEM
from engine.domain.clock import in_words
from engine.domain.errors import Conflict, Invalid, NotAllowed
from engine.domain.states import OPEN, PAUSED
from engine.domain.texts import free_text
from engine.executor import Context
from engine.steps import saving
from engine.steps.concerned import everybody
from engine.steps.notices import tell
from engine.steps.pausing import move_on
from engine.steps.performers import acting_as, is_in_charge
from engine.steps.scene import Scene, of_instance
from engine.store import instances, pauses, timers, user_tasks

KINDS = ("caller", "evidence", "other")
"""Why a case may stand still: its caller is awaited, evidence is taken, anything else."""
LEAST, MOST = 2, 500
"""Length of a reason."""


@dataclass(frozen=True, slots=True)
class PauseCase:
    """Stop the clock of an order (暂停): supervisors, the procedure's `pausers`, or whoever holds one of its open tasks."""

    number: str
    reason: str
    kind: str
    review: datetime | None
    actor: str

    def run(self, ctx: Context) -> None:
        """Limits stand still and timers rest until the order goes on. Raises NotFound, NotAllowed, Conflict, Invalid."""
        scene = _scene(ctx, self.number)
        require_running(scene)
        if scene.is_paused:
            raise Conflict("这件工单已经暂停了")
        reason = reason_of("暂停的原因", self.reason)
        if self.kind not in KINDS:
            raise Invalid("暂停的种类要从给出的几种里选")
        if self.review is not None and self.review <= ctx.now:
            raise Invalid("复核日期要晚于现在")
        said = {"reason": reason, "kind": self.kind, "review_at": self.review}
        row = {"instance_id": scene.row.instance_id, "started_at": ctx.now, "started_by": ctx.actor.id, "note": ""}
        pauses.add(ctx.connection, {**row, **said})
        timers.rest(ctx.connection, scene.row.instance_id)
        scene.order["status"] = PAUSED
        review = self.review.isoformat() if self.review else None
        scene.note("CasePaused", "", reason=reason, kind=self.kind, review_at=review)
        tell(scene, "pause", everybody(scene), reason=reason, review=in_words(self.review) if self.review else "未定")
        saving.finish(scene, scene.row.blob, saving.RUNNING)


@dataclass(frozen=True, slots=True)
class ResumeCase:
    """Let a paused order go on (恢复): the same people may."""

    number: str
    note: str
    actor: str

    def run(self, ctx: Context) -> None:
        """All limits of the case move by the pause, together. Raises NotFound, NotAllowed, Conflict, Invalid."""
        scene = _scene(ctx, self.number)
        require_running(scene)
        pause = pauses.open_of(ctx.connection, scene.row.instance_id)
        if pause is None:
            raise Conflict("这件工单没有暂停,或刚由别人恢复了")
        note = free_text("恢复的说明", self.note).strip()[:MOST]
        pauses.end(ctx.connection, scene.row.instance_id, ctx.now, ctx.actor.id, note)
        moved = move_on(scene, pause.started_at)
        scene.order["status"] = OPEN
        scene.note("CaseResumed", "", since=pause.started_at.isoformat(), note=note, moved=moved)
        tell(scene, "resume", everybody(scene), note=note)
        saving.finish(scene, scene.row.blob, saving.RUNNING)


@dataclass(frozen=True, slots=True)
class ReviewPause:
    """Tell whoever paused an order, and its supervisors, that the date for looking at the pause again has come: once."""

    pause_id: int
    actor: str = SYSTEM.id

    def run(self, ctx: Context) -> bool:
        """Say whether there was anything to tell: a pause that is over, or was told of, changes nothing."""
        seen = pauses.get(ctx.connection, self.pause_id)
        if seen is None:
            return False
        scene = of_instance(ctx, seen.instance_id)
        pause = pauses.get(ctx.connection, self.pause_id)
        if pause is None or pause.ended_at or pause.reviewed_at or not pause.review_at or pause.review_at > ctx.now:
            return False
        pauses.reviewed(ctx.connection, pause.id, ctx.now)
        to = [f"person:{pause.started_by}", *sorted(scene.released.procedure.supervisors)]
        told = tell(scene, "pause_review", to, reason=pause.reason, since=pause.started_at.isoformat())
        scene.note("PauseReviewDue", "", to=told)
        saving.finish(scene, scene.row.blob, saving.RUNNING)
        return True


def reason_of(what: str, text: str) -> str:
    """Give a reason as it is kept; raise Invalid when there is none, or far too much of it."""
    said = free_text(what, text).strip()
    if not LEAST <= len(said) <= MOST:
        raise Invalid(f"请写明{what},{LEAST} 到 {MOST} 个字")
    return said


def _scene(ctx: Context, number: str) -> Scene:
    scene = of_instance(ctx, instances.by_number(ctx.connection, number)[1])
    procedure = scene.released.procedure
    if ctx.actor.roles & (procedure.supervisors | procedure.pausers):
        return scene
    tasks = user_tasks.open_of(ctx.connection, scene.row.instance_id)
    if not any(acting_as(ctx.actor, t, scene.row.process, is_in_charge) for t in tasks):
        raise NotAllowed("只有督办岗位、指定岗位和这件工单待办的持有人可以暂停和恢复")
    return scene
