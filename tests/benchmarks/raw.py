"""The yardstick of `banjie bench`: the same diagram on SpiffWorkflow as it comes, in memory, with the same answers."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState


class Raw:
    """A parsed diagram whose instances live in memory only."""

    def __init__(self, diagram: Path, process: str) -> None:
        parser = BpmnParser()
        parser.add_bpmn_file(str(diagram))
        self.spec, self.subs = parser.get_spec(process), parser.get_subprocess_specs(process)

    def start(self) -> Any:
        """Start an instance and run it to its first user task."""
        workflow = BpmnWorkflow(self.spec, self.subs, script_engine=PythonScriptEngine())
        workflow.do_engine_steps()
        return workflow

    def complete(self, workflow: Any, answers: Mapping[str, Any]) -> None:
        """Complete the one ready user task and run to the next."""
        task = next(t for t in workflow.get_tasks(state=TaskState.READY) if t.task_spec.manual)
        task.data.update(answers)
        task.run()
        workflow.refresh_timers()
        workflow.do_engine_steps()
