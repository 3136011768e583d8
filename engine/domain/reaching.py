"""Addresses and wishes as people type them."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from engine.domain.errors import Invalid
from engine.domain.notice_rules import CHANNEL_KINDS, KINDS

_EMAIL = re.compile(r"[^\s@<>(),;:\\\"\[\]]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_PHONE = re.compile(r"\+?\d{6,19}")
_LONGEST_EMAIL = 254


def is_email(text: str) -> bool:
    """Say whether a text is one plain mail address."""
    return len(text) <= _LONGEST_EMAIL and _EMAIL.fullmatch(text) is not None and ".." not in text


def email(text: str) -> str | None:
    """Give a mail address as kept, None for none; raise Invalid."""
    said = text.strip()
    if said and not is_email(said):
        raise Invalid("请填一个邮箱地址,如 wang@example.cn")
    return said or None


def phone(text: str) -> str | None:
    """Give a phone number as kept, without blanks and dashes, None for none; raise Invalid."""
    said = re.sub(r"[\s-]", "", text)
    if said and not _PHONE.fullmatch(said):
        raise Invalid("请填一个手机号,只写数字")
    return said or None


def wish(kind: str, channels: Sequence[str]) -> tuple[str, ...]:
    """Give the kinds of channels wished for a kind of notice, in order; raise Invalid."""
    if kind not in KINDS:
        raise Invalid(f"没有“{kind}”这一类通知;有:{'、'.join(KINDS)}")
    found = tuple(dict.fromkeys(channels))
    if unknown := [one for one in found if one not in CHANNEL_KINDS]:
        raise Invalid(f"没有“{unknown[0]}”这种通道;有:{'、'.join(CHANNEL_KINDS)}")
    return found


def usual(text: str) -> str:
    """Give the office's choice as it is kept: JSON, kind of notice → list of kinds of channels; raise Invalid."""
    try:
        said: Any = json.loads(text)
    except ValueError:
        raise Invalid('notice_channels 要写成 JSON,如 {"assigned": ["wecom", "email"]}') from None
    if not isinstance(said, Mapping) or not all(isinstance(one, list) for one in said.values()):
        raise Invalid('notice_channels 是通知类别到通道种类列表的对应,如 {"assigned": ["wecom", "email"]}')
    kept = {kind: list(wish(str(kind), [str(one) for one in channels])) for kind, channels in said.items()}
    return json.dumps(kept, ensure_ascii=False)
