"""What people do in their inbox of notices."""

from dataclasses import dataclass

from engine.executor import Context
from engine.store import notifications


@dataclass(frozen=True, slots=True)
class ReadNotifications:
    """Note that the actor has read some of their own notices, or all of them; those of others stay as they are."""

    actor: str
    ids: tuple[int, ...] = ()
    every: bool = False

    def run(self, ctx: Context) -> int:
        """Give how many had not been read yet."""
        return notifications.read(ctx.connection, ctx.actor.id, ctx.now, None if self.every else self.ids)
