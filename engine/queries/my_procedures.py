"""Released procedures from somebody's side: those one may start, those one works in, and what all are called."""

from dataclasses import dataclass

from engine.domain.actors import Actor
from engine.domain.procedure import Procedure
from engine.executor import Context
from engine.steps.released import Released, released
from engine.store import definitions


@dataclass(frozen=True, slots=True)
class Startable:
    """A procedure by key and title, and what starting it is called."""

    process: str
    title: str
    starting: str


def startable(procedure: Procedure) -> Startable:
    """Give how a procedure is offered."""
    return Startable(procedure.id, procedure.title, procedure.starting or procedure.title)


def may_start(procedure: Procedure, actor: Actor) -> bool:
    """Whether a role of somebody's starts a procedure."""
    return not procedure.starters or bool(procedure.starters & actor.roles)


@dataclass(frozen=True, slots=True)
class MyStarts:
    """The procedures the actor's roles may start."""

    def read(self, ctx: Context) -> list[Startable]:
        """Give them in order of key."""
        found = [released(ctx, ident).procedure for ident in definitions.active_ids(ctx.connection)]
        return [startable(p) for p in found if may_start(p, ctx.actor)]


@dataclass(frozen=True, slots=True)
class MyProcedures:
    """The procedures the actor has to do with: starts, urges, supervises or performs a step of."""

    def read(self, ctx: Context) -> list[Startable]:
        """Give them in order of key."""
        found = [released(ctx, ident) for ident in definitions.active_ids(ctx.connection)]
        return [startable(v.procedure) for v in found if ctx.actor.roles & _roles(v)]


def _roles(version: Released) -> frozenset[str]:
    procedure = version.procedure
    performers = {
        term.strip().partition("@")[0].removeprefix("role:")
        for element in version.definition.elements.values()
        for term in element.attributes.get("candidateGroups", "").split(",")
    }
    return procedure.starters | procedure.supervisors | procedure.urgers | performers


@dataclass(frozen=True, slots=True)
class ProcedureTitles:
    """The titles of all released procedures."""

    def read(self, ctx: Context) -> dict[str, str]:
        """Give them by key."""
        found = [released(ctx, ident).procedure for ident in definitions.active_ids(ctx.connection)]
        return {procedure.id: procedure.title for procedure in found}
