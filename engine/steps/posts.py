"""The posts above and below people: who leads their unit, and who is on the next level down."""

from collections.abc import Iterable, Mapping

from engine.executor import Context
from engine.store import people, reach

LEADER = "unit_leader"
Tree = Mapping[str, tuple[str | None, str | None]]


def units_of(ctx: Context, who: Iterable[str]) -> set[str]:
    """Give the units of some people."""
    return {unit for units in reach.units(ctx.connection, who).values() for unit in units}


def leaders(ctx: Context, units: Iterable[str], but: Iterable[str]) -> list[str]:
    """Give who leads each unit, else the nearest unit above that somebody else leads: nobody is their own leader."""
    tree, leading = reach.tree(ctx.connection), people.by_unit(ctx.connection, LEADER)
    not_these, found = set(but), set[str]()
    for unit in units:
        one: str | None = unit
        seen: set[str] = set()
        while one is not None and one in tree and one not in seen:
            others = leading.get(one, set()) - not_these
            if others:
                found |= others
                break
            seen.add(one)
            one = tree[one][0]
    return sorted(found)


def level_below(ctx: Context, units: Iterable[str]) -> list[str]:
    """Give who leads the units right below some units, and everybody of those below that nobody leads."""
    above = set(units)
    leading, members = people.by_unit(ctx.connection, LEADER), people.by_unit(ctx.connection)
    below = [unit for unit, (parent, _) in reach.tree(ctx.connection).items() if parent in above]
    return sorted({who for unit in below for who in leading.get(unit) or members.get(unit) or ()})
