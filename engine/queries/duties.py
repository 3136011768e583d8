"""What somebody's roles open beyond their own lists."""

from dataclasses import dataclass

from engine.domain.rights import ADMIN
from engine.executor import Context
from engine.steps.released import released
from engine.store import definitions


@dataclass(frozen=True, slots=True)
class DutiesView:
    """Which entries of the navigation somebody has."""

    starts: bool
    """A role of theirs starts a procedure."""
    watches: bool
    """A role of theirs urges or supervises one."""
    administers: bool


@dataclass(frozen=True, slots=True)
class Duties:
    """What the asking person's roles are for."""

    def read(self, ctx: Context) -> DutiesView:
        """Say so, over all released procedures."""
        starts: set[str] = set()
        watches: set[str] = set()
        for ident in definitions.active_ids(ctx.connection):
            procedure = released(ctx, ident).procedure
            starts |= procedure.starters
            watches |= procedure.supervisors | procedure.urgers
        mine = ctx.actor.roles
        return DutiesView(bool(mine & starts), bool(mine & watches), ADMIN in mine)
