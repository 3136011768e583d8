"""Which calendar a limit counts by: the most specific wins.

The element's own, else the procedure's, else that of the order's unit or the nearest unit above it that has one, else the
organisation's. `unit` at an element or in procedure.toml asks for the unit's.
"""

from collections.abc import Mapping

from engine.domain.procedure import Procedure
from engine.executor import Context
from engine.store import people, settings

OF_UNIT = "unit"
SETTING = "calendar"
"""The setting that names the organisation's calendar."""
USUAL = "office"


def calendar_key(ctx: Context, procedure: Procedure, properties: Mapping[str, str], unit: str | None) -> str:
    """Give the key of the calendar that applies; the unit is asked for only where nothing nearer says one."""
    said = properties.get("calendar") or procedure.calendar
    if said and said != OF_UNIT:
        return said
    return (people.calendar_of_unit(ctx.connection, unit) if unit else None) or organisation(ctx)


def organisation(ctx: Context) -> str:
    """Give the key of the calendar the whole organisation counts by."""
    return settings.get(ctx.connection, SETTING) or USUAL
