"""Names of units and roles for the admins' pages."""

from engine import KnownRoles, Units
from web.front import current_actor, engine


def place_names() -> dict[str, str]:
    """Give the name of every unit and role by its code."""
    ask, me = engine().ask, current_actor()
    return {**{unit.id: unit.name for unit in ask(Units(), me)}, **ask(KnownRoles(), me)}
