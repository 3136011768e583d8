"""Jump: open positions of one activity are ended and a token begins at another element of it, where every run can still end.

Nothing is undone: what was done and said stands. What is sound is judged first; whoever jumps calls `jump` only after that.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask

from engine.bpmn.elements import Element
from engine.bpmn.lineage import host_of, levels, reach, scope_of, united, within
from engine.bpmn.planting import end_position, plant, position, straight_to
from engine.bpmn.record import Token
from engine.bpmn.runtime import OPEN, Case
from engine.bpmn.soundness import Net, Place, Stuck, doubled, judge
from engine.domain.errors import Conflict

_NO_BEGINNING = frozenset(
    "startEvent boundaryEvent exclusiveGateway parallelGateway inclusiveGateway eventBasedGateway complexGateway".split()
)
"""Where a token cannot begin: a choice belongs to the step before it, an event on a boundary to its activity."""
MOST = 5_000
"""Markings that are looked at for one target: a page asks about every target at once."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a token of a case at rest stands, or an activity with everything inside it."""

    ident: str
    element: Element
    around: tuple[tuple[str, str], ...]
    """Activities around it, outermost first: element and, of several, which."""
    scope: str
    """Identity of the innermost activity around it; empty for the process itself. Only positions of one can jump together."""
    source: str
    """At a join: the element it came from."""
    inside: frozenset[str]
    """Tokens that end with it."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a jump would leave a case that cannot end, or that does things twice."""

    stuck: tuple[Stuck, ...] = ()
    """Joins that would wait for ever."""
    twice: tuple[str, ...] = ()
    """Elements that could come to be done twice at the same time."""
    unknown: bool = False
    """Nobody can say: there are too many ways the case may go."""


@dataclass(frozen=True, slots=True)
class Left:
    """A position that a jump has ended, as a return that undoes the jump opens it again."""

    scope: str
    element: str
    source: str
    after: list[int]
    whole: bool
    """Whether it is an activity with an inside, or of several: it can only be returned into, not opened again as it was."""


def positions(case: Case) -> list[Position]:
    """Give every open position of a case at rest, outermost scopes first; one of several instances has none of its own."""
    found = []
    for workflow in reversed(case.workflow.workflows()):
        nodes = Net(case.step.elements, workflow.spec.name)
        found += [_position(nodes, token) for token in workflow.tasks.values() if _stands(nodes, token)]
    return found


def targets(case: Case, chosen: Sequence[Position]) -> list[Element]:
    """Give the elements at which a token may begin in the activity in which some positions stand, as drawn."""
    scope = chosen[0].element.scope
    return [e for e in case.step.elements.values() if e.scope == scope and e.kind not in _NO_BEGINNING]


def refusal(case: Case, chosen: Sequence[Position], to: str) -> Refusal | None:
    """Say what would be wrong after a jump; None where every run can still end and nothing is done twice."""
    net = Net(case.step.elements, chosen[0].element.scope)
    ending = {each.ident for each in chosen}
    workflow: Any = _token(case, chosen[0].ident).workflow
    tokens = [t for t in workflow.tasks.values() if _stands(net, t)]
    staying = [t for t in tokens if t.id.hex not in ending]
    for after in _markings(net, staying):
        verdict = judge(net, [*after, Place(to)], MOST)
        if verdict.sound is None:
            return Refusal(unknown=True)
        if not verdict.sound:
            return Refusal(stuck=verdict.stuck)
    return _twice(case, net, [_place(net, t) for t in tokens], [_place(net, t) for t in staying], to)


def jump(case: Case, chosen: Sequence[Position], to: str) -> list[Left]:
    """End some positions of one activity and let a token begin at an element of it; then let the case come to rest."""
    tokens = [_token(case, each.ident) for each in chosen]
    workflow = tokens[0].workflow
    left = [_left(p, t) for p, t in zip(chosen, tokens, strict=True)]
    case.arrivals.after = united(each.after for each in left)
    for token in tokens:
        end_position(token)
    plant(workflow, position(to, [case.step.mark] if case.step.mark else case.arrivals.after))
    case.advance()
    return left


def _twice(case: Case, net: Net, before: list[Place], staying: list[Place], to: str) -> Refusal | None:
    """What the drawing itself lets happen twice later is not the jump's fault: branches beside a step may begin again anyway."""
    if not staying:
        return None
    if to in {place.at for place in staying}:
        return Refusal(twice=(to,))
    quiet = Net(case.step.elements, net.scope, quiet=True)
    now, then = doubled(quiet, before, MOST), doubled(quiet, [*staying, Place(to)], MOST)
    if now is None or then is None:
        return Refusal(unknown=True)
    return Refusal(twice=tuple(sorted(then - now))) if then - now else None


def _markings(net: Net, tokens: Iterable[Token]) -> list[list[Place]]:
    """Give where tokens stand; where one goes straight on elsewhere once it is done, also as if it stood there."""
    plain, straight = [], []
    for token in tokens:
        place, to = _place(net, token), straight_to(token)
        plain.append(place)
        straight.append(Place(to) if to else place)
    return [plain] if plain == straight else [plain, straight]


def _stands(net: Net, token: Token) -> bool:
    drawn = net.nodes.get(token.task_spec.bpmn_id or "")
    return drawn is not None and not drawn.attached_to and token.has_state(OPEN) and host_of(token) is None


def _place(net: Net, token: Token) -> Place:
    ident = token.task_spec.bpmn_id
    return Place(ident, token.parent.task_spec.bpmn_id if net.is_join(ident) else "")


def _position(net: Net, token: Token) -> Position:
    place = _place(net, token)
    around = tuple((element, str(key or "")) for element, _, _, key, _ in levels(token)[:-1])
    inside = frozenset(t.id.hex for t in within(token))
    return Position(token.id.hex, net.nodes[place.at], around, scope_of(token), place.source, inside)


def _left(at: Position, token: Token) -> Left:
    """What was done inside an activity that is ended counts as before the jump: it can be returned to."""
    came_after = united(reach(one) for one in within(token))
    whole = token.id in token.workflow.top_workflow.subprocesses or isinstance(token.task_spec, LoopTask)
    return Left(at.scope, at.element.id, at.source, came_after, whole)


def _token(case: Case, ident: str) -> Token:
    for token in case.workflow.tokens():
        if token.id.hex == ident and token.has_state(OPEN):
            return token
    raise Conflict("这个位置已经走过了,请重新选择")
