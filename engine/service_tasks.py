"""The register that ties a diagram's service task (its topic) to a worker function.

A `decision` is read-only, does no IO, and runs inside the step. A `job` acts outside, at least once, under an idempotency key.
"""

import dataclasses
import importlib.metadata
import inspect
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from engine.domain.errors import Invalid, StepFailed

SEND = "send_message"
"""The topic by which one procedure starts or wakes another: a job that the engine itself carries out."""
NOTIFY, ESCALATE = "notify", "escalate"
"""The topics that put notices: to everyone meant, and up a ladder of posts."""
COPY = "copy"
"""The topic that lets people see the order who do not work on it."""
BUILT_IN = frozenset({NOTIFY, ESCALATE, COPY, "extend", "link", "training_sheet", SEND})
"""Topics that no worker registers; all but SEND take effect as rows of the step itself."""

GROUP = "banjie.service_tasks"
ATTEMPTS = 5
"""How often a job is tried unless its function says otherwise."""
TIME_LIMIT = timedelta(minutes=5)
"""How long one attempt may take unless its function says otherwise."""


@dataclass(frozen=True, slots=True)
class ServiceTask:
    """One registered worker function."""

    topic: str
    is_job: bool
    function: Callable[..., Any]
    takes: type
    wants_facts: bool
    attempts: int = ATTEMPTS
    time_limit: timedelta = TIME_LIMIT

    def run(self, inputs: Mapping[str, Any], facts: Any = None) -> dict[str, Any]:
        """Call the function with its dataclass; give its result as a dict; raise StepFailed for a missing input."""
        question = self.question(inputs)
        result = self.function(question, facts) if self.wants_facts else self.function(question)
        return {} if result is None else dataclasses.asdict(result)

    def question(self, inputs: Mapping[str, Any]) -> Any:
        """Build the function's dataclass from a diagram's parameters; unknown parameters are left out."""
        known = dataclasses.fields(self.takes)
        for f in known:
            optional = f.default is not dataclasses.MISSING or f.default_factory is not dataclasses.MISSING
            if f.name not in inputs and not optional:
                raise StepFailed(f"服务任务 {self.topic} 需要参数 {f.name}")
        return self.takes(**{f.name: inputs[f.name] for f in known if f.name in inputs})


@dataclass(slots=True)
class Register:
    """All worker functions of this process."""

    tasks: dict[str, ServiceTask] = field(default_factory=dict)

    def add(self, task: ServiceTask) -> None:
        """Register a function; raise Invalid when the topic is taken."""
        if task.topic in self.tasks or task.topic in BUILT_IN:
            raise Invalid(f"服务任务 {task.topic} 登记了两次")
        self.tasks[task.topic] = task

    def knows(self, topic: str) -> bool:
        """Whether a diagram may name this topic."""
        return topic in BUILT_IN or topic in self.tasks

    def attempts_allowed(self, topic: str) -> int:
        """How often a job of this topic may be tried, whether or not this process knows its function."""
        return self.tasks[topic].attempts if topic in self.tasks else ATTEMPTS

    def is_decision(self, topic: str) -> bool:
        """Whether the topic is answered inside the step by a worker function."""
        return topic in self.tasks and not self.tasks[topic].is_job


register = Register()
"""The process's register; filled once by `load_workers`."""


def decision(topic: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a read-only function of one dataclass (and, if it asks for them, facts)."""
    return lambda function: _register(topic, function, is_job=False)


def job(
    topic: str, *, attempts: int = ATTEMPTS, time_limit: timedelta = TIME_LIMIT
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function with side effects; it must bear being run twice. Longer than `time_limit` counts as failed."""
    return lambda function: _register(topic, function, is_job=True, attempts=attempts, time_limit=time_limit)


def _register(
    topic: str,
    function: Callable[..., Any],
    *,
    is_job: bool,
    attempts: int = ATTEMPTS,
    time_limit: timedelta = TIME_LIMIT,
) -> Callable[..., Any]:
    names = list(inspect.signature(function).parameters)
    takes = typing.get_type_hints(function)[names[0]]
    register.add(ServiceTask(topic, is_job, function, takes, len(names) > 1, attempts, time_limit))
    return function


def load_workers() -> Register:
    """Import every installed worker package once and give the register."""
    for entry in importlib.metadata.entry_points(group=GROUP):
        entry.load()
    return register
