"""Who may tell a waiting case what: the properties `sender` and `fills` of the event that waits."""

from collections.abc import Iterable

from engine.bpmn.elements import Element
from engine.domain.actors import Actor
from engine.domain.procedure import Procedure
from engine.steps.performers import acting_as, is_to_do
from engine.store.instances import TaskRow

STARTERS, HOLDER = "starters", "holder"


def may_send(actor: Actor, procedure: Procedure, element: Element, tasks: Iterable[TaskRow], starter: str) -> bool:
    """Say whether a person may send it, given the open tasks of the case and who started it."""
    sender = element.properties.get("sender", "")
    holds = any(
        acting_as(actor, t, procedure.id, is_to_do)
        for t in tasks
        if sender != HOLDER or t.element_id == element.attached_to
    )
    starts = actor.id == starter or bool(actor.roles & (procedure.starters | procedure.supervisors))
    return {STARTERS: starts, HOLDER: holds}.get(sender, starts or holds)
