"""Limits that a step computed while a calendar changed: it read the version before, and committed after the change.

Steps do not wait for a change, nor a change for them: a change of all national days may take a while, and nobody should
stand still for it. What such a step wrote says by which version it was computed, and is found by that afterwards.
On SQLite there are none: writers come one after another.
"""

from datetime import date, timedelta
from typing import Any

from engine.domain.calendar_change import touched
from engine.executor import Context
from engine.steps import limits
from engine.steps.calendar_change import reach_of
from engine.steps.moved_limits import Calendars
from engine.store import calendars, moved_limits
from engine.store.moved_limits import Reach

WATCHED = timedelta(hours=1)
"""How long after a change late limits are looked for: far longer than any step takes."""


def late_versions(ctx: Context) -> list[int]:
    """Give the versions made lately that some open limit should have heard of and has not, oldest first."""
    found = []
    for version in calendars.changes_since(ctx.connection, ctx.now - WATCHED):
        reach, _ = late(ctx, version)
        if reach and moved_limits.cases(ctx.connection, reach, 0, 1):
            found.append(int(version.id))
    return found


def late(ctx: Context, version: Any) -> tuple[Reach | None, Calendars]:
    """Give where the late limits of a `calendar_version` row are to be found, and each calendar before it and now."""
    number = version.id
    days = ctx.engine.cached("calendar_touched", number, lambda: _touched(ctx, version))
    reach = reach_of(ctx, list(days), {day for several in days.values() for day in several}, before=number)
    pairs = {key: (limits.calendar_at(ctx, key, number - 1), limits.calendar(ctx, key)) for key in days}
    return reach, pairs


def _touched(ctx: Context, version: Any) -> dict[str, tuple[date, ...]]:
    """Give the first and the last day that a version changed, for each calendar it touched."""
    found: dict[str, tuple[date, ...]] = {}
    for key in [version.calendar] if version.calendar else calendars.names(ctx.connection):
        before, after = (limits.calendar_at(ctx, key, n) for n in (version.id - 1, version.id))
        if days := touched(before, after):
            found[key] = min(days), max(days)
    return found
