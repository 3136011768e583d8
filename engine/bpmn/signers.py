"""Co-signers of a user task that is repeated for several: one more (加签), one less (减签), while the others go on.

What a repeated activity goes by is its collection as frozen on arrival; adding and dropping edit that alone. Whoever is
added gets a key of their own, which nobody had before; what others have signed keeps its key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.elements import Element, terms_of
from engine.bpmn.instances import MAX_INSTANCES, Instances
from engine.bpmn.lineage import MARK, host_of, identity, reach
from engine.bpmn.planting import end
from engine.bpmn.record import Token, step_of
from engine.bpmn.runtime import Case
from engine.domain.errors import Conflict, Invalid


@dataclass(frozen=True, slots=True)
class CoSigners:
    """Who signs a repeated user task, as it stands."""

    host: str
    """Identity of the repeated activity."""
    element: Element
    items: Mapping[str, Any]
    """Everybody by key, in the order in which they sign."""
    open: Mapping[str, str]
    """Tokens of those whose turn it is, by key."""
    signed: Sequence[str]
    """Keys of those who have signed."""

    @property
    def to_come(self) -> list[str]:
        """Keys of those whose turn has not come."""
        return [key for key in self.items if key not in self.open and key not in self.signed]


@dataclass(frozen=True, slots=True)
class Dropping:
    """What taking somebody off has done."""

    cancelled: list[str]
    """Keys of those whose open task is taken away."""
    begins: str
    """Key of who follows at once, in turn; else empty."""
    ends: bool
    """Whether the step is over with it."""


@dataclass(frozen=True, slots=True)
class _Seat:
    """One place at a repeated activity where no token stands: what expressions read there."""

    host: Token
    key: str
    items: Mapping[str, Any]

    @property
    def workflow(self) -> Any:
        return self.host.workflow

    @property
    def task_spec(self) -> Any:
        return self.host.task_spec

    @property
    def parent(self) -> Any:
        return SimpleNamespace(internal_data={"items": self.items})

    @property
    def internal_data(self) -> dict[str, Any]:
        return {"key": self.key}


def co_signers(case: Case, token_id: str) -> CoSigners | None:
    """Give who signs together with an open task; None where the task itself is not repeated over a collection."""
    host = _host(case, token_id)
    return None if host is None else _seen(host)


def add(case: Case, token_id: str, value: Any, *, next_in_turn: bool = False) -> str:
    """Let one more sign with an open task, at once or, in turn, last or next; give their key. The case comes to rest.

    Raises Conflict where the task is not repeated, Invalid when there would be too many.
    """
    host = _require(case, token_id)
    items, key = host.internal_data["items"], f"+{case.step.mark}"
    if len(items) >= MAX_INSTANCES:
        raise Invalid(f"会签的人至多 {MAX_INSTANCES} 位")
    at = host.internal_data["next"] if next_in_turn and not host.task_spec.at_once else len(items)
    host.internal_data["items"] = placed(items, key, value, at)
    if host.task_spec.at_once:
        host.internal_data["next"] = len(items) + 1
        host.task_spec.add_for(host, key)
    case.advance()
    return key


def drop(case: Case, token_id: str, key: str) -> Dropping:
    """Take one off who has not signed; an open task may be any of the same activity. The caller lets the case go on.

    What is still wanted is asked anew, by the number of those who are left. Raises Conflict for who has signed or is not
    (any more) among them, and for the only one left where nobody has signed: somebody has to.
    """
    host = _require(case, token_id)
    was = _seen(host)
    if key not in was.items:
        raise Conflict("这个人已被减签,或不在会签的人里")
    if key in was.signed:
        raise Conflict("这个人已经签过,不能减签")
    if len(was.items) == 1 and not was.signed:
        raise Conflict("只剩这一个人,而且还没有人签过:至少要有一个人签,不能减签")
    own = host.internal_data
    own["items"] = {k: value for k, value in own["items"].items() if k != key}
    if key in was.open:
        end(case.waiting(was.open[key]))
    if not host.task_spec.at_once and key in was.open:
        own["next"] -= 1
    return _after_dropping(case, host, key, was)


def performers(case: Case, token_id: str, value: Any) -> tuple[str, list[str]]:
    """Give whose task it would be were somebody added: the one person named, and the candidates as performer words."""
    host, step = _require(case, token_id), case.step
    said, seat = step.element(host).attributes, _Seat(host, "", {"": value})
    groups = [str(step.within(seat, term)) for term in terms_of(said.get("candidateGroups", ""))]
    return str(step.parameter(seat, said.get("assignee", "")) or ""), groups


def placed(items: Mapping[str, Any], key: str, value: Any, at: int) -> dict[str, Any]:
    """Give a collection with one more in some place."""
    pairs = list(items.items())
    return dict([*pairs[:at], (key, value), *pairs[at:]])


def _after_dropping(case: Case, host: Token, key: str, was: CoSigners) -> Dropping:
    spec, gone = host.task_spec, [key] if key in was.open else []
    left = [k for k in was.open if k != key]
    if any(spec._enough(host, _Seat(host, k, host.internal_data["items"])) for k in was.signed):
        for k in left:
            end(case.waiting(was.open[k]))
        _is_over(case, host)
        return Dropping(gone + left, "", ends=True)
    if left:
        return Dropping(gone, "", ends=False)
    if not was.to_come:
        _is_over(case, host)
        return Dropping(gone, "", ends=True)
    if not gone:
        return Dropping([], "", ends=False)
    spec.follow(host)
    return Dropping(gone, was.to_come[0], ends=False)


def _is_over(case: Case, host: Token) -> None:
    """The activity ends by this step: what comes of it came of those who have signed, and knows this step between."""
    case.arrivals.after = reach(host)
    if case.step.mark:
        host.internal_data[MARK] = case.step.mark
    host._set_state(TaskState.READY)


def _require(case: Case, token_id: str) -> Token:
    host = _host(case, token_id)
    if host is None:
        raise Conflict("这一步不是按名单会签的,不能加减会签的人")
    return host


def _host(case: Case, token_id: str) -> Token | None:
    host = host_of(case.waiting(token_id))
    return host if host is not None and isinstance(host.task_spec, Instances) and _is_listed(host) else None


def _is_listed(host: Token) -> bool:
    return host.task_spec.data_input is not None


def _seen(host: Token) -> CoSigners:
    own = host.internal_data
    standing = [t for t in host.children if host_of(t) is host and t.state == TaskState.READY]
    opened = {t.internal_data["key"]: t.id.hex for t in standing}
    begun = list(own["items"]) if host.task_spec.at_once else list(own["items"])[: own["next"]]
    signed = [key for key in begun if key not in opened]
    return CoSigners(identity(host), step_of(host).element(host), dict(own["items"]), opened, signed)
