"""Activities that repeat: multi-instance in parallel or in turn, and standard loops. Their bookkeeping is counters, not lists."""

from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask, MultiInstanceTask
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.co_signing import clear, conclude, is_co_signed, tally
from engine.bpmn.lineage import AFTER, AS, identity, reach, united
from engine.bpmn.planting import PLAN, plan_of
from engine.bpmn.record import Token, plain, step_of
from engine.domain.errors import StepFailed

MAX_INSTANCES = 1000


class Instances(MultiInstanceTask, BpmnSpecMixin):
    """What both kinds share: the collection is frozen on arrival as {key: id}, each instance writes to its own row."""

    at_once = False
    """Whether its instances stand side by side."""

    def _update_hook(self, my_task: Token) -> bool | None:
        plan = plan_of(my_task)
        if plan is not None:
            self._resume(my_task, plan)
            return None
        items = self._freeze(my_task)
        step_of(my_task).arrivals.frozen[identity(my_task)] = items
        my_task.internal_data.update(items=items, done=0, next=0)
        step_of(my_task).clear_rows(my_task)
        if is_co_signed(my_task):
            clear(my_task)
        if not items:
            return True
        my_task._set_state(TaskState.STARTED)
        self.begin(my_task)
        return None

    def _run_hook(self, my_task: Token) -> bool | None:
        if is_co_signed(my_task):
            conclude(my_task)
        done: bool | None = super()._run_hook(my_task)
        return done

    def begin(self, token: Token) -> None:
        """Create the first instances."""
        raise NotImplementedError

    def follow(self, token: Token) -> None:
        """Create what comes after a finished instance."""

    def resume(self, token: Token, keys: list[Any]) -> None:
        """Create those instances, each with the plan of its inside, by which an activity that is opened again goes on."""
        raise NotImplementedError

    def merge_child(self, workflow: Any, child: Token) -> None:
        """Count a finished instance, then end the activity or go on; nothing flows back into the token."""
        token = child.parent
        token.internal_data["done"] += 1
        others = token.internal_data.get(AFTER, ()) if self.at_once else ()
        token.internal_data[AFTER] = united([others, reach(child)])
        if self._enough(token, child):
            for instance in list(self._instances(token)):
                instance.cancel()
            token._set_state(TaskState.READY)
            return
        self.follow(token)
        if all(instance.has_state(TaskState.FINISHED_MASK) for instance in self._instances(token)):
            token._set_state(TaskState.READY)

    def add(self, token: Token) -> None:
        """Create the next instance in the frozen order."""
        at = token.internal_data["next"]
        token.internal_data["next"] = at + 1
        self.add_for(token, list(token.internal_data["items"])[at])

    def add_for(self, token: Token, key: str, plan: dict[str, Any] | None = None) -> None:
        """Create the instance for one item; with a plan its inside begins where that says."""
        _begin(token, {"key": key}, plan)

    def _resume(self, token: Token, plan: dict[str, Any]) -> None:
        """Go on where a plan says: with the collection as it was frozen, some instances done, some to be done."""
        said = {AS: plan[AS], "items": plan["items"], "done": plan["done"], "next": plan["next"], AFTER: plan[AFTER]}
        token.internal_data.update(said)
        token._set_state(TaskState.STARTED)
        self.resume(token, plan["keys"])

    def _freeze(self, token: Token) -> dict[str, Any]:
        step = step_of(token)
        if self.data_input is not None:
            found = step.evaluate(token, self.data_input.bpmn_id)
            if found is not None and not isinstance(found, (list, dict)):
                raise step.failure(token, "名单不是一份名单,而是一段文字或一个数")
            listed = found if isinstance(found, dict) else {str(i): v for i, v in enumerate(found or ())}
        else:
            count = step.evaluate(token, self.cardinality)
            if not isinstance(count, int):
                raise step.failure(token, "会签人数不是整数")
            listed = {str(i): i for i in range(min(count, MAX_INSTANCES + 1))}
        if len(listed) > MAX_INSTANCES:
            raise StepFailed(f"{self.bpmn_name or ''}({self.bpmn_id}):名单超过 {MAX_INSTANCES} 项")
        if any(value is None or isinstance(value, (dict, list)) for value in listed.values()):
            raise step.failure(token, "名单里只能是编号或文字,不能有空项")
        items: dict[str, Any] = plain(listed)
        return items

    def _enough(self, token: Token, child: Token) -> bool:
        if is_co_signed(token):
            return tally(token).over
        if self.condition is None:
            return False
        counts = {
            "nrOfInstances": len(token.internal_data["items"]),
            "nrOfCompletedInstances": token.internal_data["done"],
        }
        return bool(step_of(token).evaluate(child, self.condition, counts))


