"""Who has nothing to do with a case: whoever is refused something about it does not learn that it is there."""

from collections.abc import Mapping
from typing import Any

from engine.domain.actors import SYSTEM
from engine.executor import Context
from engine.steps.performers import acting_as, is_concerned
from engine.steps.scope import scope
from engine.store import history, work_orders
from engine.store.instances import InstanceRow


def is_stranger(ctx: Context, row: InstanceRow) -> bool:
    """Whether an actor neither sees a case nor ever had a hand in it; asked only where something is refused.

    Who was a candidate, held a task or was asked about one may have lost sight of it while they typed: they are told why.
    """
    if ctx.actor is SYSTEM or work_orders.seen(ctx.connection, [row.number], scope(ctx)):
        return False
    if row.task is not None and acting_as(ctx.actor, row.task, row.process, is_concerned):
        return False
    faces = {one.id for one in ctx.actor.faces(row.process)}
    events = history.events_of(ctx.connection, row.instance_id)
    return not any(e.actor in faces or _named(e.content, faces) for e in events)


def _named(said: Mapping[str, Any] | None, faces: set[str]) -> bool:
    """Whether an event names somebody: to whom a task was given, who was asked, whose it was."""
    found = [each for value in (said or {}).values() for each in (value if isinstance(value, list) else [value])]
    return any(isinstance(each, str) and each in faces for each in found)
