"""Copies of a case: who may give them, and what giving them does."""

from collections.abc import Iterable, Sequence

from engine.domain.actors import SYSTEM, Actor
from engine.domain.procedure import Procedure
from engine.steps.notices import tell
from engine.steps.performers import acting_as, is_to_do, people_behind
from engine.steps.scene import Scene
from engine.store import copies
from engine.store.instances import TaskRow


def may_copy(procedure: Procedure, created_by: str, tasks: Iterable[TaskRow], actor: Actor) -> bool:
    """Whether an actor may show a case to others: who started it, who has a step of it to do, who supervises or urges."""
    if created_by == actor.id or actor.roles & (procedure.supervisors | procedure.urgers):
        return True
    return any(acting_as(actor, task, procedure.id, is_to_do) for task in tasks)


def give(scene: Scene, people: Sequence[str], note: str, by: Actor) -> list[str]:
    """Give people a copy of the case and tell them; give those who had none before."""
    new = copies.add(scene.ctx.connection, scene.row.instance_id, people, by.id, scene.ctx.now, note)
    fresh = [person for person in people if person in new]
    if fresh:
        said = {"by": by.name, "note": note}
        tell(scene, "copied", [f"person:{person}" for person in fresh], **said)
        scene.note("OrderCopied", "", to=fresh, note=note, by=by.id)
    return fresh


def give_drawn(scene: Scene, words: Sequence[str], note: str) -> list[str]:
    """Give copies to everyone meant by performer words of the diagram; words that mean nobody are noted."""
    people = people_behind(scene.ctx, words, scene.row.instance_id, scene.row.created_by)
    inside = [person for person in people if not person.startswith("phone:") and person not in scene.recused]
    if not inside:
        scene.note("NoticeUnaddressed", "", notice="copied", meant=list(words))
    return give(scene, inside, note[:500], SYSTEM)
