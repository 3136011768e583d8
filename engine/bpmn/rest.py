"""What the tokens of a case at rest wait for."""

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.activities import ServiceTask
from engine.bpmn.events import Timer
from engine.bpmn.workflow import CaseWorkflow


def waiting(workflow: CaseWorkflow) -> dict[str, tuple[str, ...]]:
    """Give what each token that rests waits for (task, job, timer, message), by its id: rows exist for exactly these."""
    found: dict[str, tuple[str, ...]] = {}
    for token in workflow.tokens():
        spec = token.task_spec
        if token.state == TaskState.READY and spec.manual:
            found[token.id.hex] = ("task",)
        elif token.state == TaskState.STARTED and isinstance(spec, ServiceTask):
            found[token.id.hex] = ("job",)
        elif token.id in workflow.event_manager.tasks:
            definitions = getattr(spec.event_definition, "event_definitions", [spec.event_definition])
            found[token.id.hex] = tuple("timer" if isinstance(d, Timer) else "message" for d in definitions)
    return found
