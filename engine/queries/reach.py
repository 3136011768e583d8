"""How somebody can be reached, for the page on which they say so."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from engine.domain.errors import NotFound
from engine.domain.notice_rules import KINDS
from engine.domain.rights import ADMIN
from engine.executor import Context
from engine.steps.quiet_hours import SETTING as QUIET
from engine.steps.released import released
from engine.steps.routing import USUAL
from engine.store import definitions, reach, settings, ways


@dataclass(frozen=True, slots=True)
class WishView:
    """One kind of notice."""

    kind: str
    wished: tuple[str, ...] | None
    """Kinds of channels in order; empty: the inbox alone; None: as the office has chosen."""
    usual: tuple[str, ...] | None
    """What the office has chosen; None: nothing."""
    mandatory: tuple[str, ...]
    """Titles of the procedures that have mandatory notices of this kind, which no wish switches off."""


@dataclass(frozen=True, slots=True)
class ReachView:
    """Somebody's addresses and wishes."""

    person: str
    email: str
    phone: str
    quiet: bool
    wishes: tuple[WishView, ...]
    offered: tuple[str, ...]
    """The kinds of channels that are set up and on."""


@dataclass(frozen=True, slots=True)
class ShowReach:
    """How somebody can be reached: oneself, or for admins anybody."""

    person: str

    def read(self, ctx: Context) -> ReachView:
        """Raises NotFound for nobody, and for somebody else's."""
        rows = reach.wishes(ctx.connection, [self.person])
        if not rows or (self.person != ctx.actor.id and ADMIN not in ctx.actor.roles):
            raise NotFound(f"没有账号 {self.person}")
        wished = {row.kind: tuple(row.channels) for row in rows if row.kind is not None}
        usual: Mapping[str, list[str]] = json.loads(settings.get(ctx.connection, USUAL) or "{}")
        mandatory = _mandatory(ctx)
        quiet = rows[0].quiet
        return ReachView(
            self.person,
            rows[0].email or "",
            rows[0].phone or "",
            settings.get(ctx.connection, QUIET) == "on" if quiet is None else quiet,
            tuple(
                WishView(kind, wished.get(kind), _tuple(usual.get(kind)), tuple(mandatory.get(kind, ())))
                for kind in KINDS
            ),
            tuple(sorted({one.way.kind for one in ways.every(ctx.connection).values() if one.is_on})),
        )


def _tuple(channels: list[str] | None) -> tuple[str, ...] | None:
    return None if channels is None else tuple(channels)


def _mandatory(ctx: Context) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for ident in definitions.active_ids(ctx.connection):
        procedure = released(ctx, ident).procedure
        for kind in sorted({rules.kind for rules in procedure.notice_rules.values() if rules.mandatory}):
            found.setdefault(kind, []).append(procedure.title)
    return found
