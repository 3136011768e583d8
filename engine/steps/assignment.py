"""Who gets a task that opens: a named person, whoever the diagram's strategy picks, or candidates; and what rules make of that."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from engine.bpmn.arrivals import TaskOpened
from engine.bpmn.lineage import frontier
from engine.bpmn.runtime import Case
from engine.domain.assignment_rules import ALLOW, LEADER, RECUSED, AssignmentRules
from engine.steps import past, posts
from engine.steps.leaving import named
from engine.steps.performers import candidates, is_anybody
from engine.steps.ruling import Ruling, where_nobody, without
from engine.steps.scene import Scene
from engine.steps.services import StepServices
from engine.store import history, people
from engine.store.instances import TaskRow

Kept = dict[str, tuple[str, str]]
"""People kept from a task: by which rule, and what it says instead."""


@dataclass(frozen=True, slots=True)
class AssignmentQuestion:
    """What a strategy is asked."""

    element_id: str
    starter: str
    groups: tuple[str, ...] = field(default_factory=tuple)
    """The candidates, as performer words."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """What it answers: a person, or nobody (then the candidates may claim)."""

    person: str | None = None


@dataclass(frozen=True, slots=True)
class Assigned:
    """Who gets a task."""

    holder: str | None
    """None: one of the candidates claims it."""
    groups: list[str]
    barred: list[str] | None
    """People whom a rule keeps from it."""
    rulings: list[Ruling]
    picked: str | None = None
    """Whom the strategy chose, whatever a rule made of it."""


def assign(scene: Scene, case: Case, task: TaskOpened, completed: TaskRow | None) -> Assigned:
    """Say who gets a task that has just opened; `completed` is the task that a person ended in this step.

    A task that was sent back is for whoever did it before; nobody whom the case is about holds one. Raises StepFailed
    where nobody could do it and the rules want the step to stop.
    """
    kept = _kept_away(scene, case, task, completed)
    drawn = [term for term in task.groups if term not in {named(who) for who in scene.recused}]
    words = without(scene.ctx, drawn, kept) if kept else drawn
    holder = _sent_back_to(scene, task)
    picked = _picked(scene, task, words) if holder is None else None
    found = _ruled(scene, task, kept, drawn, words, holder or picked or _named(scene, task))
    if found.holder is not None:
        scene.given.append((task.element.id, found.holder))
    if picked is not None:
        scene.picked.append((task.element.id, picked))
    return replace(found, picked=picked)


def _ruled(
    scene: Scene, task: TaskOpened, kept: Kept, drawn: list[str], words: list[str], holder: str | None
) -> Assigned:
    """Take the task from a holder who had better not do it, and find somebody where nobody is left."""
    ctx, barred, rulings = scene.ctx, set(kept) | scene.recused, list[Ruling]()
    was = [named(holder)] if holder in barred else list(task.groups)
    mattering = _mattering(scene, task, kept, drawn, words, holder)
    recused = holder in scene.recused or len(drawn) < len(task.groups)
    left = None if holder in barred else holder
    lone: list[str] = []
    if left is None:
        lone = [
            who for who in mattering if kept[who][1] == LEADER and (who == holder or not is_anybody(ctx, words, barred))
        ]
        above = posts.leaders(ctx, posts.units_of(ctx, lone), barred) if lone else []
        words, left = ([named(who) for who in above], above[0] if len(above) == 1 else None) if above else (words, None)
    nobody = None
    if left is None:
        words, nobody = where_nobody(scene, task.element, words, barred, task.groups)
    now = [named(left)] if left is not None else words
    if recused:
        rulings.append(Ruling(RECUSED, "", sorted(scene.recused), was, now))
    for rule, policy in dict.fromkeys(kept[who] for who in mattering):
        sought = policy == LEADER and bool(lone)
        rulings.append(
            Ruling(rule, policy, sorted(w for w in mattering if kept[w] == (rule, policy)), was, now, sought)
        )
    return Assigned(left, words, sorted(kept) or None, [*rulings, *([nobody] if nobody else [])])


def _mattering(
    scene: Scene, task: TaskOpened, kept: Kept, drawn: list[str], words: list[str], holder: str | None
) -> list[str]:
    """Give whom a rule has really kept from a task: nobody where the drawing gives it to the same person without the rule."""
    if holder in kept:
        return [who for who in kept if who == holder or who in candidates(scene.ctx, drawn, ())]
    if words == drawn or (holder is not None and _drawn_holder(scene, task, drawn) == holder):
        return []
    return [who for who in kept if who in candidates(scene.ctx, drawn, ())]


def _kept_away(scene: Scene, case: Case, task: TaskOpened, completed: TaskRow | None) -> Kept:
    """Give who had better not do a task: who started the case, who did a step right before."""
    if scene.released.is_start(task.element.id):
        return {}  # who began the case mends what they said
    rules: AssignmentRules = scene.released.procedure.assignment.of(task.element.properties)
    kept: Kept = {}
    if rules.twice_in_a_row != ALLOW:
        said = ("twice_in_a_row", rules.twice_in_a_row)
        kept |= dict.fromkeys(_just_before(scene, case, task.token_id, completed), said)
    if rules.same_as_starter != ALLOW:
        kept[scene.row.created_by] = ("same_as_starter", rules.same_as_starter)
    return kept


def _just_before(scene: Scene, case: Case, token_id: str, completed: TaskRow | None) -> set[str]:
    """Give who did the steps nearest before a token; a stand-in and whom they stood in for count both."""
    marks, now = set(frontier(case.waiting(token_id))), case.step.mark
    found = set[str]()
    if now in marks and completed is not None and not scene.released.is_start(completed.element_id):
        found = {scene.doer, completed.on_behalf or scene.doer}
    elif now in marks:
        marks |= set(case.arrivals.after or ())
    earlier: Sequence[int] = sorted(marks - {now})
    if earlier:
        known = past.read(history.events_of(scene.ctx.connection, scene.row.instance_id))
        nearest = [step for step in known.nearest(earlier) if not scene.released.is_start(step.element_id)]
        found |= {who for step in nearest for who in (step.actor, step.by)}
    return found


def _drawn_holder(scene: Scene, task: TaskOpened, words: Sequence[str]) -> str | None:
    """Give who holds a task by the drawing: whoever it was sent back to, the strategy's choice, or the person named."""
    return _sent_back_to(scene, task) or _picked(scene, task, words) or _named(scene, task)


def _sent_back_to(scene: Scene, task: TaskOpened) -> str | None:
    """Give who did a task that is sent back, if they still can."""
    back = scene.returned.get((task.element.id, task.item))
    return next(iter(people.active(scene.ctx.connection, [back["to"]])), None) if back is not None else None


def _is_picked(scene: Scene, task: TaskOpened) -> bool:
    return bool(task.assignee) and scene.ctx.engine.register.is_decision(task.assignee)


def _picked(scene: Scene, task: TaskOpened, words: Sequence[str]) -> str | None:
    """Give whom the strategy that the diagram names chooses; None where it names none, or that finds nobody."""
    if not _is_picked(scene, task):
        return None
    asked = {"element_id": task.element.id, "starter": scene.row.created_by, "groups": tuple(words)}
    return str(StepServices(scene).decide(task.assignee, asked).get("person") or "") or None


def _named(scene: Scene, task: TaskOpened) -> str | None:
    """Give the person whom the diagram names."""
    if not task.assignee or _is_picked(scene, task):
        return None
    return next(iter(people.active(scene.ctx.connection, [task.assignee])), None)
