"""A case driven as the commands drive it: loaded, one thing, dumped; the record and the state are all that survives."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from engine.bpmn.arrivals import TaskOpened, TimerArmed
from engine.bpmn.definition import Definition, build
from engine.bpmn.elements import Element
from engine.bpmn.runtime import Case

COLUMNS = {
    "number": "RX202510090001",
    "title": "路灯不亮",
    "created_by": "agent_li",
    "received_at": "2025-10-09T01:00:00+00:00",
    "due_at": None,
    "status": "open",
}


class Workers:
    """Functions behind topics; the topics of `jobs` are left to `Run.report`."""

    def __init__(self, functions: Mapping[str, Callable[..., Any]] | None = None, jobs: tuple[str, ...] = ()) -> None:
        self.functions, self.jobs = dict(functions or {}), jobs
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def is_job(self, topic: str) -> bool:
        return topic in self.jobs

    def serve(self, element: Element, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        self.asked.append((element.topic, dict(inputs)))
        function = self.functions.get(element.topic, dict)
        result: Mapping[str, Any] = function(**inputs)
        return result


class Run:
    """One case; between any two things it exists as bytes only."""

    def __init__(
        self, definition: Definition, record: dict[str, Any] | None = None, workers: Workers | None = None
    ) -> None:
        self.definition, self.workers = definition, workers or Workers()
        self.blob, self.record = b"", orjson.dumps(record or {})
        self.tasks: dict[str, TaskOpened] = {}
        self.timers: dict[str, TimerArmed] = {}
        self.waits: dict[tuple[str, str], str] = {}
        """(token, message name) → correlation key."""
        self.jobs: dict[str, str] = {}
        self.reached: list[str] = []
        self._keep(Case.start(definition, self.data, COLUMNS, self.workers))

    @property
    def data(self) -> dict[str, Any]:
        """The record, a fresh copy."""
        copy: dict[str, Any] = orjson.loads(self.record)
        return copy

    @property
    def completed(self) -> bool:
        return self._load().completed

    def open(self) -> list[tuple[str, str]]:
        """The open user tasks: (element id, multi-instance key), sorted."""
        return sorted((t.element.id, t.item) for t in self.tasks.values())

    def names(self) -> list[str]:
        """The element ids of the open user tasks, sorted."""
        return [name for name, _ in self.open()]

    def token(self, element: str, key: str = "") -> str:
        """The first open token of an element."""
        return next(t for t, task in self.tasks.items() if (task.element.id, task.item) == (element, key))

    def complete(self, element: str, key: str = "", **answers: Any) -> None:
        self.complete_token(self.token(element, key), **answers)

    def complete_token(self, token: str, **answers: Any) -> None:
        self._act(lambda case: case.complete(token, answers))

    def fire(self, element: str, *, again: bool = False) -> None:
        token = self.timer(element)
        self._act(lambda case: case.fire(token, again=again), element)

    def timer(self, element: str) -> str:
        """The first armed timer of an element."""
        return next(t for t, armed in self.timers.items() if armed.element.id == element)

    def deliver(self, name: str, **values: Any) -> None:
        token = next(t for t, n in self.waits if n == name)
        self._act(lambda case: case.deliver(token, name, values))

    def report(self, topic: str, **result: Any) -> None:
        token = next(t for t, n in self.jobs.items() if n == topic)
        self._act(lambda case: case.report(token, result))

    def fail(self, topic: str, code: str) -> None:
        token = next(t for t, n in self.jobs.items() if n == topic)
        self._act(lambda case: case.fail(token, code))

    def _load(self) -> Case:
        return Case.load(self.definition, self.blob, self.data, COLUMNS, self.workers)

    def _act(self, change: Callable[[Case], Any], element: str = "") -> None:
        case = self._load()
        fresh = change(case)
        if isinstance(fresh, str):
            armed = next(a for a in self.timers.values() if a.element.id == element)
            self.timers[fresh] = armed
        self._keep(case)

    def _keep(self, case: Case) -> None:
        came = case.arrivals
        self.tasks |= {t.token_id: t for t in came.tasks}
        self.timers |= {t.token_id: t for t in came.timers}
        self.waits |= {(m.token_id, m.name): m.key for m in came.messages}
        self.jobs |= {j.token_id: j.element.topic for j in came.jobs}
        self.waits = {wait: key for wait, key in self.waits.items() if case.is_open(wait[0])}
        for rows in (self.tasks, self.timers, self.jobs):
            for token in [t for t in rows if not case.is_open(t)]:
                del rows[token]
        self.reached += came.reached
        self.blob, self.record = case.dump(), orjson.dumps(case.step.record)


def running(
    process: str, *files: bytes, form_keys: tuple[str, ...] = (), workers: Workers | None = None, **record: Any
) -> Run:
    """Start a case of a process drawn in the files given."""
    named = {f"{at}.{'dmn' if b'/DMN/' in content else 'bpmn'}": content for at, content in enumerate(files)}
    return Run(build(process, named, {*form_keys, *record}), record, workers)
