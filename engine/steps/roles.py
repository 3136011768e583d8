"""Which roles there are: the built-in ones, those with a name, those held, and those the released diagrams speak of."""

import re
from functools import partial

from engine.domain.rights import ADMIN, OWNER
from engine.executor import Context
from engine.steps.released import Released, released
from engine.store import definitions, people

LEADER = "unit_leader"
BUILT_IN = {ADMIN: "系统管理员", OWNER: "流程负责人", LEADER: "单位负责人"}
_ROLE = re.compile(r"[a-z][a-z0-9_]*")


def known(ctx: Context) -> dict[str, str]:
    """Give every role's name by its code; a role without a name is called by its code."""
    codes = set(people.roles_held(ctx.connection))
    for ident in definitions.active_ids(ctx.connection):
        codes |= ctx.engine.cached("roles", ident, partial(spoken_of, released(ctx, ident)))
    named = {**BUILT_IN, **people.role_names(ctx.connection)}
    every = {**{code: code for code in codes}, **named}
    return dict(sorted(every.items(), key=lambda pair: (pair[0] not in BUILT_IN, pair[1])))


def spoken_of(version: Released) -> frozenset[str]:
    """Give the roles a procedure names: who starts, urges, supervises, and who may do a task."""
    procedure = version.procedure
    terms = [
        term.strip().removeprefix("role:").partition("@")[0]
        for element in version.definition.elements.values()
        for term in element.attributes.get("candidateGroups", "").split(",")
    ]
    drawn = {term for term in terms if _ROLE.fullmatch(term)}
    return frozenset(drawn | procedure.starters | procedure.urgers | procedure.supervisors)
