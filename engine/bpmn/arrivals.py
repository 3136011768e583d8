"""What one step brought about, in plain values: the runtime fills it in, the rooms above turn it into rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from engine.bpmn.elements import Element


@dataclass(frozen=True, slots=True)
class TaskOpened:
    """A user task waits for a person; texts are already evaluated, moments not yet computed."""

    token_id: str
    element: Element
    host: str
    """Token that a boundary event and its activity have in common; ties a task to its `到期` and `预警` timers."""
    item: str
    """Multi-instance key, empty otherwise."""
    assignee: str
    groups: tuple[str, ...]
    due: "Limit | None"
    warn: "Limit | None"
    """What is said of a warning; where nothing is, the lower bound of a `due` that is a range warns."""
    priority: int


@dataclass(frozen=True, slots=True)
class Limit:
    """A deadline's text and the moment it counts from, frozen on arrival."""

    text: str
    anchor: str | None = None
    """ISO moment of the name after 从, if the text has one."""


@dataclass(frozen=True, slots=True)
class TimerArmed:
    """A timer waits; `role` is due or warn where it follows the limits of the task it is attached to."""

    token_id: str
    element: Element
    host: str
    kind: str
    role: str
    limit: Limit
    """For a warning its own text, or the range whose lower bound it is (`lower`)."""
    whole: Limit | None = None
    """For a warning: the limit it warns of, if there is one."""
    lower: bool = False


@dataclass(frozen=True, slots=True)
class JobQueued:
    """A service task waits for a worker; parameters are fixed."""

    token_id: str
    element: Element
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class MessageAwaited:
    """A token waits for a message with this name and key; an empty key means the order's own number."""

    token_id: str
    element: Element
    name: str
    key: str


@dataclass(slots=True)
class Arrivals:
    """All of it, in order of happening."""

    tasks: list[TaskOpened] = field(default_factory=list)
    timers: list[TimerArmed] = field(default_factory=list)
    jobs: list[JobQueued] = field(default_factory=list)
    messages: list[MessageAwaited] = field(default_factory=list)
    reached: list[str] = field(default_factory=list)
    after: list[int] | None = None
    """Marks of the steps nearest before this one; None where no token has acted."""
    again: int | None = None
    """The mark under which a step was done before, where it was done again alone and the case went straight on."""
    levels: list[list[Any]] = field(default_factory=list)
    """Where a task that was completed stood, outermost activity first; see `lineage.levels`."""
    joined: list[list[Any]] = field(default_factory=list)
    """Joins that fired: [scope, join, [[incoming element, marks before], …]]."""
    frozen: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Collections of repeated activities entered, by the activity's identity."""
    decided: list[tuple[Element, str, dict[str, Any]]] = field(default_factory=list)
    """Co-signed tasks that are over: their outcome and how the votes were."""
    broken: list[str] = field(default_factory=list)
    """Sub-processes and calls that ended before their inside did, by identity."""
    changes: dict[str, Any] = field(default_factory=dict)
    """Top-level names of the record written in this step, with their new values (rows as `element[key].name`)."""


class Services(Protocol):
    """How a step reaches the Python behind its service tasks."""

    def is_job(self, topic: str) -> bool:
        """Whether the topic runs outside the step."""

    def serve(self, element: Element, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        """Run a decision or a built-in effect now and give its result."""
