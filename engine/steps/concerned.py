"""Whom something that happens to a whole order concerns, as performer words."""

from engine.steps.scene import Scene
from engine.store import user_tasks


def everybody(scene: Scene) -> list[str]:
    """Give whoever holds or may claim an open task, and whoever started the order."""
    tasks = user_tasks.open_of(scene.ctx.connection, scene.row.instance_id)
    terms = [term for t in tasks for term in ([f"person:{t.assignee}"] if t.assignee else t.groups)]
    return [*dict.fromkeys(terms), "starter"]


def holders_and_starter(scene: Scene) -> list[str]:
    """Give whoever holds an open task, and whoever started the order: whoever only might have claimed one has lost nothing."""
    tasks = user_tasks.open_of(scene.ctx.connection, scene.row.instance_id)
    return [*dict.fromkeys(f"person:{t.assignee}" for t in tasks if t.assignee), "starter"]
