"""Keep those whom a case is about out of it (回避), from the step on whose record names them."""

from engine.domain.errors import Invalid
from engine.steps.leaving import named
from engine.steps.notices import tell_of_task
from engine.steps.performers import lists_of
from engine.steps.ruling import where_nobody, write_down
from engine.steps.scene import Scene
from engine.steps.signers import changes_hands, hand_back, missing, rows_of, settle, take_off
from engine.store import people, recusals, user_tasks
from engine.store.instances import TaskRow

REASON = "原经办人要回避"


def recuse(scene: Scene) -> None:
    """Write whom the case is about where the record says another than before, and take its open tasks out of their hands."""
    connection, instance_id, about = scene.ctx.connection, scene.row.instance_id, scene.recused
    if recusals.of_case(connection, instance_id) == about:
        return
    recusals.put(connection, instance_id, about)
    scene.note("PeopleRecused", "", people=sorted(about))
    for task in user_tasks.open_of(connection, instance_id):
        if not about.isdisjoint({task.assignee, task.owner}):
            _take_away(scene, task)
        if task.signers is not None:
            _take_off(scene, task)


def _take_away(scene: Scene, task: TaskRow) -> None:
    """What they were asked about goes back to who asked; what was theirs is free for the others."""
    ctx, owner = scene.ctx, task.owner
    said = {"task": task.id, "name": task.name, "was": owner or task.assignee, "reason": REASON}
    if owner is not None and owner not in scene.recused:
        changes_hands(scene, task, owner)
        user_tasks.give(ctx.connection, task, owner, ctx.now)
        scene.note("DelegationRecalled", task.element_id, **(said | {"was": task.assignee}))
        tell_of_task(scene, "transferred", task.name, task.due_at, [named(owner)], reason=REASON)
        return
    element = scene.released.definition.elements[task.element_id]
    left = [term for term in task.groups if term not in {named(who) for who in scene.recused}]
    groups, nobody = where_nobody(scene, element, left, scene.recused | set(task.barred or ()), task.groups)
    changes_hands(scene, task, None)
    user_tasks.hand_to(ctx.connection, task, groups, lists_of(None, groups))
    scene.note("UserTaskTakenAway", task.element_id, groups=groups, **said)
    write_down(scene, element, task.id, task.due_at, [nobody] if nobody else [])
    tell_of_task(scene, "opened", task.name, task.due_at, groups)


def _take_off(scene: Scene, task: TaskRow) -> None:
    """They sign nothing; where answers waited for them alone, whoever handed those in does so again."""
    for row in missing(rows_of(scene, task)):
        if row.person in scene.recused:
            take_off(scene, task, row, REASON)
    left = rows_of(scene, task)
    if task.held is not None and not missing(left):
        hand_back(scene, task, left)
    fresh = next(one for one in user_tasks.open_of(scene.ctx.connection, scene.row.instance_id) if one.id == task.id)
    settle(scene, fresh)


def require_impartial(scene: Scene, *who: str) -> None:
    """Raise Invalid where somebody who is to get a hand in the case, or sight of it, is whom it is about."""
    barred = sorted(scene.recused.intersection(who))
    if barred:
        raise Invalid(f"{people.name_of(scene.ctx.connection, barred[0])}是这件工单里要回避的人")
