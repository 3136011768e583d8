"""Settings as they stand."""

from dataclasses import dataclass

from engine.executor import Context
from engine.store import settings


@dataclass(frozen=True, slots=True)
class ReadSetting:
    """The text of a setting."""

    name: str

    def read(self, ctx: Context) -> str:
        """Give it; empty where it was never set."""
        return settings.get(ctx.connection, self.name) or ""
