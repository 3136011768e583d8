"""A ladder of posts, drawn: each turn of a boundary cycle on a user task tells the next post up, or hands the task to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.bpmn.elements import Element
from engine.domain.errors import StepFailed
from engine.service_tasks import ESCALATE
from engine.steps.notices import about, notify, tell
from engine.steps.performers import hands, in_charge, lists_of
from engine.steps.scene import Scene
from engine.steps.signers import changes_hands
from engine.steps.slips import issue
from engine.store import ladders, user_tasks
from engine.store.instances import TaskRow

PARALLEL, TAKEOVER = "parallel", "takeover"
"""The post is told besides whoever does the task; the task goes over to the post."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """What a diagram says of one ladder, evaluated for a case."""

    element_id: str
    posts: tuple[str, ...]
    notice: str
    takes_over: bool
    slip: str = ""
    answer_within: str = ""


def climb(scene: Scene, element: Element, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Let the task whose timer fired climb one post, and one more for each turn that went by unseen; give what was told.

    A post that nobody holds is passed over at once, and said so. Past the last post nothing rings any more. Several
    tasks of one repeated step climb together. Raises StepFailed where no timer of a user task has led here.
    """
    tasks = _hosted(scene, scene.fired_host)
    if not tasks:
        raise StepFailed("升级阶梯要挂在待办的边界定时器上:没有找到它看着的待办")
    ladder, wanted, told = _ladder(element, inputs), 1 + scene.fired_missed, list[str]()
    step = _climbed(scene, scene.fired_host, element.id)
    for post in ladder.posts[step:]:
        step += 1
        reached = _tell(scene, tasks, ladder, step, post)
        told += reached
        wanted -= bool(reached)
        if step == len(ladder.posts):
            scene.note("LadderEnded", tasks[0].element_id, task=tasks[0].id, name=tasks[0].name, steps=step)
        if not wanted:
            break
    return {"step": step, "to": told}


def ends_here(scene: Scene, timer_element: str, host: str, turns: int) -> bool:
    """Whether a ladder on this timer comes to its last post by so many turns, so that its cycle need not go on."""
    elements = scene.released.definition.elements
    drawn = [elements[ident] for ident in elements[timer_element].leads_to if elements[ident].topic == ESCALATE]
    if not drawn:
        return False
    posts = words_of(dict(drawn[0].inputs).get("posts", ""))
    return _climbed(scene, host, drawn[0].id) + turns >= len(posts)


def words_of(posts: Any) -> tuple[str, ...]:
    """Give the posts of a ladder from bottom to top, as a diagram lists them."""
    terms = posts if isinstance(posts, list) else str(posts).split(",")
    return tuple(term.strip() for term in terms if term.strip())


def _ladder(element: Element, inputs: Mapping[str, Any]) -> Ladder:
    takes_over = str(inputs.get("mode") or PARALLEL) == TAKEOVER
    slip, within = str(inputs.get("slip") or ""), str(inputs.get("answer_within") or "")
    return Ladder(element.id, words_of(inputs["posts"]), str(inputs["notice"]), takes_over, slip, within)


def _climbed(scene: Scene, host: str, element_id: str) -> int:
    return ladders.climbed(scene.ctx.connection, scene.row.instance_id, host, element_id)


def _hosted(scene: Scene, host: str) -> list[TaskRow]:
    if not host:
        return []
    return [t for t in user_tasks.open_of(scene.ctx.connection, scene.row.instance_id) if t.host == host]


def _tell(scene: Scene, tasks: list[TaskRow], ladder: Ladder, step: int, post: str) -> list[str]:
    ctx, task, host = scene.ctx, tasks[0], scene.fired_host
    said: dict[str, Any] = {**about(task), "step": step, "steps": len(ladder.posts)}
    ladders.add(ctx.connection, scene.row.instance_id, host, ladder.element_id, step, post, ctx.now)
    if ladder.slip:
        said |= issue(scene, task, ladder.slip, f"升级第 {step} 级：{task.name}", ladder.answer_within).said
    reached = notify(scene, ladder.notice, [post], **said)
    event = {"task": task.id, "name": task.name, "post": post, "to": reached, "number": said.get("slip_number", "")}
    scene.note("LadderClimbed", task.element_id, **event, step=step, steps=len(ladder.posts))
    if reached and ladder.takes_over:
        for each in tasks:
            _hand_over(scene, each, post, said)
    return reached


def _hand_over(scene: Scene, task: TaskRow, post: str, said: Mapping[str, Any]) -> None:
    tell(scene, "taken_over", hands(task), **said)
    changes_hands(scene, task, None)
    user_tasks.hand_to(scene.ctx.connection, task, [post], lists_of(None, [post]))
    scene.note("UserTaskTakenOver", task.element_id, task=task.id, name=task.name, was=in_charge(task), groups=[post])
    task.assignee, task.owner, task.groups = None, None, [post]