class ParallelInstances(Instances):
    """All at once."""

    at_once = True

    def resume(self, token: Token, keys: list[Any]) -> None:
        """Create the instances that have not ended."""
        for key, inside in keys:
            self.add_for(token, key, inside)

    def begin(self, token: Token) -> None:
        """Create every instance."""
        for _ in token.internal_data["items"]:
            self.add(token)


class SequentialInstances(Instances):
    """One after another."""

    def begin(self, token: Token) -> None:
        """Create the first instance."""
        self.add(token)

    def resume(self, token: Token, keys: list[Any]) -> None:
        """Create the first; those before it count as done, those after it follow."""
        key, inside = keys[0]
        at = list(token.internal_data["items"]).index(key)
        token.internal_data.update(done=at, next=at + 1)
        self.add_for(token, key, inside)

    def follow(self, token: Token) -> None:
        """Create the next instance, if one is left."""
        if token.internal_data["next"] < len(token.internal_data["items"]):
            self.add(token)


class StandardLoop(LoopTask, BpmnSpecMixin):
    """Repeats while its condition holds, at most `maximum` times."""

    def __init__(
        self,
        wf_spec: Any,
        bpmn_id: str,
        task_spec: str,
        maximum: int | None,
        condition: str | None,
        test_before: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.task_spec, self.maximum, self.condition, self.test_before = task_spec, maximum, condition, test_before

    def _update_hook(self, my_task: Token) -> bool | None:
        plan = plan_of(my_task)
        if plan is not None:
            my_task.internal_data.update({AS: plan[AS], "done": plan["done"], AFTER: plan[AFTER]})
            my_task._set_state(TaskState.STARTED)
            self.add_for(my_task, "", plan["keys"][0][1])
            return None
        my_task.internal_data["done"] = 0
        if self.test_before and self._over(my_task):
            return True
        my_task._set_state(TaskState.STARTED)
        self._turn(my_task)
        return None

    def merge_child(self, workflow: Any, child: Token) -> None:
        """Count a finished turn, then end the loop or begin the next."""
        token = child.parent
        token.internal_data["done"] += 1
        token.internal_data[AFTER] = reach(child)
        if self._over(token):
            token._set_state(TaskState.READY)
        else:
            self._turn(token)

    def add_for(self, token: Token, key: str, plan: dict[str, Any] | None = None) -> None:
        """Begin a turn; with a plan its inside begins where that says. Turns have no keys."""
        _begin(token, {}, plan)

    def _turn(self, token: Token) -> None:
        self.add_for(token, "")

    def _over(self, token: Token) -> bool:
        if self.maximum is not None and token.internal_data["done"] >= self.maximum:
            return True
        return self.condition is not None and not step_of(token).evaluate(token, self.condition)


def _begin(token: Token, said: dict[str, Any], plan: dict[str, Any] | None) -> None:
    """Create one instance of a repeated activity, or one turn."""
    child = token._add_child(token.workflow.spec.task_specs[token.task_spec.task_spec], TaskState.WAITING)
    child.triggered = True
    child.internal_data.update(said if plan is None else {**said, PLAN: plan})
    child.task_spec._update(child)
