"""Many messages that wait for the same person on the same channel leave as one, for ever."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from engine.domain.digest import FROM
from engine.executor import Context
from engine.store import outbox, settings

SETTING = "notice_digest"
"""`off`: every message goes by itself."""


def company(ctx: Context, channel: str, rows: Sequence[Any], owner: str, until: datetime) -> list[Any]:
    """Lease what else is due on a channel for the people of some rows just leased, where it is enough for a digest."""
    here = Counter(row.recipient for row in rows if _is_fresh(row))
    if not here or settings.get(ctx.connection, SETTING) == "off":
        return []
    waiting = outbox.waiting_for(ctx.connection, channel, here, ctx.now)
    there = Counter(row.recipient for row in waiting)
    enough = {who for who, count in here.items() if count + there[who] >= FROM}
    ids = [row.id for row in waiting if row.recipient in enough]
    return outbox.take_these(ctx.connection, ids, owner, until) if ids else []


def gather(ctx: Context, rows: Sequence[Any], extra: Sequence[Any]) -> tuple[list[Any], dict[int, list[Any]]]:
    """Merge what leaves for one person where it is enough; give what leaves, and what each takes along.

    `extra` was leased for the sake of a digest: what does not become part of one is given back. What was leased before keeps
    what it took along then: under one key goes one text.
    """
    along: dict[int, list[Any]] = defaultdict(list)
    before = [row.id for row in rows if row.fence > 1]
    for row in outbox.merged_into(ctx.connection, before) if before else ():
        along[row.merged_into].append(row)
    together: dict[str, list[Any]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: int(row.id)):
        if _is_fresh(row) and row.id not in along:
            together[row.recipient].append(row)
    gone: set[int] = set()
    if extra or any(len(group) >= FROM for group in together.values()):
        gone = _merge(ctx, [group for group in together.values() if len(group) >= FROM], along)
    spare = {row.id for row in extra} - gone - along.keys()
    for row in rows:
        if row.id in spare:
            outbox.let_go(ctx.connection, row.id, row.fence)
    return [row for row in rows if row.id not in gone | spare], along


def _merge(ctx: Context, groups: Sequence[Sequence[Any]], along: dict[int, list[Any]]) -> set[int]:
    gone: set[int] = set()
    if settings.get(ctx.connection, SETTING) == "off":
        return gone
    for leader, *others in groups:
        along[leader.id] = list(others)
        gone |= {row.id for row in others}
        outbox.merge(ctx.connection, [row.id for row in others], leader.id)
    return gone


def _is_fresh(row: Any) -> bool:
    """Whether a row just leased may become part of a digest: it was never tried, is not urgent, and is for somebody of the house."""
    return row.attempts == 1 and row.unknowns == 0 and row.code is None and not row.urgent and row.mark is not None
