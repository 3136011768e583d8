"""Who is on duty now, as the step sees it."""

from collections.abc import Mapping

from engine.domain.duty_roster import DutyRoster
from engine.executor import Context
from engine.store import rosters, settings

TERM = "duty:"
"""How performer words name a roster."""


def every(ctx: Context) -> Mapping[str, DutyRoster]:
    """Give all rosters by key; for the machine, which has no duties itself, their version costs one statement."""
    if ctx.rosters is None:
        ctx.rosters = ctx.engine.rosters(ctx.connection, settings.get(ctx.connection, rosters.VERSION))
    return ctx.rosters


def on_duty(ctx: Context, key: str) -> tuple[str, ...]:
    """Give the people on duty at the step's moment; nobody for a roster that does not exist."""
    roster = every(ctx).get(key)
    return roster.on_duty(ctx.now) if roster else ()
