"""Those asked to sign a task besides its holder (加签): who is missing, whose turn it is, and what a change of hands does.

Who is asked `before` signs before anything is handed in; who is asked `after` once it is; `parallel` at any time. Until
the last has signed the answers are held and the task stays open.
"""

from collections.abc import Sequence
from typing import Any

from engine.domain.errors import Conflict
from engine.steps.notices import tell_of_task
from engine.steps.performers import lists_of
from engine.steps.scene import Scene
from engine.store import people, signings, user_tasks
from engine.store.instances import TaskRow
from engine.store.papers import save_draft
from engine.store.signings import AFTER, ASKED, BEFORE, SIGNED

Rows = Sequence[Any]


def rows_of(scene: Scene, task: TaskRow) -> Rows:
    """Give those asked to sign a task, but for those taken off; nobody has to be looked for where nobody ever was."""
    return signings.of_tasks(scene.ctx.connection, [task.id]) if task.signers is not None else []


def missing(rows: Rows) -> list[Any]:
    """Give those who have not signed yet."""
    return [row for row in rows if row.state == ASKED]


def missing_before(rows: Rows) -> list[Any]:
    """Give those who have to sign before the task can be handed in."""
    return [row for row in missing(rows) if row.mode == BEFORE]


def names_of(scene: Scene, rows: Rows) -> str:
    """Give their names in a sentence."""
    known = people.names_of(scene.ctx.connection, [row.person for row in rows])
    return "、".join(known.get(row.person, row.person) for row in rows)


def turn(task: TaskRow, rows: Rows) -> list[str]:
    """Give who can sign now."""
    return [row.person for row in missing(rows) if row.mode != AFTER or task.held is not None]


def settle(scene: Scene, task: TaskRow) -> Rows:
    """Put the task into the lists of those who can sign now, besides whoever has it in hand; give everybody asked."""
    connection = scene.ctx.connection
    rows = signings.of_tasks(connection, [task.id])
    user_tasks.let_sign(connection, task, turn(task, rows))
    user_tasks.relist(connection, task, lists_of(task.assignee, task.groups, task.owner))
    return rows


def require_signed_before(scene: Scene, task: TaskRow) -> Rows:
    """Give those whom the answers will wait for; raise Conflict while those asked before have not signed, or answers wait already."""
    rows = rows_of(scene, task)
    if task.held is not None:
        raise Conflict(f"这件待办已经提交,正在等{names_of(scene, missing(rows))}签署")
    first = missing_before(rows)
    if first:
        raise Conflict(f"还要等{names_of(scene, first)}签署,才能提交")
    return missing(rows)


def tell_asked(scene: Scene, task: TaskRow, asked: Sequence[str], question: str, asked_by: str) -> None:
    """Tell those whose turn has come what they are asked."""
    said = {"by": people.name_of(scene.ctx.connection, asked_by), "question": question}
    tell_of_task(scene, "signing_asked", task.name, task.due_at, [f"person:{who}" for who in asked], **said)


def hand_back(scene: Scene, task: TaskRow, rows: Rows, against: int = 0) -> None:
    """Give held answers back to whoever handed them in, as a draft; who signed those answers, or was against, signs anew."""
    ctx, held = scene.ctx, task.held
    if held is None:
        return
    save_draft(ctx.connection, held["by"], f"task:{task.id}", held["answers"], ctx.now)
    waiting = {row.person for row in missing(rows)}
    signed = [row for row in rows if row.state == SIGNED and (row.mode == AFTER or row.id == against)]
    signings.ask_again(ctx.connection, [row.id for row in signed if row.person not in waiting])
    user_tasks.give_back(ctx.connection, task)
    scene.note("AnswersHandedBack", task.element_id, task=task.id, name=task.name, to=held["by"])


def changes_hands(scene: Scene, task: TaskRow, to: str | None) -> None:
    """Bring in order who signs a task that is about to be put into other hands; whoever gets it does not sign it as well."""
    if task.signers is None:
        return
    connection, rows = scene.ctx.connection, rows_of(scene, task)
    hand_back(scene, task, rows)
    for row in missing(rows):
        if row.person == to:
            take_off(scene, task, row, "")
    user_tasks.let_sign(connection, task, turn(task, rows_of(scene, task)))


def take_off(scene: Scene, task: TaskRow, row: Any, reason: str) -> None:
    """Take somebody off who was asked; without a reason: because the task has come into their own hands."""
    signings.drop(scene.ctx.connection, row.id, scene.ctx.actor.id, scene.ctx.now)
    said = {"task": task.id, "name": task.name, "to": row.person, "reason": reason}
    scene.note("SignerTakenOff", task.element_id, **said)
