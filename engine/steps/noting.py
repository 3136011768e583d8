"""Write what is noted of a case in whatever state it is, running or ended long ago; its tokens stay as they are."""

from engine.steps.posting import post
from engine.steps.scene import Scene
from engine.store import history, instances


def note_down(scene: Scene) -> None:
    """Write history and outbox, last the instance under its fence; raise StaleState when another writer was first."""
    history.append(scene.ctx.connection, scene.row, scene.events, scene.ctx.now)
    post(scene.ctx, scene.messages)
    instances.save_noted(scene.ctx.connection, scene.row)
