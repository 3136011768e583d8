"""Send a case back to a step that was completed: which steps that can be, what it undoes, and the doing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from engine.bpmn import returning
from engine.bpmn.elements import Element
from engine.bpmn.lineage import frontier, levels
from engine.bpmn.runtime import Case
from engine.bpmn.soundness import Net, Place, judge
from engine.domain.errors import Conflict
from engine.steps import past, saving
from engine.steps.past import Past, Step
from engine.steps.record_undo import path_of, take_back
from engine.steps.scene import Scene
from engine.store import history
from engine.store.instances import TaskRow

_TOO_LATE = "这一步之后已经有人办了,不能撤回;请联系下一步的人退回"
START = 0
"""The start form, where a task's number stands for a step."""


@dataclass(frozen=True, slots=True)
class Target:
    """A completed step that a task may be sent back to."""

    task_id: int
    """START for the form with which the case was started."""
    name: str
    element_id: str
    item: str
    by: str
    at: datetime
    mark: int
    previous: bool
    """Whether it is (one of) the steps directly before."""
    starter: bool
    """Whether whoever started the case did it."""
    straight: bool
    """Whether it can be done again alone, the case coming straight back."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What a return has undone, in the numbers of the history."""

    marks: frozenset[int]
    steps: tuple[Step, ...]
    """Completions among them, oldest first."""
    parted: tuple[tuple[int, int], ...]
    staying: tuple[Step, ...]
    """Completions whose branch stays where it had met the others."""
    changes: dict[str, Any]
    """What became of names in the record; None for what is gone."""
    kept: tuple[int, list[str]] | None = None
    """Of a start: its mark, and the names its form wrote; they stand until whoever started the case says otherwise."""


def read_past(scene: Scene) -> Past:
    """Read the web of causes of a scene's case."""
    return past.read(history.events_of(scene.ctx.connection, scene.row.instance_id))


def targets(known: Past, case: Case, task: TaskRow, starter: str = "") -> list[Target]:
    """Give the steps that an open task may be sent back to, the latest first."""
    token = case.waiting(task.token_id)
    before, place = frontier(token), tuple((level[0], level[3]) for level in levels(token))
    causes, previous = known.ancestors(before), {step.mark for step in known.nearest(before)}
    fitting = [
        s
        for s in sorted(known.standing().values(), key=lambda s: -s.mark)
        if s.mark in causes and s.place != place and can_end(known, case.step.elements, s)
    ]
    return [_target(known, case, task, s, starter, s.mark in previous) for s in fitting]


def _target(known: Past, case: Case, task: TaskRow, step: Step, starter: str, previous: bool) -> Target:
    straight = returning.can_go_straight(case, known.descendants(step.mark), task.token_id, step.levels)
    said = step.task_id or START, step.name, step.element_id, step.item, step.actor, step.at, step.mark
    return Target(*said, previous, step.actor == starter, straight)


def can_end(known: Past, elements: Mapping[str, Element], step: Step) -> bool:
    """Whether a step may be opened again as far as the activities around it go, and what a jump had taken away beside it.

    One that was broken off (by a limit on the whole, an error, an end that ends all) is entered again with that step alone:
    nobody may then wait inside for what was broken off.
    """
    if any(left.whole for left in known.regained(known.descendants(step.mark))):
        return False
    return all(
        level.identity not in known.broken or _ends_without_the_rest(known, elements, step, level, inner)
        for level, inner in pairwise(step.levels)
    )


def _ends_without_the_rest(
    known: Past, elements: Mapping[str, Element], step: Step, around: returning.Level, inner: returning.Level
) -> bool:
    net = Net(elements, elements[inner.element].scope)
    places, undone = [Place(inner.element)], known.descendants(step.mark)
    places += [Place(left.element, left.source) for left in known.regained(undone) if left.scope == around.identity]
    for join, staying in known.parting(undone):
        if join.scope == around.identity:
            places += [Place(join.join, source) for source, _ in staying]
    return judge(net, places).sound is True


def chosen(found: Iterable[Target], task_id: int, *, straight: bool = False) -> Target:
    """Give the target a person chose; raise Conflict when it is none (any more), or not straight."""
    for target in found:
        if target.task_id == task_id:
            if straight and not target.straight:
                raise Conflict("这一步之后还有并行、会签或子流程,不能直达,只能逐级重走")
            return target
    raise Conflict("不能退回到这一步:它不在这件待办之前,或者刚才已经变了,请重新选择")


