"""Who stands in for whom (代理), as the step sees it."""

from collections.abc import Iterable

from engine.domain.substitution import Substitution
from engine.executor import Context
from engine.store import people, settings, substitutes


def every(ctx: Context) -> tuple[Substitution, ...]:
    """Give all rules that nobody has ended early; for the machine their version costs one statement."""
    if ctx.substitutes is None:
        ctx.substitutes = ctx.engine.substitutes(ctx.connection, settings.get(ctx.connection, substitutes.VERSION))
    return ctx.substitutes


def standing_in(ctx: Context, away: Iterable[str], process: str) -> dict[str, str]:
    """Give the active people who stand in now, in a procedure, for some who are away: person → whom they stand in for."""
    wanted = set(away)
    found = {
        rule.person: rule.principal
        for rule in every(ctx)
        if rule.principal in wanted and rule.holds(ctx.now) and rule.covers(process)
    }
    working = set(people.active(ctx.connection, {*found, *found.values()})) if found else set()
    return {who: whose for who, whose in found.items() if who in working and whose in working}
