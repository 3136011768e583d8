"""For whom a message is meant, asked anew when it has waited."""

from dataclasses import dataclass, field
from typing import Any

from engine.domain.message import Message
from engine.domain.notice_rules import NoticeRules
from engine.executor import Context
from engine.steps.performers import people_behind
from engine.steps.posting import post_new
from engine.steps.released import released
from engine.store import instances, notifications

FIXED = ("", "person:", "phone:", "starter")
"""Words that mean the same person for ever."""


@dataclass(slots=True)
class Resolved:
    """What has been asked already: people by step, notice and word."""

    people: dict[tuple[str, str, str], frozenset[str]] = field(default_factory=dict)


def still_meant(ctx: Context, resolved: Resolved, row: Any, person: Any) -> bool:
    """Say whether the word that meant somebody still does; whoever it means now and was not told of this notice is told."""
    word = person.meant
    if row.instance_id is None or word in FIXED or word.startswith(FIXED[1:3]):
        return True
    key = (row.mark.rpartition(":")[0], row.notice, word)
    if key not in resolved.people:
        definition, starter = instances.definition_and_starter(ctx.connection, row.instance_id)
        resolved.people[key] = frozenset(people_behind(ctx, [word], row.instance_id, starter))
        _tell_others(ctx, resolved.people[key], row, person, definition)
    return person.person in resolved.people[key]


def _tell_others(ctx: Context, now: frozenset[str], row: Any, person: Any, definition: int) -> None:
    step = row.mark.rpartition(":")[0] + ":"
    told = notifications.told(ctx.connection, row.instance_id, row.notice, step)
    said = released(ctx, definition).procedure.notice_rules.get(row.notice)
    rules = said or NoticeRules(kind=person.kind, urgent=row.urgent)
    first = next(iter(told.values()), row.mark).partition(">")[0]
    fresh = [
        Message(f"{first}>{who}"[:80], who, row.notice, row.subject, row.body, row.instance_id, person.meant, rules)
        for who in sorted(now - told.keys())
    ]
    if fresh:
        post_new(ctx, fresh)
