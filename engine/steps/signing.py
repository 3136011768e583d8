"""Answers that wait until everybody who was asked has signed (加签), and the case going on with them."""

from collections.abc import Mapping
from typing import Any

from engine.bpmn.record import plain
from engine.domain.texts import free_data
from engine.steps import saving
from engine.steps.handing_in import hand_in
from engine.steps.scene import Scene
from engine.steps.signers import changes_hands, missing, settle, tell_asked
from engine.store import history, signings, user_tasks
from engine.store.instances import TaskRow
from engine.store.signings import AFTER


def hold(scene: Scene, task: TaskRow, answers: Mapping[str, Any], cleaned: Mapping[str, Any], words: str) -> None:
    """Keep answers until the last who was asked has signed; the task stays open, in the hands of whoever hands in."""
    ctx = scene.ctx
    if task.assignee is None:
        task.assignee = task.on_behalf or ctx.actor.id
        changes_hands(scene, task, task.assignee)
        user_tasks.claim(ctx.connection, task, task.assignee, ctx.now)
    typed = plain(free_data("填写的内容", dict(answers)))
    task.held = {"by": ctx.actor.id, "at": ctx.now.isoformat(), "answers": typed}
    task.held |= {"cleaned": plain(dict(cleaned)), "words": words, "on_behalf": task.on_behalf}
    signings.hold(ctx.connection, task.id, task.held)
    rows = missing(settle(scene, task))
    for row in rows:
        if row.mode == AFTER:
            tell_asked(scene, task, [row.person], row.question, row.asked_by)
    said = {"task": task.id, "name": task.name, "to": [row.person for row in rows]}
    scene.note("AnswersHeld", task.element_id, **said, **({"on_behalf": task.on_behalf} if task.on_behalf else {}))
    saving.finish(scene, scene.row.blob, saving.RUNNING)


def settle_or_go_on(scene: Scene, task: TaskRow) -> None:
    """Bring the lists in order, and let the case go on where answers wait and nobody is missing any more. Raises StepFailed."""
    held, left = task.held, missing(settle(scene, task))
    if held is not None and not left:
        _go_on(scene, task, held)
    else:
        saving.finish(scene, scene.row.blob, saving.RUNNING)


def _go_on(scene: Scene, task: TaskRow, held: Mapping[str, Any]) -> None:
    """Let the case go on with the answers that were held, in the name of whoever handed them in. Raises StepFailed."""
    ctx = scene.ctx
    history.append(ctx.connection, scene.row, scene.events, ctx.now)  # what led to the step comes before it
    scene.events.clear()
    scene.hand, task.on_behalf = held["by"], held["on_behalf"]
    user_tasks.give_back(ctx.connection, task)
    hand_in(scene, task, held["cleaned"], held["words"])
