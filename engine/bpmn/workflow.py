"""SpiffWorkflow's workflow with flat scans instead of tree walks (which are slow, and blind below depth 1,000)."""

from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.record import Token


class FlatScans:
    """Looks at every token of one workflow in the order they came into being."""

    tasks: dict[UUID, Token]

    def update_waiting_tasks(self) -> None:
        """Let waiting tokens look again; called by SpiffWorkflow after each completed one."""
        for token in [t for t in self.tasks.values() if t.state == TaskState.WAITING]:
            if token.state == TaskState.WAITING and token.id in self.tasks:
                token.task_spec._update(token)


class CalledWorkflow(FlatScans, BpmnSubWorkflow):
    """The inside of a sub-process or call activity."""


class CaseWorkflow(FlatScans, BpmnWorkflow):
    """One instance."""

    def create_subprocess(self, my_task: Token, spec_name: str) -> CalledWorkflow:
        """Open the inside of an activity."""
        inside = CalledWorkflow(self.subprocess_specs[spec_name], parent_task_id=my_task.id, top_workflow=self)
        self.subprocesses[my_task.id] = inside
        return inside

    def workflows(self) -> list[Any]:
        """Give this workflow and everything open inside it, deepest first: the order in which the driver runs them."""
        inside = [s for s in self.subprocesses.values() if not s.completed]
        return [*sorted(inside, key=lambda s: -s.depth), self] if inside else [self]

    def tokens(self) -> list[Token]:
        """Give every token."""
        return [t for w in (self, *self.subprocesses.values()) for t in w.tasks.values()]

    def watch(self, token: Token) -> None:
        """Register a restored token that waits for an event, as SpiffWorkflow does on arrival."""
        if token.state == TaskState.WAITING and isinstance(token.task_spec, CatchingEvent):
            self.event_manager.add_task(token)
