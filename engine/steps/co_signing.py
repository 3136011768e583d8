"""Several who sign the same step (会签、依次): what they are named by, who may let one more sign or take one off, and since when."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.bpmn.elements import Element, terms_of
from engine.domain.actors import Actor
from engine.domain.procedure import Procedure
from engine.executor import Context
from engine.steps.past import CO_SIGNER_ADDED
from engine.steps.performers import acting_as, holds
from engine.store import people
from engine.store.instances import TaskRow

PERSON, UNIT = "person", "unit"
"""What a list of co-signers may name."""


_ROLE = r"(?:role:)?(?P<role>[a-z0-9_]+)"


def named_by(element: Element) -> str:
    """Say what the list of a repeated user task names, told by its performer words: persons, units, or else nothing that
    could be added to.
    """
    if not element.is_manual or not element.collection or not element.item:
        return ""
    item = rf"\$\{{\s*{re.escape(element.item)}\s*\}}"
    words = terms_of(element.attributes.get("candidateGroups", ""))
    if re.fullmatch(item, element.attributes.get("assignee", "").strip()) or _any(rf"person:{item}", words):
        return PERSON
    return UNIT if _any(rf"unit:{item}|{_ROLE}@{item}", words) else ""


def role_in_units(element: Element) -> str | None:
    """Give the role whose holders in each unit sign; None where everybody in it may."""
    words = (re.fullmatch(rf"{_ROLE}@.*", word) for word in terms_of(element.attributes.get("candidateGroups", "")))
    return next((found["role"] for found in words if found), None)


def _any(pattern: str, words: Iterable[str]) -> bool:
    return any(re.fullmatch(pattern, word) for word in words)


def adds(procedure: Procedure, task: TaskRow, actor: Actor) -> Actor | None:
    """Give in whose name an actor may let one more sign with a task: whoever has it in hand, and supervisors; else None."""
    whose = acting_as(actor, task, procedure.id, holds)
    return whose or (actor if _supervises(procedure, actor) else None)


def drops(procedure: Procedure, adder: str | None, actor: Actor) -> Actor | None:
    """Give in whose name an actor may take a co-signer off: supervisors, and whoever added them (None: they were named by
    the case itself); else None.
    """
    if _supervises(procedure, actor):
        return actor
    return next((one for one in actor.faces(procedure.id) if one.id == adder), None)


def adders(events: Iterable[Any]) -> dict[str, str]:
    """Give who added whom, by key, as a case's events (kind, actor, content) tell: no key is ever used twice."""
    added = (event for event in events if event.kind == CO_SIGNER_ADDED and event.content)
    return {event.content["key"]: str(event.content.get("on_behalf", event.actor)) for event in added}


def _supervises(procedure: Procedure, actor: Actor) -> bool:
    return bool(actor.roles & procedure.supervisors)


def latest(tasks: Sequence[TaskRow]) -> TaskRow:
    """Give the task whose limit the timers around a step wait for: one that was extended takes them along."""
    return max(tasks, key=lambda task: (task.due_at is not None, task.due_at or task.opened_at))


def names_of(ctx: Context, kind: str, values: Iterable[Any]) -> dict[str, str]:
    """Give the names of those whom a list of co-signers names, by value; of what is neither person nor unit, the role's."""
    wanted, connection = [str(value) for value in values], ctx.connection
    if kind == PERSON:
        known: Mapping[str, str] = people.names_of(connection, wanted)
    else:
        known = people.unit_names(connection) if kind == UNIT else people.role_names(connection)
    return {value: known.get(value, value) for value in wanted}
