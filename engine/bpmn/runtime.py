"""Run one instance: start or load it, let one thing happen, advance to rest, and say what came of it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn.specs.event_definitions.conditional import ConditionalEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import codec
from engine.bpmn.activities import ServiceTask
from engine.bpmn.arrivals import Arrivals, Services
from engine.bpmn.co_signing import recount
from engine.bpmn.compaction import compact
from engine.bpmn.definition import Definition
from engine.bpmn.elements import Element
from engine.bpmn.events import ROLES, split_of, throw_error
from engine.bpmn.lineage import AFTER, MARK, before, broken_off, interrupted, is_interrupting, levels
from engine.bpmn.planting import go_straight_on
from engine.bpmn.record import Step, Token
from engine.bpmn.rest import waiting
from engine.bpmn.workflow import CaseWorkflow
from engine.domain.errors import Conflict, StepFailed

MAX_RUNS = 5000
"""Tokens one step may run before it counts as a diagram that turns in circles."""

OPEN = TaskState.READY | TaskState.WAITING | TaskState.STARTED
"""A token that waits, is ready or has started."""


class Case:
    """A loaded instance. After any exception it must be dropped, never dumped."""

    def __init__(self, workflow: CaseWorkflow, step: Step) -> None:
        self.workflow, self.step = workflow, step
        self._before = waiting(workflow)

    @classmethod
    def start(
        cls,
        definition: Definition,
        record: dict[str, Any],
        columns: Mapping[str, Any],
        services: Services,
        message: str = "",
        mark: int = 0,
    ) -> "Case":
        """Begin a new instance where a person starts it, or the message named; the record already holds what was said."""
        step = _step(definition, record, columns, services, mark)
        workflow = CaseWorkflow(definition.spec, dict(definition.subs), script_engine=step)
        case = cls(workflow, step)
        case._before = {}
        case.step.arrivals.after = []
        case.step.arrivals.changes.update(record)
        case._enter(definition.starts[message])
        case.advance()
        return case

    @classmethod
    def load(
        cls,
        definition: Definition,
        blob: bytes,
        record: dict[str, Any],
        columns: Mapping[str, Any],
        services: Services,
        mark: int = 0,
    ) -> "Case":
        """Restore an instance from its state and its record; `mark` is the number the coming step has in its history."""
        step = _step(definition, record, columns, services, mark)
        workflow = codec.load(blob, definition.spec, dict(definition.subs), step)
        step.armed = {t.id for t in workflow.event_manager.tasks.values()}
        return cls(workflow, step)

    def dump(self) -> bytes:
        """Give the state of the case at rest."""
        return codec.dump(self.workflow)

    @property
    def completed(self) -> bool:
        """Whether the process has reached its end."""
        return bool(self.workflow.completed)

    @property
    def arrivals(self) -> Arrivals:
        """What this step brought about."""
        return self.step.arrivals

    def closed(self, kind: str) -> list[str]:
        """Give the tokens of a kind (task, timer, message, job) that waited before the step and do not any more."""
        gone = [ident for ident, kinds in self._before.items() if kind in kinds]
        return [ident for ident in gone if not self.is_open(ident)] if gone else []

    def is_open(self, token_id: str) -> bool:
        """Whether a token still waits, is ready or has started."""
        token = self._find(token_id)
        return token is not None and token.has_state(OPEN)

    def waiting(self, token_id: str) -> Token:
        """Give the token of an open task; raise Conflict when it is gone."""
        return self._token(token_id, TaskState.READY)

    def complete(self, token_id: str, answers: Mapping[str, Any]) -> None:
        """Write a form's answers, then move the token on; raise Conflict unless a person is expected there."""
        token = self._token(token_id, TaskState.READY)
        if not token.task_spec.manual:
            raise Conflict("这一步不是待办")
        self._acts(token)
        self.arrivals.levels = levels(token)
        self.step.write(token, answers)
        self.arrivals.again = go_straight_on(token, self.step.mark)
        if self.arrivals.again is None:
            self._run(token)
        self.advance()

    def report(self, token_id: str, result: Mapping[str, Any]) -> None:
        """Write a job's result, then move its token on."""
        token = self._service(token_id)
        self._acts(token)
        self.step.served(token, result)
        token.complete()
        self.advance()

    def fail(self, token_id: str, error_code: str) -> None:
        """Throw a business error at a service task whose worker reported one."""
        token = self._service(token_id)
        self._acts(token)
        throw_error(token, error_code)
        self.advance()

    def fire(self, token_id: str, *, again: bool = False) -> str | None:
        """Fire the timer of one token; `again` leaves a fresh token waiting for the next cycle and gives its id."""
        token = self._token(token_id, TaskState.WAITING)
        fresh = self._rearm(token, armed=True) if again else None
        self._acts(token)
        token.internal_data["event_fired"] = True
        token.task_spec._update(token)
        self.advance()
        return fresh

    def listen_again(self, token_id: str, role: str) -> list[tuple[str, Element]]:
        """Leave fresh tokens waiting for those timers of a live activity that follow its limit and have fired already.

        Gives each with its element; the caller writes their rows. Timers that still wait are left alone.
        """
        activity = self._find(token_id)
        split = split_of(activity) if activity is not None and activity.has_state(OPEN) else None
        if split is None:
            return []
        waiting = [t.task_spec for t in split.children if t.has_state(OPEN)]
        fired = [s for s in split.task_spec.outputs if s not in waiting and self._follows(s, role)]
        fresh = {self._leave(split, spec, armed=True): self.step.elements[spec.bpmn_id] for spec in fired}
        self._before |= dict.fromkeys(fresh, ("timer",))
        return list(fresh.items())

    def deliver(self, token_id: str, name: str, values: Mapping[str, Any]) -> None:
        """Write a message's data, then wake the token that waits for it.

        A boundary event that does not interrupt hears the same message any number of times.
        """
        token = self._token(token_id, TaskState.WAITING)
        self._acts(token)
        self.step.write(token, values)
        if isinstance(token.task_spec, BoundaryEvent) and not token.task_spec.cancel_activity:
            self._rearm(token, armed=False)
        expected = token.task_spec.event_definition
        for definition in getattr(expected, "event_definitions", [expected]):
            if definition.name == name:
                token.task_spec.catch(token, BpmnEvent(definition))
                break
        token.task_spec._update(token)
        self.advance()

    def cancel(self) -> None:
        """End the case from outside: every token is cancelled."""
        for workflow in (*self.workflow.subprocesses.values(), self.workflow):
            for token in [t for t in workflow.tasks.values() if t.has_state(TaskState.NOT_FINISHED_MASK)]:
                token._set_state(TaskState.CANCELLED)
            workflow.completed, workflow.success = True, False

    def advance(self, *, shrink: bool = True) -> None:
        """Run everything that needs nobody, until the case rests; then forget finished history.

        Raises StepFailed when it does not come to rest or lost its last token.
        """
        runs = 0
        moved = True
        while moved:
            moved = False
            self._reread_conditions()
            for workflow in self.workflow.workflows():
                ran = self._pass(workflow)
                while ran and workflow is not self.workflow:
                    runs, moved = runs + ran, True
                    ran = self._pass(workflow) if runs <= MAX_RUNS else 0
                runs, moved = runs + ran, moved or bool(ran)
                if runs > MAX_RUNS:
                    raise StepFailed("图里有不停转的循环:一步之内走了太多节点")
                if workflow is not self.workflow and workflow.completed:
                    holder = self.workflow.get_task_from_id(workflow.parent_task_id)
                    if holder.has_state(TaskState.NOT_FINISHED_MASK):
                        holder.task_spec._update(holder)
                        moved = True
        if not self.completed and not any(t.has_state(OPEN) for t in self.workflow.tasks.values()):
            raise StepFailed("流程没有到终点,却没有可走的路了")
        recount(self.workflow)
        if shrink:
            self.arrivals.broken += broken_off(self.workflow)
            compact(self.workflow)

    def _enter(self, start_event: str) -> None:
        """Leave one of the start events standing: SpiffWorkflow would go through all of them."""
        root = self.workflow.task_tree
        self._run(root)
        for token in root.children:
            if token.task_spec.bpmn_id != start_event:
                token.cancel()
            elif self.step.mark:
                token.internal_data[MARK] = self.step.mark

    def _pass(self, workflow: Any) -> int:
        ready = [t for t in workflow.tasks.values() if t.state == TaskState.READY and not t.task_spec.manual]
        ran = 0
        for token in ready:
            if token.state == TaskState.READY and not workflow.completed:
                self._run(token)
                ran += 1
        return ran

    def _run(self, token: Token) -> None:
        ident = token.task_spec.bpmn_id
        if ident:
            self.step.arrivals.reached.append(ident)
        if is_interrupting(token) and MARK not in token.internal_data:
            token.internal_data[AFTER] = interrupted(token)
        try:
            token.run()
        except SpiffWorkflowException as error:
            raise self.step.failure(token, str(error)) from error
        except RecursionError as error:
            raise StepFailed("图里有不停转的循环:一步之内走得太深") from error

    def _reread_conditions(self) -> None:
        for token in list(self.workflow.event_manager.tasks.values()):
            if isinstance(token.task_spec.event_definition, ConditionalEventDefinition):
                token.task_spec._update(token)

    def _rearm(self, token: Token, *, armed: bool) -> str | None:
        if not isinstance(token.task_spec, BoundaryEvent) or token.task_spec.cancel_activity:
            return None
        return self._leave(token.parent, token.task_spec, armed=armed)

    def _leave(self, split: Token, spec: Any, *, armed: bool) -> str:
        fresh = split._add_child(spec, TaskState.WAITING)
        fresh.triggered = True
        spec._predict(fresh, mask=TaskState.NOT_FINISHED_MASK)
        if armed:
            self.step.armed.add(fresh.id)
        spec._update(fresh)
        return str(fresh.id.hex)

    def _follows(self, spec: Any, role: str) -> bool:
        if not isinstance(spec, BoundaryEvent) or spec.cancel_activity:
            return False
        drawn = self.step.elements[spec.bpmn_id].timer
        return drawn is not None and ROLES.get(drawn[1]) == role

    def _acts(self, token: Token) -> None:
        """A token begins this step: what comes of it will know."""
        self.arrivals.after = before(token)
        if self.step.mark:
            token.internal_data[MARK] = self.step.mark

    def _service(self, token_id: str) -> Token:
        token = self._token(token_id, TaskState.STARTED)
        if not isinstance(token.task_spec, ServiceTask):
            raise Conflict("这一步不是服务任务")
        return token

    def _token(self, token_id: str, state: int) -> Token:
        token = self._find(token_id)
        if token is None or token.state != state:
            raise Conflict("这一步已经走过了,请刷新后再看")
        return token

    def _find(self, token_id: str) -> Token | None:
        ident = UUID(hex=token_id)
        return next(
            (w.tasks[ident] for w in (self.workflow, *self.workflow.subprocesses.values()) if ident in w.tasks), None
        )


def _step(
    definition: Definition, record: dict[str, Any], columns: Mapping[str, Any], services: Services, mark: int
) -> Step:
    return Step(definition.elements, definition.declared, definition.decisions, record, columns, services, mark)
