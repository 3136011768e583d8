"""Whether a version must be released by somebody else than who deployed it."""

from engine.executor import Context
from engine.store import settings

FOUR_EYES = "four_eyes"
"""Setting `on` or `off`; without a row: on in production, off elsewhere."""


def four_eyes(ctx: Context) -> bool:
    """Say whether the rule holds here."""
    said = settings.get(ctx.connection, FOUR_EYES)
    return said == "on" if said else ctx.engine.settings.kind == "production"
