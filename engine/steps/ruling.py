"""What rules of assignment make of the candidates of a task, and how the history tells it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.bpmn.elements import Element
from engine.domain.assignment_rules import INCIDENT
from engine.domain.errors import StepFailed
from engine.domain.rights import ADMIN
from engine.executor import Context
from engine.steps.leaving import named
from engine.steps.notices import tell_of_task
from engine.steps.performers import candidates, is_anybody
from engine.steps.scene import Scene
from engine.store import people

NOBODY = "nobody"
_WHY = {
    NOBODY: "没有人可办",
    "same_as_starter": "本该由发起人自己办",
    "twice_in_a_row": "本该由刚办完上一步的人再办",
}


@dataclass(frozen=True, slots=True)
class Ruling:
    """That a rule has given a task to others than the drawing means."""

    rule: str
    policy: str
    """What the rule says is to be done."""
    who: Sequence[str]
    """People kept from the task by it."""
    was: Sequence[str]
    """Performer words before, and after."""
    now: Sequence[str]
    leader_sought: bool = False
    """Whether it went up because no other candidate was left."""


def without(ctx: Context, words: Iterable[str], barred: Collection[str]) -> list[str]:
    """Give candidates without some people: a word that means one of them becomes the others by name."""
    kept: list[str] = []
    for word in words:
        meant = candidates(ctx, [word], ())
        kept += [word] if set(meant).isdisjoint(barred) else [named(who) for who in meant if who not in barred]
    return list(dict.fromkeys(kept))


def where_nobody(
    scene: Scene, element: Element, words: Sequence[str], barred: Collection[str], drawn: Sequence[str]
) -> tuple[list[str], Ruling | None]:
    """Give the candidates of a task without a holder: where they are nobody, whoever looks after the procedure as well.

    `drawn` is whom the diagram means, for the words of a refusal. Raises StepFailed where the rule says that an admin is
    to see to it first.
    """
    ctx, procedure = scene.ctx, scene.released.procedure
    if is_anybody(ctx, words, barred):
        return list(words), None
    policy = procedure.assignment.of(element.properties).nobody
    post = next((p for p in (sorted(procedure.supervisors), [ADMIN]) if is_anybody(ctx, p, barred)), None)
    if policy == INCIDENT or post is None:
        meant = "、".join(drawn) or "没有写候选人"
        kept = f",要避开的有{_named(ctx, barred)}" if barred else ""
        raise StepFailed(f"{element.name}({element.id}):没有人可办({meant}{kept});请补上人员后重试")
    now = list(dict.fromkeys([*words, *without(ctx, post, barred)]))
    return now, Ruling(NOBODY, policy, (), list(words), now)


def _named(ctx: Context, who: Collection[str]) -> str:
    return "、".join(people.name_of(ctx.connection, one) for one in sorted(who))


def write_down(
    scene: Scene, element: Element, task_id: int, due_at: datetime | None, rulings: Iterable[Ruling]
) -> None:
    """Put rulings about a task into the history, and tell those who would not expect it: once, however many rules met."""
    surprising: list[Ruling] = []
    for ruling in rulings:
        said = {"rule": ruling.rule, "policy": ruling.policy, "who": list(ruling.who)}
        moved = {"was": list(ruling.was), "now": list(ruling.now)}
        scene.note("AssignmentRuled", element.id, task=task_id, name=element.name, **said, **moved)
        if ruling.rule == NOBODY or ruling.leader_sought:
            surprising.append(ruling)
    if surprising and not scene.released.procedure.tells_new_tasks:
        why = "，又".join(_WHY[ruling.rule] for ruling in surprising)
        tell_of_task(scene, "ruled", element.name, due_at, surprising[-1].now, why=why)
