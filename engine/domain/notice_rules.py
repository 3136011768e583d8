"""How urgent a notice is and by which ways it goes, as its procedure declares it: `[notice.<name>]` in procedure.toml."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.domain.deadline import parse
from engine.domain.errors import Invalid, InvalidDeadline

KINDS = ("assigned", "reminder", "escalation", "result", "office")
"""What people set their wishes for."""
CHANNEL_KINDS = ("email", "wecom", "dingtalk", "sms", "webhook", "apprise", "console")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True)
class NoticeRules:
    """What a procedure demands of one of its notices."""

    kind: str = "result"
    urgent: bool = False
    """Leaves the house at once, also in quiet hours, and never waits for a digest."""
    mandatory: bool = False
    """Goes by its channels whatever a person has wished."""
    channels: tuple[str, ...] = ()
    """Kinds of channels in order; empty: what the person, else the organisation, has chosen for the kind."""
    unread_after: str = ""
    """The working time after which the next channel is tried while nobody has read it; empty: never."""


PLAIN = NoticeRules()


def parse_rules(said: Mapping[str, Any]) -> dict[str, NoticeRules]:
    """Read the `[notice]` tables; raise Invalid with the place and the reason."""
    return {name: _rules(name, rules) for name, rules in said.items()}


def _rules(name: str, said: Any) -> NoticeRules:
    place = f"procedure.toml 的 [notice.{name}]"
    if not _NAME.fullmatch(name) or not isinstance(said, dict):
        raise Invalid(f"{place} 要写成一张表，名字是通知模板的名字")
    if extra := sorted(said.keys() - NoticeRules.__dataclass_fields__.keys()):
        raise Invalid(f"{place} 里没有 {'、'.join(extra)} 这一项")
    given: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in said.items()}
    rules = NoticeRules(**given)
    if rules.kind not in KINDS:
        raise Invalid(f"{place} 的 kind 只能是 {'、'.join(KINDS)}")
    if not isinstance(rules.urgent, bool) or not isinstance(rules.mandatory, bool):
        raise Invalid(f"{place} 的 urgent、mandatory 只能是 true 或 false")
    if not isinstance(rules.channels, tuple) or not set(rules.channels) <= set(CHANNEL_KINDS):
        raise Invalid(f"{place} 的 channels 是通道种类的列表：{'、'.join(CHANNEL_KINDS)}")
    _require_time(place, rules.unread_after)
    return rules


def _require_time(place: str, text: Any) -> None:
    if text == "":
        return
    try:
        if not isinstance(text, str) or parse(text).amber:
            raise Invalid(f"{place} 的 unread_after 要写一段时间，如“2小时(工作时间)”")
    except InvalidDeadline as error:
        raise Invalid(f"{place} 的 unread_after：{error}") from error
