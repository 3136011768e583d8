"""Who is on duty now, as the step sees it."""

from collections.abc import Mapping

from engine.domain.duty_roster import DutyRoster
from engine.executor import Context
from engine.store import rosters, settings


def every(ctx: Context) -> Mapping[str, DutyRoster]:
    """Give all rosters by key, read once per version and process; the version costs one statement."""
    version = settings.get(ctx.connection, rosters.VERSION)
    return ctx.engine.cached("rosters", version, lambda: rosters.every(ctx.connection)) if version else {}


def on_duty(ctx: Context, key: str) -> tuple[str, ...]:
    """Give the people on duty at the step's moment; nobody for a roster that does not exist."""
    roster = every(ctx).get(key)
    return roster.on_duty(ctx.now) if roster else ()
