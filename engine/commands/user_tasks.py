"""Claim, release and complete user tasks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.commands.instances import how_it_ended, require_running
from engine.domain.actors import Actor
from engine.domain.clock import local
from engine.domain.errors import AlreadyClaimed, Conflict, NotAllowed
from engine.executor import Context
from engine.forms.answers import same_words
from engine.steps import saving
from engine.steps.handing_in import hand_in
from engine.steps.papers import take
from engine.steps.past import CO_SIGNER_DROPPED
from engine.steps.performers import acting_as, holds, in_name_of, is_candidate, lists_of
from engine.steps.scene import Scene, of_task
from engine.steps.signers import changes_hands, require_signed_before
from engine.steps.signing import hold
from engine.steps.staffing import staffed
from engine.steps.starting import with_what_stays
from engine.store import history, pauses, people, user_tasks
from engine.store.instances import TaskRow
from engine.store.papers import drop_draft

TAKES_AWAY = {
    "UserTaskSentBack": "把工单退回了前面的步骤",
    "StepWithdrawn": "撤回了上一步",
    CO_SIGNER_DROPPED: "已减签",
    "InstanceJumped": "把工单跳转到了别的步骤",
}
"""What somebody did, by event, when a task is taken away while its order goes on."""


@dataclass(frozen=True, slots=True)
class ClaimUserTask:
    """Take a task from the pool so that nobody else works on it."""

    task_id: int
    actor: str

    def run(self, ctx: Context) -> None:
        """Claiming one's own task again changes nothing. Raises AlreadyClaimed, Conflict, NotAllowed."""
        scene = of_task(ctx, self.task_id)
        task = open_task(scene)
        process = scene.row.process
        if acting_as(ctx.actor, task, process, holds):
            return
        whose = acting_as(ctx.actor, task, process, is_candidate)
        if whose is None:
            raise NotAllowed("这件待办不在你的待签收里")
        changes_hands(scene, task, whose.id)
        holder = user_tasks.claim(ctx.connection, task, whose.id, ctx.now)
        if holder != whose.id:
            raise _taken(scene, holder)
        scene.note("UserTaskClaimed", task.element_id, task=task.id, **in_name_of(ctx.actor, whose))
        saving.finish(scene, scene.row.blob, saving.RUNNING)


@dataclass(frozen=True, slots=True)
class ReleaseUserTask:
    """Put a claimed task back for the other candidates."""

    task_id: int
    actor: str

    def run(self, ctx: Context) -> None:
        """Only its holder may; a task without candidates stays. Raises NotAllowed, Conflict."""
        scene = of_task(ctx, self.task_id)
        task = open_task(scene)
        whose = acting_as(ctx.actor, task, scene.row.process, holds)
        if whose is None:
            raise NotAllowed("这件待办不在你手上")
        if not task.groups:
            raise Conflict("这件待办指定由你办理,没有别的候选人,不能放回")
        changes_hands(scene, task, None)
        user_tasks.release(ctx.connection, task, lists_of(None, task.groups))
        scene.note("UserTaskReleased", task.element_id, task=task.id, **in_name_of(ctx.actor, whose))
        saving.finish(scene, scene.row.blob, saving.RUNNING)


@dataclass(frozen=True, slots=True)
class CompleteUserTask:
    """Hand in a task's form and let the case go on."""

    task_id: int
    actor: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    draft: str = ""
    """The draft that this hands in; it is forgotten."""

    def run(self, ctx: Context) -> bool:
        """Whoever holds the task, or a candidate while it is free; says whether the answers wait for people asked to sign.

        Raises NotAllowed, Conflict, InvalidForm, StepFailed.
        """
        scene = of_task(ctx, self.task_id)
        task = open_task(scene)
        whose = may_complete(scene, task)
        require_awake(scene)
        waiting = require_signed_before(scene, task)
        form = scene.released.form_of(task.element_id)
        shown = {**scene.columns(), **scene.row.record}
        cleaned = dict(self.answers)
        if form is not None:
            cleaned = staffed(ctx, form, shown).clean(with_what_stays(scene, task, form, self.answers), shown)
        take(scene, form, cleaned, self.answers)
        if self.draft:
            drop_draft(ctx.connection, ctx.actor.id, self.draft)
        words = same_words(self.answers, form.files if form is not None else ())
        task.on_behalf = whose.id if whose.id != ctx.actor.id else None
        if waiting:
            hold(scene, task, self.answers, cleaned, words)
        else:
            hand_in(scene, task, cleaned, words)
        return bool(waiting)


