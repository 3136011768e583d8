"""What the one who asks may see."""

from collections.abc import Callable

from engine.domain.procedure import Procedure
from engine.executor import Context
from engine.steps.released import released
from engine.store import definitions
from engine.store.visibility import Clause, visible


def scope(ctx: Context) -> Clause:
    """Give the condition on `work_order` for the asking actor."""
    return visible(ctx.actor, _entrusted(ctx, lambda p: p.supervisors | p.urgers | p.pausers))


def supervised(ctx: Context) -> list[str]:
    """Give the procedures whose orders the actor's roles supervise or urge."""
    return _entrusted(ctx, lambda p: p.supervisors | p.urgers)


def _entrusted(ctx: Context, to: Callable[[Procedure], frozenset[str]]) -> list[str]:
    every = (released(ctx, ident).procedure for ident in definitions.active_ids(ctx.connection))
    return [procedure.id for procedure in every if ctx.actor.roles & to(procedure)]
