"""What the diagram may call inside a step: decisions of the workers, and the built-in effects: notices, ladders, limits, links, sheets."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.bpmn.elements import Element
from engine.domain.errors import BpmnError, StepFailed
from engine.service_tasks import COPY, ESCALATE, NOTIFY, SEND
from engine.steps.copies import give_drawn
from engine.steps.extending import extend_element
from engine.steps.facts import Facts
from engine.steps.ladder import climb
from engine.steps.notices import notify
from engine.steps.performers import people_behind
from engine.steps.scene import Scene
from engine.steps.training import write_sheet
from engine.store import user_tasks, work_orders


class StepServices:
    """The services of one scene."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._register = scene.ctx.engine.register

    def is_job(self, topic: str) -> bool:
        """Whether the topic runs outside the step."""
        task = self._register.tasks.get(topic)
        return topic == SEND or (task is not None and task.is_job)

    def serve(self, element: Element, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        """Run a decision or a built-in effect now and give its result."""
        if element.topic == NOTIFY:
            return self._notify(inputs)
        if element.topic == ESCALATE:
            return climb(self._scene, element, inputs)
        if element.topic == COPY:
            return {"to": give_drawn(self._scene, _terms(inputs["to"]), str(inputs.get("note") or ""))}
        if element.topic == "extend":
            due_at = extend_element(self._scene, str(inputs["element"]), str(inputs["limit"]), self)
            return {"due_at": due_at.isoformat()}
        if element.topic == "link":
            return {"linked": self._link(inputs.get("orders") or [], str(inputs.get("kind", "related")))}
        if element.topic == "training_sheet":
            return write_sheet(self._scene, element.id, inputs)
        return self.decide(element.topic, inputs, f"{element.name}({element.id}):")

    def decide(self, topic: str, inputs: Mapping[str, Any], where: str = "") -> dict[str, Any]:
        """Run a decision by topic; raise StepFailed when nobody registered it."""
        task, ctx = self._register.tasks.get(topic), self._scene.ctx
        if task is None:
            raise StepFailed(f"没有登记过的服务任务 {topic}")
        ctx.serving = f"{where}服务任务 {topic}"
        try:
            found = task.run(inputs, Facts(self._scene))
        except BpmnError:
            ctx.serving = ""  # meant to happen: the diagram may catch it
            raise
        ctx.serving = ""
        return found

    def _notify(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        terms = _terms(inputs["to"])
        rest = {k: v for k, v in inputs.items() if k not in ("notice", "to")}
        notice = str(inputs["notice"])
        known = [t for t in terms if not self._opens_in_this_step(t)]
        if len(known) == len(terms):
            return {"to": notify(self._scene, notice, terms, **rest)}
        self._scene.pending.append((notice, terms, rest))
        return {"to": people_behind(self._scene.ctx, known, self._scene.row.instance_id, self._scene.row.created_by)}

    def _opens_in_this_step(self, term: str) -> bool:
        """A holder whose task is not stored yet, or who completes it in this very step, is known once the step is written."""
        word = term.strip()
        while word.startswith(("leader_of:", "below:")):
            word = word.partition(":")[2]
        kind, _, element_id = word.partition(":")
        if kind == "done":
            return True
        return kind == "holder" and not user_tasks.open_of(
            self._scene.ctx.connection, self._scene.row.instance_id, element_id
        )

    def _link(self, numbers: Sequence[str], kind: str) -> list[str]:
        scene = self._scene
        known = work_orders.numbered(scene.ctx.connection, numbers)
        if work_orders.bind(scene.ctx.connection, scene.row.order_id, list(known.values()), kind, scene.ctx.now):
            scene.note("OrdersLinked", "", orders=sorted(known), kind=kind)
        return sorted(known)


def _terms(said: Any) -> list[str]:
    """Give performer words, from a list or a text with commas."""
    return said if isinstance(said, list) else str(said).split(",")
