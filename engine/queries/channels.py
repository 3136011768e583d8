"""Channels: as workers open them, and as administrators watch them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from engine.domain.actors import SYSTEM
from engine.domain.channel_setup import HOOK_SECRETS, TEST, ChannelSetup
from engine.domain.errors import NotFound
from engine.domain.signatures import Signed, verify
from engine.executor import Context
from engine.queries.operations import require_admin
from engine.store import channels, people

NEWEST = 20
"""Attempts shown of one channel."""


@dataclass(frozen=True, slots=True)
class ChannelSetups:
    """Every channel with its secrets in clear, for workers; switched off ones too, for they may be tried out."""

    def read(self, ctx: Context) -> list[ChannelSetup]:
        """Give them by name, in one statement. Raises NotFound for everybody who is no machine."""
        if ctx.actor is not SYSTEM:
            raise NotFound("没有这个页面")
        return [channels.setup_of(row, ctx.engine.settings.secret) for row in channels.every(ctx.connection)]


@dataclass(frozen=True, slots=True)
class VerifyCall:
    """Whether a call that says it comes from a channel's provider was signed with the secret kept for that."""

    channel: str
    headers: Mapping[str, str]
    """By name in lower case."""
    body: bytes = field(repr=False)

    def read(self, ctx: Context) -> Signed | None:
        """Give the call's number and moment; None where anything is wrong, without a word of what."""
        row = channels.find(ctx.connection, self.channel)
        if row is None:
            return None
        kept = channels.setup_of(row, ctx.engine.settings.secret).secrets
        keys = [kept[name] for name in HOOK_SECRETS if name in kept]
        return verify(keys, self.headers, self.body, ctx.lease_now)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a provider answered to one attempt."""

    number: int
    at: datetime
    outcome: str
    code: str
    words: str
    notice: str = ""


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """How one channel fares."""

    key: str
    kind: str
    name: str
    unit: str
    """Name of the unit it serves; empty: everyone."""
    is_on: bool
    trouble: str
    waiting: int
    oldest: datetime | None
    """When the oldest message that is due and not sent fell due."""
    failed: int
    last_delivered: datetime | None
    last_failure: Attempt | None
    rate: int | None
    rate_seconds: int | None
    used: int
    """Messages sent in the window that ends now."""
    held_until: datetime | None
    """The provider asked the whole channel to wait until then; by the lease clock."""
    held_words: str


@dataclass(frozen=True, slots=True)
class Channels:
    """All channels and how they fare; for administrators."""

    def read(self, ctx: Context) -> list[ChannelLine]:
        """Give them by name, in seven statements however many there are. Raises NotFound for others."""
        require_admin(ctx)
        return _lines(ctx, channels.every(ctx.connection))


@dataclass(frozen=True, slots=True)
class ChannelView:
    """One channel: its settings, the names of the secrets it has, and the newest attempts."""

    line: ChannelLine
    unit: str
    settings: Mapping[str, str]
    kept: frozenset[str]
    allows_inside: bool
    version: int
    changed_at: datetime
    changed_by: str
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class ShowChannel:
    """One channel; for administrators. Its secrets stay sealed."""

    key: str

    def read(self, ctx: Context) -> ChannelView:
        """Give it; raise NotFound."""
        require_admin(ctx)
        row = channels.find(ctx.connection, self.key)
        if row is None:
            raise NotFound(f"没有通道 {self.key}")
        [line] = _lines(ctx, [row])
        return ChannelView(
            line,
            row.unit or "",
            row.settings,
            frozenset(row.secrets),
            row.allows_inside,
            row.version,
            row.changed_at,
            people.name_of(ctx.connection, row.changed_by),
            tuple(_attempt(one, one.notice) for one in channels.attempts(ctx.connection, self.key, NEWEST)),
        )


@dataclass(frozen=True, slots=True)
class ChannelTestView:
    """What became of a message by which a channel was tried out."""

    id: int
    channel: str
    name: str
    recipient: str
    created_at: datetime
    run_at: datetime
    """When it is tried again."""
    state: str
    attempts: tuple[Attempt, ...]
    held_until: datetime | None = None
    """The channel has to wait until then before anything leaves."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state not in ("ready", "leased")


@dataclass(frozen=True, slots=True)
class ShowChannelTest:
    """How trying a channel out went; for administrators."""

    key: str
    outbox_id: int

    def read(self, ctx: Context) -> ChannelTestView:
        """Give it; raise NotFound."""
        require_admin(ctx)
        row, channel = (
            channels.test_of(ctx.connection, self.key, self.outbox_id, TEST),
            channels.find(ctx.connection, self.key),
        )
        if row is None or channel is None:
            raise NotFound("没有这次测试")
        told = tuple(_attempt(one) for one in channels.attempts_of(ctx.connection, row.id))
        held = _lines(ctx, [channel])[0].held_until
        to = row.recipient.partition(":")[2]
        return ChannelTestView(row.id, self.key, channel.name, to, row.created_at, row.run_at, row.state, told, held)


def _attempt(row: Row[Any], notice: str = "") -> Attempt:
    return Attempt(row.number, row.at, row.outcome, row.code, row.words, notice)


def _lines(ctx: Context, rows: list[Row[Any]]) -> list[ChannelLine]:
    connection = ctx.connection
    waiting, failed = channels.waiting(connection, ctx.now), channels.failed(connection)
    paces, units = channels.paces(connection), people.unit_names(connection)
    delivered, failures = channels.last(connection, ("delivered",)), channels.last(connection, channels.FAILURES)
    lines = []
    for row in rows:
        setup = channels.setup_of(row, ctx.engine.settings.secret)
        count, oldest = waiting.get(row.key, (0, None))
        pace, good, bad = paces.get(row.key), delivered.get(row.key), failures.get(row.key)
        held_until = channels.held_until(pace, ctx.lease_now)
        lines.append(
            ChannelLine(
                row.key,
                row.kind,
                row.name,
                units.get(row.unit, row.unit) or "" if row.unit else "",
                row.is_on,
                setup.trouble,
                count,
                oldest,
                failed.get(row.key, 0),
                good.at if good is not None else None,
                _attempt(bad) if bad is not None else None,
                row.rate,
                row.rate_seconds,
                channels.used(pace.moments, ctx.lease_now, row.rate_seconds) if pace is not None else 0,
                held_until,
                f"{pace.code or ''} {pace.words or ''}".strip() if pace is not None and held_until else "",
            )
        )
    return lines
