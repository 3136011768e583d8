"""Channels by which notices leave the house: set up, changed, switched, dropped and tried out by administrators."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.domain.accounts import shown_name, word_id
from engine.domain.channel_setup import KINDS, TEST, check_address, kind_of, read_setup
from engine.domain.clock import in_words
from engine.domain.errors import Conflict, Invalid, NotFound
from engine.domain.sealing import seal
from engine.executor import Context
from engine.steps.acts import note
from engine.store import channels, outbox, people

LONGEST_KEY = 32
MOST_PER_WINDOW = 100_000
LONGEST_WINDOW = 24 * 3600


@dataclass(frozen=True, slots=True)
class AddChannel:
    """Set up a channel, switched off; `said` holds its settings and secrets by name, as typed."""

    key: str
    kind: str
    name: str
    said: Mapping[str, str] = field(repr=False)
    actor: str
    unit: str = ""
    allows_inside: bool = False
    rate: int | None = None
    """At most so many messages in `rate_seconds`; None: what the kind's provider allows."""
    rate_seconds: int | None = None

    def run(self, ctx: Context) -> str:
        """Give its code as kept. Raises Invalid, Conflict for a code that is taken."""
        key = word_id(self.key, "通道")
        if len(key) > LONGEST_KEY:
            raise Invalid(f"通道代码最多 {LONGEST_KEY} 个字符")
        if key in KINDS and key != self.kind:
            raise Invalid(f"代码 {key} 是一种通道的名字,请换一个")
        if channels.find(ctx.connection, key) is not None:
            raise Conflict(f"已经有代码为 {key} 的通道")
        kind = kind_of(self.kind)
        said = read_setup(self.kind, self.said, allows_inside=self.allows_inside)
        rate = (self.rate, self.rate_seconds) if self.rate else (kind.rate, kind.rate_seconds)
        values = _common(ctx, self.name, self.unit, *rate) | {
            "key": key,
            "kind": self.kind,
            "settings": said.settings,
            "secrets": _sealed(ctx, key, said.secrets),
            "allows_inside": self.allows_inside,
            "is_on": False,
            "version": 1,
        }
        channels.add(ctx.connection, values)
        note(ctx, "ChannelAdded", key, name=values["name"], kind=self.kind, settings=said.settings)
        return key


@dataclass(frozen=True, slots=True)
class ChangeChannel:
    """Change a channel whose version is still the one that was read; a secret left empty stays as it is."""

    key: str
    version: int
    name: str
    said: Mapping[str, str] = field(repr=False)
    actor: str
    unit: str = ""
    allows_inside: bool = False
    rate: int | None = None
    """At most so many messages in `rate_seconds`; None: no limit."""
    rate_seconds: int | None = None

    def run(self, ctx: Context) -> None:
        """Raises NotFound, Invalid; Conflict where somebody else has changed it meanwhile."""
        row = _known(ctx, self.key)
        kept = frozenset(row.secrets)
        said = read_setup(row.kind, self.said, allows_inside=self.allows_inside, kept=kept)
        _require_secrets_for_new_aim(row, said.settings, kept - said.secrets.keys())
        values = _common(ctx, self.name, self.unit, self.rate, self.rate_seconds) | {
            "settings": said.settings,
            "secrets": {**row.secrets, **_sealed(ctx, self.key, said.secrets)},
            "allows_inside": self.allows_inside,
        }
        if not channels.change(ctx.connection, self.key, self.version, values):
            raise Conflict("这个通道刚才被别人改过,请看过再改")
        renewed = sorted(said.secrets)
        note(ctx, "ChannelChanged", self.key, name=values["name"], settings=said.settings, secrets_renewed=renewed)


