"""What becomes of a leaver's work (离职转办): the same judgement before anything moves and when it does."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from engine.domain.actors import Actor, principal
from engine.domain.clock import local
from engine.domain.errors import Invalid
from engine.domain.substitution import Substitution
from engine.executor import Context
from engine.steps import duty
from engine.store import people, substitutes

GIVEN, ASKING, OFFERED, RETURNED, STAYS = "given", "asking", "offered", "returned", "stays"
"""In the leaver's hands and given on; with somebody they asked, who answers the receiver from now on; free and offered to
them by name; lent to them and given back to who asked; not to be given to this receiver."""
SIGNING, NAMED = "signing", "named"
"""Theirs to sign (加签), now or once it is handed in; in other hands, and offered to them by name if it is put back."""


class Held(Protocol):
    """What is asked of a task."""

    @property
    def assignee(self) -> str | None:
        """In whose hands it is."""

    @property
    def owner(self) -> str | None:
        """Who asked its holder (委派)."""

    @property
    def groups(self) -> Sequence[str]:
        """Whom it may be given to, in performer words."""

    @property
    def held(self) -> Mapping[str, Any] | None:
        """Answers that wait for signatures, and `by` whom."""

    @property
    def barred(self) -> Sequence[str] | None:
        """Whom a rule of assignment keeps from it."""


def receiver_of(ctx: Context, leaver: str, to: str) -> Actor:
    """Give who takes over; raise Invalid for the leaver, or somebody who cannot work."""
    known = people.actor(ctx.connection, to)
    if known is None or to == leaver:
        raise Invalid("请选一个在用的接手人")
    return known.actor


def fates(
    task: Held, owing: Collection[str], leaver: str, receiver: Actor, *, recused: bool, co_signs: bool
) -> list[str]:
    """Say what becomes of an open task that people still have to sign (`owing`): of the signature first. Its case may be
    about the receiver (回避), or they co-sign the same step (会签). Nothing where it is not the leaver's at all.
    """
    found = []
    if leaver in owing:
        theirs = receiver.id in (task.assignee, task.owner, (task.held or {}).get("by"))
        found.append(STAYS if recused or theirs or receiver.id in owing else SIGNING)
    own = _own_fate(task, leaver, receiver, unfit=recused or co_signs)
    return list(dict.fromkeys([*found, *([own] if own else [])]))


def _own_fate(task: Held, leaver: str, receiver: Actor, *, unfit: bool) -> str | None:
    if task.owner is not None and task.assignee == leaver:
        return RETURNED
    if leaver in (task.owner, task.assignee):
        if unfit or not _could_hold(receiver, task, leaver):
            return STAYS
        return ASKING if task.owner == leaver and task.assignee != receiver.id else GIVEN
    if named(leaver) not in task.groups:
        return None
    if unfit or receiver.id in (task.barred or ()):
        return STAYS
    return OFFERED if task.assignee is None else NAMED


def _could_hold(receiver: Actor, task: Held, leaver: str) -> bool:
    """One of a task's candidates takes it over; where the leaver was named, or nobody is, whoever is chosen now."""
    if receiver.id in (task.barred or ()):
        return False
    if not task.groups or named(leaver) in task.groups:
        return True
    return not receiver.principals.isdisjoint(principal(term) for term in task.groups)


def named(person: str) -> str:
    """Give the performer word that means one person."""
    return f"person:{person}"


def instead(groups: Sequence[str], leaver: str, receiver: str) -> list[str]:
    """Give candidates with the receiver in the leaver's place, each once."""
    return list(dict.fromkeys(named(receiver) if term == named(leaver) else term for term in groups))


def rules_of(ctx: Context, leaver: str) -> list[Substitution]:
    """Give the rules about stand-ins that a leaver leaves behind: away or standing in, running or to come."""
    rules = substitutes.every(ctx.connection)
    return [rule for rule in rules if leaver in (rule.principal, rule.person) and rule.until_at > ctx.now]


def duties_of(ctx: Context, leaver: str) -> list[str]:
    """Give the names of the rosters on which a leaver still has turns: an admin mans them anew."""
    today = local(ctx.now).date()
    return [
        roster.name
        for roster in duty.every(ctx).values()
        if any(turn.person == leaver and (turn.last is None or turn.last >= today) for turn in roster.turns)
    ]
