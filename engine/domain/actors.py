"""Who acts: a person with memberships, or the system itself."""

from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Actor:
    """Somebody who gives a command."""

    id: str
    name: str
    memberships: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    """Pairs of unit and role."""
    duties: frozenset[str] = field(default_factory=frozenset)
    """Rosters on which they are on duty now."""
    stands_in: tuple["StandIn", ...] = ()
    """For whom they stand in now (代理)."""
    is_recused: bool = False
    """Whether the case at hand is about them (回避): then no task of it is theirs, by no name."""

    @property
    def roles(self) -> frozenset[str]:
        """All roles, wherever held."""
        return frozenset(role for _, role in self.memberships)

    @property
    def units(self) -> frozenset[str]:
        """All units belonged to."""
        return frozenset(unit for unit, _ in self.memberships)

    def faces(self, process: str) -> tuple["Actor", ...]:
        """Give in whose names they may act in a procedure: their own first, then of those they stand in for."""
        return (self, *(one.of for one in self.stands_in if one.processes is None or process in one.processes))

    def impartial(self, recused: frozenset[str]) -> "Actor":
        """Give what is left of them in a case that is about some people: an admin stays one, nobody acts for those people."""
        if recused.isdisjoint({self.id, *(one.of.id for one in self.stands_in)}):
            return self
        others = tuple(one for one in self.stands_in if one.of.id not in recused)
        if self.id not in recused:
            return replace(self, stands_in=others)
        held = frozenset((unit, role) for unit, role in self.memberships if role == "admin")
        return replace(self, memberships=held, duties=frozenset(), stands_in=(), is_recused=True)

    @property
    def principals(self) -> frozenset[str]:
        """Every name under which a task may stand in this actor's list."""
        if self.is_recused:
            return frozenset()
        names = {f"person:{self.id}", *(f"duty:{roster}" for roster in self.duties)}
        for unit, role in self.memberships:
            names |= {f"role:{role}", f"role:{role}@{unit}", f"unit:{unit}"}
        return frozenset(names)


@dataclass(frozen=True)
class StandIn:
    """Somebody for whom an actor stands in; whoever stands in for the actor gets nothing of it: there are no chains."""

    of: Actor
    processes: frozenset[str] | None
    """The procedures it holds for; None: all."""


SYSTEM = Actor("system", "系统")
"""Timers, workers and the command line of the machine's owner."""


def principal(term: str) -> str:
    """Turn a performer word of a diagram (`role`, `role@unit`, `unit:…`, `person:…`, `duty:…`) into the name used in lists."""
    return term if term.startswith(("unit:", "person:", "role:", "duty:")) else f"role:{term}"
