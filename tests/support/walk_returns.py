"""What people do in random walks to undo steps: send back, straight or not, to the start form too, and withdraw."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from engine import History, PreviewSendBack, ReturnTargets, SendBack, Target, WithdrawStart, WithdrawStep
from engine.domain.errors import Conflict
from engine.steps import past
from tests.support.beginnings import STARTER, begin_again, start_event
from tests.support.returns import may_go_straight
from tests.support.walk_verbs import holder

if TYPE_CHECKING:
    from tests.support.walks import Walk


def _send_back(walk: "Walk") -> None:
    """To any step, to walk all again or straight back; what the game cannot tell is left out (`may_go_straight`)."""
    task = walk.any_task()
    at = task.element_id, task.item
    found = [t for t in walk.office.engine.ask(ReturnTargets(task.id), "root") if not _was_broken_off(walk, t)]
    if not found:
        return
    to = walk.chance.choice(found)
    straight = walk.chance.random() < 0.5 and at not in walk.story.alone
    straight = straight and (to.straight if to.element_id == start_event(walk) else may_go_straight(walk.story, to))
    seen = walk.office.engine.ask(PreviewSendBack(task.id, to.task_id, straight), "root")
    before = {t.id for t in walk.open()}
    walk.office.engine.execute(SendBack(task.id, holder(walk, task), to.task_id, "材料不全", straight))
    walk.compare(before, seen.closes, seen.opens)
    if to.element_id == start_event(walk):
        begin_again(walk, at if straight else None)
    elif straight:
        walk.story.straight((to.element_id, to.item), at)
    else:
        walk.story.back((to.element_id, to.item))


def _was_broken_off(walk: "Walk", target: Target) -> bool:
    """Whether it lies inside an activity that was broken off: what stood beside it there is not told by the game."""
    known = past.read(walk.office.engine.ask(History(walk.office.case().instance_id)))
    return not known.broken.isdisjoint(level.identity for level in known.steps[target.mark].levels[:-1])


def _withdraw(walk: "Walk") -> None:
    done = [t for t in walk.office.past_tasks() if t.state == "completed"]
    if not done:
        return
    task = max(done, key=lambda t: (t.ended_at, t.id))
    try:
        walk.office.engine.execute(WithdrawStep(task.id, task.ended_by or ""))
    except Conflict:
        return
    if task.element_id == start_event(walk):
        begin_again(walk)
    else:
        walk.story.back((task.element_id, task.item))


def _withdraw_start(walk: "Walk") -> None:
    try:
        walk.office.engine.execute(WithdrawStart(walk.office.number, STARTER))
    except Conflict:
        return
    begin_again(walk)


RETURNS: tuple[Callable[["Walk"], None], ...] = (_send_back, _send_back, _send_back, _withdraw, _withdraw_start)
