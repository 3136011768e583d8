"""Send a case back: what came of a step is undone, the step is opened again, and branches that did not come of it stay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.instances import Instances
from engine.bpmn.joins import EndJoin
from engine.bpmn.lineage import AFTER, AS, frontier, host_of, identity, levels
from engine.bpmn.planting import THEN, end, forget_the_way, plant, position, way_straight
from engine.bpmn.record import Token
from engine.bpmn.runtime import OPEN, Case


@dataclass(frozen=True, slots=True)
class Level:
    """One activity around a step, or the step itself: where it is drawn, and which of several it was."""

    element: str
    identity: str
    host: str
    """Identity of the repeated activity it is an instance of, or empty."""
    key: str | None
    after: list[int]
    """Marks before the activity was entered."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """A repeated activity as it stands without what is undone."""

    items: Mapping[str, Any]
    """Its collection as frozen; empty for a standard loop."""
    finished: Sequence[str]
    """Keys of the instances whose end stands; of a standard loop as many as turns."""
    after: list[int]


@dataclass(frozen=True, slots=True)
class Reopening:
    """A step that is to be opened again."""

    levels: Sequence[Level]
    """Outermost first; the last is the step."""
    repeated: Mapping[str, Repeated] = field(default_factory=dict)
    """By identity of the repeated activity."""
    waiting: Mapping[str, Sequence[dict[str, Any]]] = field(default_factory=dict)
    """Tokens that had arrived at a join, or that a jump had taken away, and stand there again, by the activity around."""


def send_back(case: Case, undone: frozenset[int], to: Reopening) -> None:
    """Undo what came after some marks and open a step again, then let the case come to rest."""
    undo(case, undone)
    for token, then in _straight(case):
        if not undone.isdisjoint(then[AFTER]):
            forget_the_way(token)
    reopen(case, to)
    case.advance()


def can_go_straight(case: Case, undone: frozenset[int], token_id: str, to: Sequence[Level]) -> bool:
    """Whether a step may be done again alone and lead straight back to a waiting task: nothing but that task came of it,
    and both stand in the same activity, neither one of several.
    """
    token = case.waiting(token_id)
    around = [level[1] for level in levels(token)[:-1]]
    if host_of(token) is not None or to[-1].host or around != [level.identity for level in to[:-1]]:
        return False
    gone = [t for t in case.workflow.tokens() if t.has_state(OPEN) and _is_gone(t, undone)]
    return all(t is token or isinstance(t.task_spec, (BoundaryEvent, EndJoin)) for t in gone)


def send_straight(case: Case, mark: int, undone: frozenset[int], token_id: str, to: Level) -> None:
    """Open a step again; once it is done the case goes straight on to where a task waits now."""
    token = case.waiting(token_id)
    then = {"at": token.task_spec.bpmn_id, AFTER: frontier(token), "of": mark}
    undo(case, undone)
    plant(token.workflow, {**position(to.element, to.after), THEN: then})
    case.advance()


def ways_straight(case: Case) -> list[tuple[int, frozenset[int]]]:
    """Give the steps that are being done again alone: the mark they were done under, and the marks before where they lead."""
    return [(int(then["of"]), frozenset(then[AFTER])) for _, then in _straight(case)]


def undo(case: Case, undone: frozenset[int]) -> None:
    """Take away every token that came of some marks."""
    live = [token for token in case.workflow.tokens() if token.has_state(OPEN)]
    gone = [token for token in live if _is_gone(token, undone)]  # looked at before anything is forgotten
    for token in live:
        own = token.internal_data
        if AFTER in own:
            own[AFTER] = [mark for mark in own[AFTER] if mark not in undone]
    for token in gone:
        end(token)


def reopen(case: Case, to: Reopening) -> None:
    """Plant a step in the innermost activity around it that is still open, with the activities that are not."""
    workflow: Any = case.workflow
    scope = ""
    at = 0
    while True:
        for said in to.waiting.get(scope, ()):
            plant(workflow, said)
        level = to.levels[at]
        holder = _live(workflow, level.identity) if at + 1 < len(to.levels) else None
        if holder is None:
            break
        workflow, scope, at = case.workflow.subprocesses[holder.id], level.identity, at + 1
    host = _live(workflow, level.host) if level.host else None
    if host is not None:
        _add(host, level, to.repeated[level.host], _inside(to, at))
    else:
        plant(workflow, _place(to, at))


def _is_gone(token: Token, undone: frozenset[int]) -> bool:
    """Whether a token came of what is undone; one that stands at the end for several goes only when they all do."""
    if isinstance(token.task_spec, EndJoin):
        came_after = token.internal_data.get(AFTER) or frontier(token)
        return bool(came_after) and undone.issuperset(came_after)
    return not undone.isdisjoint(frontier(token))


def _straight(case: Case) -> list[tuple[Token, dict[str, Any]]]:
    found = [(token, way_straight(token)) for token in case.workflow.tokens() if token.state == TaskState.READY]
    return [(token, then) for token, then in found if then is not None]


def _live(workflow: Any, name: str) -> Token | None:
    tokens = (t for t in workflow.tasks.values() if t.state == TaskState.STARTED and identity(t) == name)
    return next(tokens, None)


def _place(to: Reopening, at: int) -> dict[str, Any]:
    level = to.levels[at]
    plan = _inside(to, at)
    if level.host:
        plan = _resumed(level, to.repeated[level.host], plan)
    return position(level.element, level.after, plan)


def _inside(to: Reopening, at: int) -> dict[str, Any] | None:
    """Give the plan of what is to stand inside an activity; None for the step itself."""
    if at + 1 == len(to.levels):
        return None
    level = to.levels[at]
    return {AS: level.identity, "inside": [_place(to, at + 1), *to.waiting.get(level.identity, ())]}


def _resumed(level: Level, was: Repeated, inside: dict[str, Any] | None) -> dict[str, Any]:
    """Give the plan of a repeated activity: whoever has not ended goes on, one of them inside where the plan says."""
    plan = {AS: level.host, "items": dict(was.items), AFTER: was.after}
    if level.key is None:
        return {**plan, "done": max(0, len(was.finished) - 1), "next": 0, "keys": [["", inside]]}
    others = [key for key in was.items if key != level.key and key not in was.finished]
    keys = [[level.key, inside], *([key, None] for key in others)]
    return {**plan, "done": len(set(was.finished) - {level.key}), "next": len(was.items), "keys": keys}


def _add(host: Token, level: Level, was: Repeated, inside: dict[str, Any] | None) -> None:
    """Open one instance of a repeated activity that still goes on again."""
    own, spec = host.internal_data, host.task_spec
    own[AFTER] = was.after
    if isinstance(spec, Instances) and not spec.at_once:
        at = list(own["items"]).index(level.key)
        own["done"], own["next"] = at, at + 1
    else:
        own["done"] = max(0, own["done"] - 1)
    spec.add_for(host, level.key or "", inside)
