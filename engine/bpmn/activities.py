"""Task specs of ours: what SpiffWorkflow does when a token reaches a user task, script, service, decision or call."""

from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.arrivals import TaskOpened
from engine.bpmn.elements import terms_of
from engine.bpmn.events import host_of, throw_error
from engine.bpmn.limit_texts import limit_of, warning_of
from engine.bpmn.lineage import AFTER, AS, ends, identity
from engine.bpmn.planting import plan_of, plant_all
from engine.bpmn.record import Token, step_of
from engine.domain.errors import BpmnError


class UserTask(BpmnSpecMixin):
    """A person's work: who, until when and from when a warning are frozen on arrival."""

    def __init__(self, wf_spec: Any, bpmn_id: str, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **{**kwargs, "manual": True})

    def _on_ready_hook(self, my_task: Token) -> None:
        step = step_of(my_task)
        element = step.element(my_task)
        said = element.attributes
        groups = tuple(str(step.within(my_task, term)) for term in terms_of(said.get("candidateGroups", "")))
        step.arrivals.tasks.append(
            TaskOpened(
                token_id=my_task.id.hex,
                element=element,
                host=host_of(my_task),
                item=str(my_task.internal_data.get("key", "")),
                assignee=str(step.parameter(my_task, said.get("assignee", "")) or ""),
                groups=groups,
                due=limit_of(my_task, said.get("dueDate", "")),
                warn=warning_of(my_task, said.get("followUpDate", "")),
                priority=_priority(my_task, said.get("priority", "")),
            )
        )


def _priority(token: Token, text: str) -> int:
    step = step_of(token)
    value = step.parameter(token, text) or 0
    try:
        return int(value)
    except (TypeError, ValueError) as error:
        raise step.failure(token, f"优先级要是整数,不是 {value!r}") from error


class ScriptTask(BpmnSpecMixin):
    """Assignments to record names, interpreted by our evaluator."""

    def __init__(self, wf_spec: Any, bpmn_id: str, script: str = "", **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.script = script

    def _run_hook(self, my_task: Token) -> bool:
        step_of(my_task).run_script(my_task, self.script)
        return True


class DecisionTask(BpmnSpecMixin):
    """A business rule task: its decision table, by our evaluator."""

    def _run_hook(self, my_task: Token) -> bool:
        step = step_of(my_task)
        step.decide(my_task, step.element(my_task).attributes["decisionRef"])
        return True


class ServiceTask(BpmnSpecMixin):
    """Python behind a topic: a decision runs now, a job leaves the token STARTED until a worker reports."""

    def _run_hook(self, my_task: Token) -> bool | None:
        try:
            return step_of(my_task).serve(my_task) or None
        except BpmnError as error:
            throw_error(my_task, error.error_code)
            return None


class Inside(defaults.SubWorkflowTask):
    """What sub-processes and calls share: an inside that begins at its start, or where somebody was sent back to."""

    def start_workflow(self, my_task: Token) -> None:
        """Open the inside."""
        plan = plan_of(my_task)
        if plan is None:
            super().start_workflow(my_task)
            return
        my_task.internal_data[AS] = plan[AS]
        inside = my_task.workflow.top_workflow.create_subprocess(my_task, self.spec)
        inside.completed_event.connect(self._on_subworkflow_completed, my_task)
        plant_all(inside, plan["inside"])

    def _on_subworkflow_completed(self, subworkflow: Any, my_task: Token) -> None:
        step = step_of(my_task)
        my_task.internal_data[AFTER] = ends(subworkflow)
        if any(t.state == TaskState.COMPLETED and step.ends_all(t) for t in subworkflow.tasks.values()):
            step.arrivals.broken.append(identity(my_task))
        super()._on_subworkflow_completed(subworkflow, my_task)


class EmbeddedProcess(Inside):
    """A sub-process shares its parent's scope: nothing is copied in or out."""

    def copy_data(self, my_task: Token, subworkflow: Any) -> None:
        """Copy nothing: the record is shared."""

    def update_data(self, my_task: Token, subworkflow: Any) -> None:
        """Copy nothing: the record is shared."""


class CallActivity(Inside, defaults.CallActivity):
    """A called process keeps a sub-record under the activity's id, filled by `in` and read by `out`."""

    def copy_data(self, my_task: Token, subworkflow: Any) -> None:
        """Fill the sub-record anew from what `in` names."""
        step = step_of(my_task)
        element = step.element(my_task)
        step.write(
            my_task, {element.id: {target: step.evaluate(my_task, source) for source, target in element.calls_in}}
        )

    def update_data(self, my_task: Token, subworkflow: Any) -> None:
        """Write what `out` names into the caller's scope."""
        step = step_of(my_task)
        inner = subworkflow.last_task
        step.write(
            my_task, {target: step.evaluate(inner, source) for source, target in step.element(my_task).calls_out}
        )