def last_step_of(known: Past, elements: Mapping[str, Element], task_id: int) -> Step:
    """Give the step by which a task was completed; raise Conflict when anything has come of it since, or it was undone."""
    for step in known.standing().values():
        if step.task_id == task_id and known.descendants(step.mark) == {step.mark} and can_end(known, elements, step):
            return step
    raise Conflict(_TOO_LATE)


def start_of(known: Past) -> Step:
    """Give the start by which a case was begun; raise Conflict when anything has come of it since, or it was undone."""
    for step in known.standing().values():
        if step.task_id is None and known.descendants(step.mark) == {step.mark}:
            return step
    raise Conflict(_TOO_LATE)


def turn_back(scene: Scene, case: Case, known: Past, mark: int) -> Undone:
    """Undo a step with all that came of it and open it again; the record is as it was before. Nothing is saved yet."""
    marks = _came_of(known, case, mark)
    parting = list(known.parting(marks))
    staying = {s.mark: s for _, met in parting for _, after in met for s in known.nearest(after)}
    kept = _keep_what_began(scene, case, known, known.steps[mark])
    void = marks - known.undone - ({mark} if kept else set())
    steps = tuple(s for m, s in sorted(known.steps.items()) if m in void and s.kind == past.COMPLETED)
    changes = take_back(scene.row.record, known.writes, marks, known.undone)
    case.arrivals.changes.update(changes)
    returning.send_back(case, marks, known.reopening(known.steps[mark], marks))
    parted = tuple((join.mark, join.number) for join, _ in parting)
    return Undone(marks, steps, parted, tuple(staying[m] for m in sorted(staying)), changes, kept)


def _came_of(known: Past, case: Case, mark: int) -> frozenset[int]:
    """Give what came of a step. Where another that is being done again alone leads straight back to something of that, its own
    way is walked again too: what had come of it is among them.
    """
    marks, ways = known.descendants(mark), returning.ways_straight(case)
    while lost := [of for of, goal in ways if of not in marks and not marks.isdisjoint(goal)]:
        marks = marks.union(*(known.descendants(of) for of in lost))
    return marks


def turn_back_straight(scene: Scene, case: Case, known: Past, mark: int, task: TaskRow) -> Undone:
    """Open a step again alone: what came of it stands, and once it is done the case is back where a task waits now.

    Only what its own form said is taken back. The target must be straight.
    """
    step, marks = known.steps[mark], known.descendants(mark)
    kept = _keep_what_began(scene, case, known, step)
    form = scene.released.form_of(step.element_id)
    keys = form.keys if form is not None else frozenset()
    writes = [
        (m, {n: v for n, v in wrote.items() if path_of(n)[-1] in keys} if m == mark else wrote)
        for m, wrote in known.writes
    ]
    own = frozenset({mark})
    changes = take_back(scene.row.record, writes, own, known.undone)
    case.arrivals.changes.update(changes)
    returning.send_straight(case, mark, marks, task.token_id, step.levels[-1])
    return Undone(own, () if kept else (step,), (), (), changes, kept)


def write_down(
    scene: Scene, case: Case, undone: Undone, gone: Iterable[TaskRow], kind: str, element_id: str, **said: object
) -> None:
    """Save a return; `gone` are the tasks it took away, `said` what the history tells of it besides."""
    tasks = [step.task_id for step in undone.steps]
    if scene.row.due_task in {*tasks, *(each.id for each in gone)}:
        scene.order.update(due_at=None, due_task=None)
    said |= {"undone": sorted(undone.marks), "tasks": tasks, "parted": [list(pair) for pair in undone.parted]}
    said |= {"kept": list(undone.kept)} if undone.kept else {}
    saving.stepped(scene, case, kind, element_id, **said)
    saving.save(scene, case)


def _keep_what_began(scene: Scene, case: Case, known: Past, step: Step) -> tuple[int, list[str]] | None:
    """Of a start, let stand what its form said, and give the names: the order is still about the same matter and can be
    found by it, until whoever started it has mended it. Of any other step nothing stands.
    """
    if case.step.elements[step.element_id].kind != "startEvent":
        return None
    form = scene.released.form_of(step.element_id)
    keys = form.keys if form is not None else frozenset()
    names = [name for mark, wrote in known.writes if mark == step.mark for name in wrote if name in keys]
    known.keep(step.mark, names)
    return step.mark, names
