"""What is due, and when the next thing will be."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, true

from engine.domain.deadline import parse
from engine.executor import Context
from engine.steps import pacing
from engine.steps.late_limits import late_versions
from engine.store import calendars, pauses, slips, timers
from engine.store import outbox as messages
from engine.store.tables import job, outbox


@dataclass(frozen=True, slots=True)
class DueTimers:
    """Ids of timers whose moment has come, oldest first, one of each case at a time."""

    limit: int = 100

    def read(self, ctx: Context) -> list[int]:
        """Give the ids."""
        return timers.due(ctx.connection, ctx.now, self.limit)


@dataclass(frozen=True, slots=True)
class DuePauses:
    """Ids of pauses whose review date has come, oldest first."""

    limit: int = 100

    def read(self, ctx: Context) -> list[int]:
        """Give the ids."""
        return pauses.to_review(ctx.connection, ctx.now, self.limit)


@dataclass(frozen=True, slots=True)
class DueSlips:
    """Ids of slips whose answer should have come, oldest first."""

    limit: int = 100

    def read(self, ctx: Context) -> list[int]:
        """Give the ids."""
        return slips.overdue(ctx.connection, ctx.now, self.limit)


@dataclass(frozen=True, slots=True)
class LateLimits:
    """The versions of calendars that limits opened at the same moment have missed, oldest first."""

    def read(self, ctx: Context) -> list[int]:
        """Give their numbers; one statement while no calendar has changed for an hour."""
        return late_versions(ctx)


@dataclass(frozen=True, slots=True)
class NextMoment:
    """The earliest moment at which a timer, job, message, pause or slip will want attention; None when nothing waits."""

    def read(self, ctx: Context) -> datetime | None:
        """Give the moment, UTC."""
        waiting = [
            timers.next_due(ctx.connection),
            pauses.next_review(ctx.connection),
            slips.next_overdue(ctx.connection),
            ctx.connection.execute(select(func.min(job.c.run_at)).where(job.c.state == "ready")).scalar(),
            _next_message(ctx),
        ]
        return min((at for at in waiting if at is not None), default=None)


@dataclass(frozen=True, slots=True)
class WaitingChannels:
    """The channels that have something to send now; those that have to wait for their window are none of them."""

    def read(self, ctx: Context) -> list[str]:
        """Give their names, sorted."""
        held = pacing.blocked(ctx)
        return [name for name in messages.channels(ctx.connection, ctx.now, ctx.lease_now) if name not in held]


def _next_message(ctx: Context) -> datetime | None:
    """Give when the next message may leave: its own moment, or when its channel's window has room again."""
    held = pacing.blocked(ctx)
    if not held:
        return ctx.connection.execute(select(func.min(outbox.c.run_at)).where(outbox.c.state == "ready")).scalar()
    found = [
        max(at, ctx.now + held.get(name, timedelta()))
        for name in messages.ready(ctx.connection)
        if (at := messages.earliest(ctx.connection, name)) is not None
    ]
    return min(found, default=None)


@dataclass(frozen=True, slots=True)
class AnythingDue:
    """Whether a timer, job, message, pause or slip wants attention now."""

    def read(self, ctx: Context) -> bool:
        """Say so."""
        held = pacing.blocked(ctx)
        queued = [
            select(t.c.id)
            .where(or_((t.c.state == "ready") & (t.c.run_at <= ctx.now) & free, t.c.state == "leased"))
            .limit(1)
            for t, free in ((job, true()), (outbox, outbox.c.channel.not_in(held) if held else true()))
        ]
        found = timers.due, pauses.to_review, slips.overdue
        told = any(due(ctx.connection, ctx.now, 1) for due in found)
        return told or any(ctx.connection.execute(query).first() is not None for query in queued)


@dataclass(frozen=True, slots=True)
class WhenDue:
    """When a limit's text, counted from now, falls due by a calendar."""

    text: str
    calendar: str

    def read(self, ctx: Context) -> datetime:
        """Give the moment; raise InvalidDeadline, NotFound."""
        return parse(self.text).due(ctx.now, calendars.get(ctx.connection, self.calendar)).at
