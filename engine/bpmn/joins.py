"""Gateways of ours. A join counts the tokens that stand at it and consumes one per incoming flow, so loops may pass it again.

SpiffWorkflow's own joins look at history: in a second turn they fire too early, crash or never fire.
"""

from collections import Counter
from typing import Any

from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.control import SimpleBpmnTask
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.specs import MultiChoice
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.lineage import AFTER, frontier, scope_of, united
from engine.bpmn.record import Token, step_of

_LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED | TaskState.FUTURE


def _arrived(spec: Any, token: Token) -> dict[str, list[Token]]:
    """Give the tokens standing at a join, this one last, by the name of the spec each came from."""
    tokens = [
        t
        for t in token.workflow.tasks.values()
        if t.task_spec is spec and t.state == TaskState.WAITING and t is not token
    ]
    by_input: dict[str, list[Token]] = {}
    for t in (*tokens, token):
        by_input.setdefault(t.parent.task_spec.name, []).append(t)
    return by_input


def _consume(token: Token, used: list[Token], *, because: int = 0) -> None:
    """Take tokens for one that goes on, which remembers what they came after (and which step let it go on)."""
    gathered = [frontier(t) for t in {t.id: t for t in (*used, token)}.values()]
    token.internal_data[AFTER] = united([*gathered, [because] if because else []])
    for t in used:
        if t is not token:
            t.cancel()


def _note_join(token: Token, used: list[Token], *, because: int = 0) -> None:
    """Write down who met at a join: sent back into one branch, the others stand there and wait again.

    One alone that had waited there, until a step elsewhere let it go on, waits again when that step is undone.
    """
    if len(used) > 1 or (because and because not in frontier(used[0])):
        met = [[t.parent.task_spec.name, frontier(t)] for t in used]
        step_of(token).arrivals.joined.append([scope_of(token), token.task_spec.name, met])


class ParallelGateway(BpmnSpecMixin):
    """AND: fires when every incoming flow has a token; takes one from each."""

    def _update_hook(self, my_task: Token) -> bool:
        needed: Counter[str] = Counter(self._inputs)
        if sum(needed.values()) > 1:
            arrived = _arrived(self, my_task)
            if any(len(arrived.get(name, ())) < count for name, count in needed.items()):
                my_task._set_state(TaskState.WAITING)
                return False
            own = my_task.parent.task_spec.name
            used = [t for name, n in needed.items() for t in (arrived[name][-n:] if name == own else arrived[name][:n])]
            _note_join(my_task, used)
            _consume(my_task, used)
        return True


class InclusiveGateway(MultiChoice, BpmnSpecMixin):
    """OR: fires when no other token can still reach an empty incoming flow; takes one token from each filled flow."""

    def test(self) -> None:
        """Accept gateways without condition: a pure join has none."""

    def _update_hook(self, my_task: Token) -> bool:
        if len(self._inputs) > 1:
            arrived = _arrived(self, my_task)
            if self._must_wait(my_task, set(arrived)):
                my_task._set_state(TaskState.WAITING)
                return False
            own = my_task.parent.task_spec.name
            used = [t[-1] if name == own else t[0] for name, t in arrived.items()]
            because = step_of(my_task).mark
            _note_join(my_task, used, because=because)
            _consume(my_task, used, because=because)
        return True

    def _must_wait(self, token: Token, filled: set[str]) -> bool:
        empty = [name for name in self._inputs if name not in filled]
        if not empty:
            return False
        upstream = {name: _upstream(token.workflow.spec, name, self.name) for name in self._inputs}
        for other in token.workflow.tasks.values():
            if other.task_spec is self or not other.has_state(_LIVE) or other.parent is None:
                continue
            if other.state == TaskState.FUTURE and other.parent.state != TaskState.COMPLETED:
                continue
            name = other.task_spec.name
            if any(name in upstream[e] for e in empty) and not any(name in upstream[f] for f in filled):
                return True
        return False

    def _run_hook(self, my_task: Token) -> bool:
        matches, defaults = self._get_matching_outputs(my_task)
        if not matches + defaults:
            raise WorkflowTaskException("包容网关没有一条出线的条件成立", task=my_task)
        my_task._sync_children(matches or defaults, TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True


def _upstream(spec: Any, name: str, without: str) -> set[str]:
    """Give the names of specs from which `name` can be reached without passing the join, itself included."""
    found, todo = {name}, [name]
    while todo:
        for source in spec.task_specs[todo.pop()]._inputs:
            if source not in found and source != without:
                found.add(source)
                todo.append(source)
    return found


class EndJoin(BpmnTaskSpec):
    """The process ends when no other token lives; one token waits for that, however many paths have ended."""

    def _update_hook(self, my_task: Token) -> bool:
        tokens = my_task.workflow.tasks.values()
        _consume(my_task, [t for t in tokens if t.task_spec is self and t.state == TaskState.WAITING])
        for t in tokens:
            if t.task_spec is not self and t.task_spec.name != "End" and t.has_state(_LIVE):
                my_task._set_state(TaskState.WAITING)
                return False
        return True


class ProcessSpec(BpmnProcessSpec):
    """A process whose end waits by counting tokens, not by walking the tree (which stops at depth 1,000)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        name = f"{self.name}.EndJoin"
        for old in (name, "End"):
            del self.task_specs[old]
        self.end: Any = EndJoin(self, name)
        self.end.connect(SimpleBpmnTask(self, "End"))