def open_task(scene: Scene) -> TaskRow:
    """Give the scene's task; raise Conflict, naming who ended it and when, if it is not open any more."""
    task = scene.row.task
    if task is None:
        raise Conflict("没有这件待办")
    if task.state == "completed" and task.ended_at is not None:
        who = people.name_of(scene.ctx.connection, task.ended_by or "")
        raise Conflict(f"这件待办已由{who}于{_short(task.ended_at)}提交")
    if task.state != "open":
        why = how_it_ended(scene) or _taken_away(scene, task)
        raise Conflict("这件待办已经不需要办了" + (f":{why}" if why else ""))
    require_running(scene)
    return task


def _taken_away(scene: Scene, task: TaskRow) -> str:
    """Say who took a task out of people's hands while its order goes on; empty where the diagram did."""
    events = history.events_of(scene.ctx.connection, scene.row.instance_id)
    acts = [(e, e.content or {}) for e in events if e.kind in TAKES_AWAY and e.at == task.ended_at]
    fitting = [pair for pair in acts if pair[1].get("dropped", task.id) == task.id]
    if not fitting:
        return ""
    act, said = fitting[-1]
    who, why = people.name_of(scene.ctx.connection, act.actor), said.get("reason", "")
    return f"{who}于{_short(act.at)}{TAKES_AWAY[act.kind]}" + (f",{why}" if why else "")


def may_complete(scene: Scene, task: TaskRow) -> Actor:
    """Give in whose name the actor may complete a task; raise NotAllowed or AlreadyClaimed."""
    actor, process = scene.ctx.actor, scene.row.process
    holder = acting_as(actor, task, process, holds)
    if holder is not None:
        return holder
    if task.owner is not None:
        _refuse_asked(scene, task, task.owner)
    candidate = acting_as(actor, task, process, is_candidate)
    if candidate is None:
        raise NotAllowed(f"“{task.name}”不由你办理")
    if task.assignee is not None:
        raise _taken(scene, task.assignee)
    return candidate


def _refuse_asked(scene: Scene, task: TaskRow, owner: str) -> None:
    """While somebody is asked (委派) a task is not submitted: who asked takes it back first, who is asked only answers."""
    connection, mine = scene.ctx.connection, {one.id for one in scene.ctx.actor.faces(scene.row.process)}
    if task.assignee in mine:
        raise NotAllowed(f"“{task.name}”是{people.name_of(connection, owner)}委派给你的:请提交意见,由委派人提交")
    if owner in mine:
        raise Conflict(f"这件待办已委派给{people.name_of(connection, task.assignee or '')},等意见回来或先收回,再提交")


def require_awake(scene: Scene) -> None:
    """Nobody completes a task of an order that stands still: the pause must be ended first, and be seen to be."""
    pause = pauses.open_of(scene.ctx.connection, scene.row.instance_id) if scene.is_paused else None
    if pause is not None:
        raise Conflict(f"工单正在暂停({_short(pause.started_at)}起:{pause.reason}),请先恢复再提交")


def _taken(scene: Scene, holder: str | None) -> AlreadyClaimed:
    """Name who has it, and since when."""
    since = scene.row.task.claimed_at if scene.row.task is not None else None
    moment = f"于{_short(since)}" if since else ""
    return AlreadyClaimed(f"这件待办已由{people.name_of(scene.ctx.connection, holder or '')}{moment}签收")


def _short(at: datetime) -> str:
    shown = local(at)
    return f"{shown.month}月{shown.day}日 {shown:%H:%M}"
