"""Where a task may be sent back to, and what that would do: tried out on a copy, by the very code that does it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.bpmn.runtime import Case
from engine.domain.errors import NotAllowed
from engine.executor import Context
from engine.queries.at_hand import order_at_hand, task_at_hand
from engine.queries.trial import at_rest
from engine.queries.work_order import OrderView
from engine.steps import past
from engine.steps.past import Past, Step
from engine.steps.record_undo import path_of
from engine.steps.released import Released
from engine.steps.returning import (
    START,
    Target,
    Undone,
    chosen,
    last_step_of,
    read_past,
    start_of,
    targets,
    turn_back,
    turn_back_straight,
)
from engine.steps.scene import Scene
from engine.store import people, user_tasks


@dataclass(frozen=True, slots=True)
class UndoneStep:
    """A completion that will not count any more, or one that stays."""

    name: str
    item: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReturnPreview:
    """What a return would do."""

    target: str
    opens: list[tuple[str, str, str]]
    """Steps that will be open: name, item, who gets it (empty: its candidates)."""
    closes: list[tuple[int, str, str]]
    """Open tasks that will be taken away: id, name, holder's id (empty: nobody has claimed it)."""
    undone: list[UndoneStep]
    staying: list[UndoneStep]
    """Completions of other branches, which wait where they had met."""
    cleared: list[str]
    """Labels of the fields whose answers are taken back."""
    mended: list[str]
    """Labels of what was said at the start, which stays until it is mended."""


@dataclass(frozen=True, slots=True)
class ReturnTargets:
    """The completed steps an open task may be sent back to, the latest first."""

    task_id: int

    def read(self, ctx: Context) -> list[Target]:
        """Give them; raise NotFound for strangers. A task that is over has none."""
        scene, task = task_at_hand(ctx, self.task_id)
        if task.state != "open":
            return []
        return targets(read_past(scene), at_rest(scene), task, scene.row.created_by)


@dataclass(frozen=True, slots=True)
class PreviewSendBack:
    """What sending an open task back to a completed one would do."""

    task_id: int
    to: int
    straight: bool = False

    def read(self, ctx: Context) -> ReturnPreview:
        """Give it. Raises NotFound for strangers, Conflict for a step that is no target, StepFailed."""
        scene, task = task_at_hand(ctx, self.task_id)
        known, case = read_past(scene), at_rest(scene)
        target = chosen(targets(known, case, task, scene.row.created_by), self.to, straight=self.straight)
        step = known.steps[target.mark]
        if not self.straight:
            return _tried_back(scene, case, known, step)
        return _tried(scene, case, step, lambda: turn_back_straight(scene, case, known, step.mark, task))


@dataclass(frozen=True, slots=True)
class PreviewWithdrawal:
    """What withdrawing one's own completed task would do."""

    task_id: int

    def read(self, ctx: Context) -> ReturnPreview:
        """Give it. Raises NotFound for strangers, Conflict when it is too late, StepFailed."""
        scene, task = task_at_hand(ctx, self.task_id)
        known, case = read_past(scene), at_rest(scene)
        step = last_step_of(known, scene.released.definition.elements, task.id)
        return _tried_back(scene, case, known, step)


@dataclass(frozen=True, slots=True)
class PreviewStartWithdrawal:
    """What withdrawing an order that one has started would do."""

    number: str

    def read(self, ctx: Context) -> ReturnPreview:
        """Give it. Raises NotFound for strangers, NotAllowed for others, Conflict when it is too late, StepFailed."""
        scene = order_at_hand(ctx, self.number)
        if scene.row.created_by != ctx.actor.id:
            raise NotAllowed("只能撤回自己发起的工单")
        known, case = read_past(scene), at_rest(scene)
        return _tried_back(scene, case, known, start_of(known))


def withdrawable(order: OrderView, person: str) -> list[tuple[int, str]]:
    """Give the completed tasks (id, name) that a person may still withdraw, as far as the history tells.

    START stands for the order itself, by its start form.
    """
    if order.status != "open":
        return []
    known, opened = past.read(order.events), _opened_by_step(order)
    untouched = {t.id for t in order.tasks if t.seen_at is None or t.assignee == person}
    return [
        (step.task_id or START, step.name)
        for step in known.standing().values()
        if step.actor == person
        and known.descendants(step.mark) == {step.mark}
        and untouched.issuperset(opened.get(step.mark, ()))
    ]


def _opened_by_step(order: OrderView) -> dict[int, list[int]]:
    """Give the tasks that each step opened: their events follow it."""
    found: dict[int, list[int]] = {}
    mark = 0
    for event in order.events:
        if "after" in event.payload:
            mark = event.seq
        elif event.kind == "UserTaskOpened":
            found.setdefault(mark, []).append(event.payload["task"])
    return found


def _tried_back(scene: Scene, case: Case, known: Past, step: Step) -> ReturnPreview:
    return _tried(scene, case, step, lambda: turn_back(scene, case, known, step.mark))


def _tried(scene: Scene, case: Case, step: Step, undo: Callable[[], Undone]) -> ReturnPreview:
    before = user_tasks.open_of(scene.ctx.connection, scene.row.instance_id)
    scene.ctx.acting = True
    undone = undo()
    names = people.names_of(scene.ctx.connection, [s.actor for s in (*undone.steps, *undone.staying)])
    opens = [
        (t.element.name, t.item, step.actor if (t.element.id, t.item) == (step.element_id, step.item) else "")
        for t in case.arrivals.tasks
        if case.is_open(t.token_id)
    ]
    return ReturnPreview(
        step.name,
        opens,
        [(t.id, t.name, t.assignee or "") for t in before if not case.is_open(t.token_id)],
        [_said(s, names) for s in undone.steps],
        [_said(s, names) for s in undone.staying],
        _labels(scene.released, undone.changes),
        _labels(scene.released, _filled(scene.row.record, undone)),
    )


def _filled(record: Mapping[str, Any], undone: Undone) -> list[str]:
    """Give the names that a return to the start lets stand and that hold something."""
    return [name for name in (undone.kept[1] if undone.kept else ()) if record.get(name) not in (None, "", [])]


def _said(step: Step, names: Mapping[str, str]) -> UndoneStep:
    return UndoneStep(step.name, step.item, names.get(step.actor, step.actor), step.at)


def _labels(version: Released, names: Iterable[str]) -> list[str]:
    """Give the labels of the fields behind some names; names no form asks for are the diagram's own."""
    known = {spec.key: spec.label for form in version.forms.values() for spec in form.fields}
    keys = dict.fromkeys(path_of(name)[-1] for name in names)
    return list(dict.fromkeys(known[key] for key in keys if key in known))
