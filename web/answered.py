"""What people handed in at the steps of an order, as its page shows it and as a form that came back offers it again."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask

from engine import Fact, OrderView, PastEvent, TaskRow, facts_of
from web.doers import doer

MOST_ALIKE = 5
"""How many hand-ins of one step an order shows: a daily sheet is handed in a hundred times."""
_STARTED, _COMPLETED = "InstanceStarted", "UserTaskCompleted"


@dataclass(frozen=True, slots=True)
class Answered:
    """What somebody handed in at one step."""

    element: str
    name: str
    by: str
    at: datetime
    facts: list[Fact]
    is_mended: bool
    """Whether it is what the start form said before it was mended."""


def register(app: Flask) -> None:
    """Give templates the filter of this module."""
    app.jinja_env.filters.update(answered=answered)


def answered(order: OrderView) -> list[Answered]:
    """Give what was handed in at each completed step, oldest first; of a step done over and over, the last MOST_ALIKE.

    What the start form says is the order itself; what it said before it was mended is listed.
    """
    done = list(_handed_in(order))
    left, found, is_start = Counter(map(_step, done)), [], order.released.is_start
    for event in done:
        left[_step(event)] -= 1
        if left[_step(event)] < MOST_ALIKE:
            facts = facts_of(order.released, event.element_id, _answers(event), order.names)
            name = event.payload.get("name", event.element_id)
            found.append(
                Answered(event.element_id, name, doer(order, event), event.at, facts, is_start(event.element_id))
            )
    return [each for each in found if each.facts]


def said_before(order: OrderView, task: TaskRow) -> dict[str, Any]:
    """Give what was handed in the last time at the step of a task; nothing where nobody has."""
    done = [e for e in order.events if e.kind in (_STARTED, _COMPLETED) and e.element_id == task.element_id]
    mine = [e for e in done if e.payload.get("item", "") == task.item]
    return {**order.record, **_answers(mine[-1])} if mine else {}


def _handed_in(order: OrderView) -> Iterator[PastEvent]:
    said = [event for event in order.events if event.kind in (_STARTED, _COMPLETED)]
    began = [event.seq for event in said if order.released.is_start(event.element_id)]
    for event in said:
        if event.seq in began[:-1] or (event.kind == _COMPLETED and event.seq not in began):
            yield event


def _step(event: PastEvent) -> tuple[str, str]:
    """What tells one step from another: of several signers each is a step of its own."""
    return event.element_id, event.payload.get("item", "")


def _answers(event: PastEvent) -> dict[str, Any]:
    """Give what was handed in; among several signers it stands in a row of its own, `step[key].name`."""
    changes, row = event.payload.get("changes", {}), f"{event.element_id}[{event.payload.get('item', '')}]."
    if not event.payload.get("item"):
        return dict(changes)
    return {name.rpartition(row)[2]: value for name, value in changes.items() if row in name}
