"""What became of each notice of a case: by which ways it went, and every answer on them, read live from the rows."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from engine.executor import Context
from engine.store.tables import channel, delivery_attempt, notification, outbox, person

_LEADER = outbox.alias("leader")
_ANSWERED = func.coalesce(outbox.c.merged_into, outbox.c.id)
"""The message by which a notice went: its own, or the digest that it was merged into."""


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One answer: delivered | rejected | retry | unknown, and later confirmed | undelivered."""

    at: datetime
    outcome: str
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class WayView:
    """One way by which a notice went or is to go."""

    outbox_id: int
    channel: str
    channel_kind: str
    channel_name: str
    """As it is called where channels are set up; the key itself where it is not."""
    recipient: str
    state: str
    """ready | leased | sent | failed | passed_on | unneeded; of a digest, that of the digest."""
    is_merged: bool
    """Whether it went together with others."""
    run_at: datetime
    """When it is tried, or is tried again; later than now for what is held."""
    sent_at: datetime | None
    confirmed_at: datetime | None
    receipt: str | None
    error: str | None
    unknowns: int
    """Attempts whose answer was lost: it may have arrived that many times more."""
    attempts: tuple[AttemptView, ...]
    is_follow_up: bool = False
    """Whether it goes only while nobody has read the notice."""


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A notice of a case to one recipient; without `ways` it stands in their inbox alone."""

    notification_id: int | None
    """None for somebody outside, who has no inbox."""
    at: datetime
    notice: str
    kind: str
    subject: str
    urgent: bool
    person: str
    """Empty for somebody outside; the way says where it went."""
    name: str
    read_at: datetime | None
    ways: tuple[WayView, ...]


@dataclass(frozen=True, slots=True)
class DeliveriesOf:
    """The notices of a case, oldest first, each with its ways and attempts in order."""

    instance_id: int

    def read(self, ctx: Context) -> list[DeliveryView]:
        """Give them, in three statements however many they are."""
        told = ctx.connection.execute(
            select(notification, person.c.name)
            .join(person, person.c.id == notification.c.person)
            .where(notification.c.instance_id == self.instance_id)
            .order_by(notification.c.id)
        ).all()
        ways = self._ways(ctx)
        inside = [
            DeliveryView(
                *(n.id, n.created_at, n.notice, n.kind, n.subject, n.urgent, n.person, n.name, n.read_at),
                tuple(way for way, _ in ways.get(n.mark, ())),
            )
            for n in told
        ]
        outside = [
            DeliveryView(None, row.created_at, row.notice, "result", row.subject, row.urgent, "", "", None, (way,))
            for way, row in ways.get(None, ())
        ]
        return sorted(inside + outside, key=lambda delivery: delivery.at)

    def _ways(self, ctx: Context) -> dict[str | None, list[tuple[WayView, Any]]]:
        went = [_LEADER.c[name].label(f"went_{name}") for name in _OF_THE_MESSAGE]
        query = (
            select(outbox, channel.c.kind.label("channel_kind"), channel.c.name.label("channel_name"), *went)
            .join(_LEADER, _LEADER.c.id == _ANSWERED)
            .outerjoin(channel, channel.c.key == outbox.c.channel)
            .where(outbox.c.instance_id == self.instance_id)
            .order_by(outbox.c.id)
        )
        rows = ctx.connection.execute(query).all()
        answers = self._attempts(ctx) if rows else {}
        found: dict[str | None, list[tuple[WayView, Any]]] = defaultdict(list)
        for row in rows:
            found[row.mark].append((_way(row, answers), row))
        return found

    def _attempts(self, ctx: Context) -> dict[int, list[AttemptView]]:
        these = select(_ANSWERED).where(outbox.c.instance_id == self.instance_id)
        query = select(delivery_attempt).where(delivery_attempt.c.outbox_id.in_(these)).order_by(delivery_attempt.c.id)
        found: dict[int, list[AttemptView]] = defaultdict(list)
        for row in ctx.connection.execute(query):
            found[row.outbox_id].append(AttemptView(row.at, row.outcome, row.code, row.words))
        return found


_OF_THE_MESSAGE = ("id", "state", "run_at", "sent_at", "confirmed_at", "receipt", "error", "unknowns")


def _way(row: Any, answers: Mapping[int, list[AttemptView]]) -> WayView:
    is_merged = row.state == "merged"
    return WayView(
        row.id,
        row.channel,
        row.channel_kind or row.channel,
        row.channel_name or row.channel,
        row.recipient,
        row.went_state if is_merged else row.state,
        is_merged,
        *((row.went_run_at, row.went_sent_at) if is_merged else (row.run_at, row.sent_at)),
        *(row.went_confirmed_at, row.went_receipt),
        row.went_error if is_merged else row.error,
        row.went_unknowns,
        tuple(answers.get(row.went_id, ())),
        row.only_unread,
    )