@dataclass(frozen=True, slots=True)
class SwitchChannel:
    """Let a channel send, or stop it."""

    key: str
    is_on: bool
    actor: str

    def run(self, ctx: Context) -> None:
        """Raises NotFound; Invalid for switching on a channel whose secrets cannot be used."""
        row = _known(ctx, self.key)
        trouble = channels.setup_of(row, ctx.engine.settings.secret).trouble
        if self.is_on and trouble:
            raise Invalid(trouble)
        if row.is_on != self.is_on:
            stamp = {"changed_at": ctx.now, "changed_by": ctx.actor.id}
            channels.change(ctx.connection, self.key, row.version, {"is_on": self.is_on, **stamp})
            note(ctx, "ChannelSwitchedOn" if self.is_on else "ChannelSwitchedOff", self.key, name=row.name)


@dataclass(frozen=True, slots=True)
class DropChannel:
    """Remove a channel on which nothing waits; what was tried through it stays on the timelines."""

    key: str
    actor: str

    def run(self, ctx: Context) -> None:
        """Raises NotFound, Conflict while messages wait or are under way."""
        row = _known(ctx, self.key)
        if count := channels.waiting(ctx.connection, ctx.now, self.key).get(self.key, (0, None))[0]:
            raise Conflict(f"还有 {count} 条通知在这个通道上排队,等发完或先停用,不能删除")
        channels.drop(ctx.connection, self.key)
        note(ctx, "ChannelDropped", self.key, name=row.name, kind=row.kind)


@dataclass(frozen=True, slots=True)
class TestChannel:
    """Put a message for trying a channel out, to an address of the kind it needs; it goes even where the channel is off."""

    __test__ = False  # a command, no test of ours

    key: str
    to: str
    actor: str

    def run(self, ctx: Context) -> int:
        """Give the message's id, by which its attempts are found. Raises NotFound, Invalid."""
        row = _known(ctx, self.key)
        recipient = check_address(row.kind, self.to)
        who = people.name_of(ctx.connection, ctx.actor.id)
        ident = f"test:{row.key}:{secrets.token_hex(8)}"
        values = {
            "instance_id": None,
            "channel": row.key,
            "recipient": recipient,
            "notice": TEST,
            "subject": f"通道测试:{row.name}",
            "body": f"这是 {who} 于 {in_words(ctx.now)} 发的测试消息。收到它,说明“{row.name}”能用。",
            "idempotency_key": ident,
            "created_at": ctx.now,
            "run_at": ctx.now,
            "state": "ready",
            "fence": 0,
            "attempts": 0,
            "urgent": True,
        }
        outbox.put(ctx.connection, [values])
        note(ctx, "ChannelTested", row.key, name=row.name)
        return outbox.id_of(ctx.connection, ident)


def _known(ctx: Context, key: str) -> Any:
    row = channels.find(ctx.connection, key)
    if row is None:
        raise NotFound(f"没有通道 {key}")
    return row


def _common(ctx: Context, name: str, unit: str, rate: int | None, seconds: int | None) -> dict[str, Any]:
    if unit and people.unit_name(ctx.connection, unit) is None:
        raise Invalid(f"没有单位 {unit}")
    if rate is not None and not (0 < rate <= MOST_PER_WINDOW and seconds and 0 < seconds <= LONGEST_WINDOW):
        raise Invalid("限速要写多少秒内至多多少条,如 60 秒 20 条;不限就都空着")
    return {
        "name": shown_name(name, "通道名称"),
        "unit": unit or None,
        "rate": rate,
        "rate_seconds": seconds if rate is not None else None,
        "changed_at": ctx.now,
        "changed_by": ctx.actor.id,
    }


def _sealed(ctx: Context, key: str, said: Mapping[str, str]) -> dict[str, str]:
    secret = ctx.engine.settings.secret
    return {name: seal(text, secret, channels.place(key, name)) for name, text in said.items()}


def _require_secrets_for_new_aim(row: Any, settings: Mapping[str, str], reused: frozenset[str]) -> None:
    """A secret nobody has typed again must not go to another server than the one it was given for."""
    kind = KINDS[row.kind]
    moved = [f.label for f in kind.fields if f.name in kind.aims and row.settings.get(f.name) != settings.get(f.name)]
    again = [f.label for f in kind.fields if f.name in reused]
    if moved and again:
        raise Invalid(f"改了{'、'.join(moved)},请把{'、'.join(again)}重新填一遍")
