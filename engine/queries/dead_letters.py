"""Messages that were given up, as administrators send them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from engine.executor import Context
from engine.queries.channels import Attempt
from engine.queries.operations import require_admin
from engine.store import channels
from engine.store.leasing import FAILED
from engine.store.tables import delivery_attempt, outbox, person, work_order

PAGE = 50
_ALONG = outbox.alias("along")


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One message that no channel has taken."""

    id: int
    number: str
    """Of the order it is about; empty for none."""
    notice: str
    recipient: str
    name: str
    """Of the person it is for; empty for somebody outside or another address."""
    created_at: datetime
    unknowns: int
    """Attempts whose answer was lost: it may have arrived that often already."""
    along: int
    """How many other notices go with it."""
    last: Attempt | None
    """The last answer; None where the message was never tried by itself."""
    error: str
    """Why it was given up, where that is not what the last answer says."""


@dataclass(frozen=True, slots=True)
class DeadLettersPage:
    """The dead letters of a channel, a page at a time; `next` opens the following one, None on the last."""

    channel: str
    kind: str
    """Empty where the channel is not set up (any more)."""
    name: str
    total: int
    rows: tuple[DeadLetter, ...]
    next: int | None


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """What was given up on a channel, also on one that is there no longer; for administrators."""

    channel: str
    after: int = 0

    def read(self, ctx: Context) -> DeadLettersPage:
        """Give at most PAGE of them, oldest first, in four statements. Raises NotFound for others."""
        require_admin(ctx)
        setup = channels.find(ctx.connection, self.channel)
        given_up = (outbox.c.state == FAILED, outbox.c.channel == self.channel)
        total = ctx.connection.execute(select(func.count()).select_from(outbox).where(*given_up)).scalar_one()
        along = (
            select(func.count())
            .where(_ALONG.c.merged_into == outbox.c.id, _ALONG.c.state == "merged")
            .scalar_subquery()
        )
        query = (
            select(outbox, work_order.c.number, person.c.name, along.label("along"))
            .outerjoin(work_order, work_order.c.instance_id == outbox.c.instance_id)
            .outerjoin(person, person.c.id == outbox.c.recipient)
            .where(*given_up, outbox.c.id > self.after)
            .order_by(outbox.c.id)
            .limit(PAGE + 1)
        )
        found = ctx.connection.execute(query).all()
        rows = found[:PAGE]
        last = _last(ctx, [row.id for row in rows])
        return DeadLettersPage(
            self.channel,
            setup.kind if setup is not None else "",
            setup.name if setup is not None else self.channel,
            int(total),
            tuple(_letter(row, last.get(row.id)) for row in rows),
            rows[-1].id if len(found) > PAGE else None,
        )


def _last(ctx: Context, ids: Sequence[int]) -> dict[int, Attempt]:
    newest = select(func.max(delivery_attempt.c.id)).where(delivery_attempt.c.outbox_id.in_(ids))
    query = select(delivery_attempt).where(delivery_attempt.c.id.in_(newest.group_by(delivery_attempt.c.outbox_id)))
    rows = ctx.connection.execute(query)
    return {row.outbox_id: Attempt(row.number, row.at, row.outcome, row.code, row.words) for row in rows}


def _letter(row: Any, last: Attempt | None) -> DeadLetter:
    error = row.error or ""
    said = last is not None and error == f"{last.code} {last.words}".strip()
    return DeadLetter(
        *(row.id, row.number or "", row.notice, row.recipient, row.name or "", row.created_at, row.unknowns, row.along),
        last,
        "" if said else error,
    )
