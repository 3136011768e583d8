"""What the one who asks may see."""

from engine.executor import Context
from engine.steps.released import released
from engine.store import definitions
from engine.store.visibility import Clause, visible


def scope(ctx: Context) -> Clause:
    """Give the condition on `work_order` for the asking actor."""
    return visible(ctx.actor, supervised(ctx))


def supervised(ctx: Context) -> list[str]:
    """Give the procedures whose orders the actor's roles supervise or urge."""
    found = []
    for ident in definitions.active_ids(ctx.connection):
        procedure = released(ctx, ident).procedure
        if ctx.actor.roles & (procedure.supervisors | procedure.urgers):
            found.append(procedure.id)
    return found
