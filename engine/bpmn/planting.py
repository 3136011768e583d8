"""Put tokens where they did not come by themselves: at a step that is opened again, at a join where they had arrived before.

A planted token arrives like any other: its boundary timers are armed, its task is handed out. What an activity contains
when it is planted is a plan: plain data that the activity reads on arrival instead of beginning at its start.
"""

from collections.abc import Iterable
from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.events import split_of
from engine.bpmn.lineage import AFTER, united, within
from engine.bpmn.record import Token

PLAN, THEN = "plan", "then"
"""What an activity is to contain; where the case goes straight on to when a step that was planted is done."""
_AHEAD = TaskState.FUTURE | TaskState.PREDICTED_MASK


def position(element: str, after: list[int], plan: dict[str, Any] | None = None) -> dict[str, Any]:
    """Give the place at an element that is to be entered, having come after some marks."""
    return {"at": element, AFTER: after, PLAN: plan}


def waiting_at(join: str, source: str, after: list[int]) -> dict[str, Any]:
    """Give the place of a token that had arrived at a join from one of its incoming elements."""
    return {"at": join, "from": source, AFTER: after}


def again(start_event: str) -> str:
    """Give the name of the stand-in at which people begin a case once more; see `starting`."""
    return f"{start_event}.Again"


def plant(workflow: Any, said: dict[str, Any]) -> None:
    """Put one token into a workflow; it arrives when the driver runs."""
    specs = workflow.spec.task_specs
    arrived = "from" in said
    top = specs.get(f"{said['at']}.BoundaryEventSplit") or specs.get(again(said["at"])) or specs[said["at"]]
    source = specs[said["from"]] if arrived else top.inputs[0]
    stub = workflow.task_tree._add_child(source, TaskState.COMPLETED)
    stub.triggered = True
    stub.internal_data[AFTER] = list(said[AFTER])
    if arrived:
        join = stub._add_child(specs[said["at"]], TaskState.WAITING)
        join.task_spec._predict(join, mask=TaskState.NOT_FINISHED_MASK)
        return
    if THEN in said:
        stub.internal_data[THEN] = said[THEN]
    token = stub._add_child(top, TaskState.FUTURE)
    if said.get(PLAN) is not None:
        (stub if top is specs[said["at"]] else token).internal_data[PLAN] = said[PLAN]
    top._predict(token, mask=_AHEAD)
    top._update(token)


def plant_all(workflow: Any, places: Iterable[dict[str, Any]]) -> None:
    """Open the inside of an activity at some places instead of at its start."""
    root = workflow.task_tree
    root._drop_children(force=True)
    root._set_state(TaskState.COMPLETED)
    for said in places:
        plant(workflow, said)


def end(token: Token) -> None:
    """Cancel what is not over of a token with everything below and inside it; nothing of it hears events any more."""
    case = token.workflow.top_workflow
    for one in list(within(token)):
        if one.has_state(TaskState.NOT_FINISHED_MASK):
            if isinstance(one.task_spec, CatchingEvent):
                case.event_manager.remove_task(one)
            one._set_state(TaskState.CANCELLED)
        inside = case.subprocesses.get(one.id)
        if inside is not None:
            inside.completed, inside.success = True, False


def end_position(token: Token) -> None:
    """Cancel a token with the events on the boundary of its activity; what those have set going beside it stays."""
    top = split_of(token)
    end(token)
    for event in top.children if top is not None else ():
        if not isinstance(event.task_spec, BoundaryEvent):
            continue
        if event.has_state(TaskState.NOT_FINISHED_MASK):
            end(event)
        for echo in event.children:
            if isinstance(echo.task_spec, BoundaryEventJoin):
                end(echo)


def way_straight(token: Token) -> dict[str, Any] | None:
    """Give where a step goes straight on once it is done, as it was planted; None where it goes on as drawn."""
    found: dict[str, Any] | None = _planted(token).get(THEN)
    return found


def straight_to(token: Token) -> str:
    """Give the element to which a step goes straight on once it is done; empty where it goes on as drawn."""
    then = way_straight(token)
    return str(then["at"]) if then is not None else ""


def forget_the_way(token: Token) -> dict[str, Any] | None:
    """Let a step go on as drawn; give where it would have gone straight on."""
    found: dict[str, Any] | None = _planted(token).pop(THEN, None)
    return found


def go_straight_on(token: Token, mark: int) -> int | None:
    """Leave a step that is done for where it was sent back from, if that was wanted; give the mark it was done under before."""
    then = forget_the_way(token)
    if then is None:
        return None
    token._set_state(TaskState.COMPLETED)
    end_position(token)
    plant(token.workflow, position(then["at"], united([then[AFTER], [mark]])))
    return int(then["of"])


def plan_of(token: Token) -> dict[str, Any] | None:
    """Take the plan by which an activity is to be entered; None where it is entered as drawn."""
    plan = token.internal_data.pop(PLAN, None)
    if plan is None and token.parent is not None:
        plan = token.parent.internal_data.pop(PLAN, None)
    found: dict[str, Any] | None = plan
    return found


def _planted(token: Token) -> dict[str, Any]:
    """Give what was said of a step when it was planted: it stands on the token before it."""
    before = (split_of(token) or token).parent
    found: dict[str, Any] = before.internal_data if before is not None else {}
    return found
