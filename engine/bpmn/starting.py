"""The start of a case, filled in once more: a stand-in before the start event that waits for whoever started the case.

The start event itself waits for nobody. When a case is sent back to its start, the stand-in is planted in its place; once it
is completed the token comes to the start event and goes on as drawn.
"""

from dataclasses import replace
from typing import Any

from engine.bpmn.activities import UserTask
from engine.bpmn.arrivals import TaskOpened
from engine.bpmn.planting import again
from engine.bpmn.record import Token, step_of


class StartAgain(UserTask):
    """Waits for whoever started the case; its element is the start event."""

    def __init__(self, wf_spec: Any, event: Any, title: str) -> None:
        super().__init__(wf_spec, again(event.name), bpmn_name=title)
        self.bpmn_id, self.title = event.bpmn_id, title
        self._inputs = list(event._inputs)
        self.connect(event)

    def _on_ready_hook(self, my_task: Token) -> None:
        step = step_of(my_task)
        element = replace(step.element(my_task), name=self.title)
        starter = str(step.columns["created_by"])
        step.arrivals.tasks.append(TaskOpened(my_task.id.hex, element, "", "", starter, (), None, None, 0))


def add_start_again(spec: Any, start_event: str, title: str) -> None:
    """Let a process be sent back to the start event that people begin it with."""
    StartAgain(spec, spec.task_specs[start_event], title)
