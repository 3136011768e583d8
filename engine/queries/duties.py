"""What somebody's roles open beyond their own lists."""

from dataclasses import dataclass

from engine.domain.rights import ADMIN
from engine.executor import Context
from engine.queries.my_procedures import Startable, may_start, startable
from engine.steps import duty
from engine.steps.released import released
from engine.store import definitions


@dataclass(frozen=True, slots=True)
class DutiesView:
    """Which entries of the navigation somebody has."""

    starts: list[Startable]
    """The procedures that a role of theirs starts."""
    watches: bool
    """A role of theirs urges or supervises one that is handed over to units: it has a board."""
    administers: bool
    turns: bool = False
    """They take turns on some duty roster."""
    on_duty: bool = False
    """It is their turn now."""


@dataclass(frozen=True, slots=True)
class Duties:
    """What the asking person's roles are for."""

    def read(self, ctx: Context) -> DutiesView:
        """Say so, over all released procedures."""
        mine = ctx.actor.roles
        found = [released(ctx, ident).procedure for ident in definitions.active_ids(ctx.connection)]
        starts = [startable(p) for p in found if may_start(p, ctx.actor)]
        watches = any(p.dispatch and mine & (p.supervisors | p.urgers) for p in found)
        turns = any(ctx.actor.id in roster.people for roster in duty.every(ctx).values())
        return DutiesView(starts, watches, ADMIN in mine, turns, bool(ctx.actor.duties))
