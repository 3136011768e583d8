"""By which channels messages go to people, and when the first may leave: decided when they are put, for all of them at once."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.domain.chain import Reach, Way, chain, kinds_for
from engine.domain.message import Message
from engine.executor import Context
from engine.steps import pacing, quiet_hours
from engine.store import reach, settings, ways

CONSOLE = "console"
SMS = "sms"
USUAL = "notice_channels"
"""The setting with the office's choice: JSON, kind of notice → kinds of channels in order."""


@dataclass(frozen=True, slots=True)
class Route:
    """The channels to try in order, none for the inbox alone; the first one not before `run_at`."""

    channels: tuple[str, ...]
    run_at: datetime


@dataclass(slots=True)
class Known:
    """What is known of the people who are told."""

    reaches: dict[str, Reach] = field(default_factory=dict)
    quiet: dict[str, bool | None] = field(default_factory=dict)
    """Whether they want quiet outside their hours; None: as the office has it."""
    calendars: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Of their units; none: the organisation's."""


def routes(ctx: Context, messages: Sequence[Message]) -> list[Route]:
    """Give the route of each message in order; a constant number of statements, and one where no channel is set up."""
    running = ways.every(ctx.connection)
    if not running:
        return [Route((SMS if message.is_outside else CONSOLE,), ctx.now) for message in messages]
    on = [one.way for one in running.values() if one.is_on]
    known = people(ctx, {m.recipient for m in messages if not m.is_outside})
    usual = json.loads(settings.get(ctx.connection, USUAL) or "{}")
    hours = quiet_hours.Hours(ctx)
    found = [_outside(ctx, on) if m.is_outside else _inside(ctx, m, on, known, usual, hours) for m in messages]
    if not any(m.rules.urgent and len(r.channels) > 1 for m, r in zip(messages, found, strict=True)):
        return found
    waits = pacing.blocked(ctx)
    return [_free_first(r, waits) if m.rules.urgent else r for m, r in zip(messages, found, strict=True)]


def _free_first(route: Route, waits: Mapping[str, Any]) -> Route:
    """What is urgent does not queue before a channel that has to wait while another of its chain is free."""
    return Route(tuple(sorted(route.channels, key=lambda channel: channel in waits)), route.run_at)


def _outside(ctx: Context, on: Sequence[Way]) -> Route:
    everyones = [way.key for way in on if way.kind == SMS and way.unit is None]
    return Route((everyones[0] if everyones else SMS,), ctx.now)


def _inside(
    ctx: Context,
    message: Message,
    on: Sequence[Way],
    known: Known,
    usual: Mapping[str, Sequence[str]],
    hours: "quiet_hours.Hours",
) -> Route:
    who = message.recipient
    found = known.reaches.get(who, Reach())
    channels = chain(kinds_for(message.rules, found, usual), on, found)
    if message.rules.urgent or not channels:
        return Route(channels, ctx.now)
    return Route(channels, hours.opening(message.meant, known.quiet.get(who), known.calendars.get(who, ())))


def people(ctx: Context, who: Iterable[str]) -> Known:
    """Give how some people can be reached, in three statements."""
    wanted = sorted(who)
    if not wanted:
        return Known()
    said: dict[str, Any] = {}
    wishes: dict[str, dict[str, Sequence[str]]] = {}
    for row in reach.wishes(ctx.connection, wanted):
        said[row.id] = row
        if row.kind is not None:
            wishes.setdefault(row.id, {})[row.kind] = row.channels
    units, tree = reach.units(ctx.connection, wanted), reach.tree(ctx.connection)
    found = Known()
    for ident, row in said.items():
        above = _above(units.get(ident, ()), tree)
        found.reaches[ident] = Reach(row.email or "", row.phone or "", wishes.get(ident, {}), above)
        found.quiet[ident] = row.quiet
        found.calendars[ident] = _calendars(units.get(ident, ()), tree)
    return found


def _above(units: Iterable[str], tree: Mapping[str, tuple[str | None, str | None]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for unit in units:
        for distance, one in enumerate(_line(unit, tree)):
            found[one] = min(distance, found.get(one, distance))
    return found


def _calendars(units: Iterable[str], tree: Mapping[str, tuple[str | None, str | None]]) -> tuple[str, ...]:
    """Give for each unit its calendar or that of the nearest unit above that has one."""
    nearest = (next((c for one in _line(unit, tree) if (c := tree[one][1])), None) for unit in units)
    return tuple(sorted({key for key in nearest if key}))


def _line(unit: str, tree: Mapping[str, tuple[str | None, str | None]]) -> list[str]:
    """Give a unit and those above it, nearest first."""
    found: list[str] = []
    one: str | None = unit
    while one is not None and one in tree and one not in found:
        found.append(one)
        one = tree[one][0]
    return found
