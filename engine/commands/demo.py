"""Mark a database as a demonstration: its accounts and passwords are public."""

from dataclasses import dataclass

from engine.domain.actors import SYSTEM
from engine.domain.errors import NotAllowed
from engine.executor import Context
from engine.store import settings

MARK = "demo"


@dataclass(frozen=True, slots=True)
class MarkDemo:
    """Note that this database holds demo data; a production installation will not start on it."""

    actor: str = SYSTEM.id

    def run(self, ctx: Context) -> None:
        """Raises NotAllowed in production."""
        if ctx.engine.settings.kind == "production":
            raise NotAllowed("正式环境不能装演示机构")
        settings.put(ctx.connection, MARK, "yes")
