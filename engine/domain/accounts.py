"""Accounts: what an id looks like, how long a session lasts, when a door stays shut."""

import re
import unicodedata
from datetime import timedelta

from engine.domain.actors import SYSTEM
from engine.domain.errors import Invalid

IDLE = timedelta(minutes=30)
"""A session nobody uses ends."""
LIFETIME = timedelta(hours=12)
"""A session ends, used or not."""
SEEN_EVERY = timedelta(minutes=1)
"""How exactly the last use is written down: reading pages writes at most this often."""
TRIES = 5
LOCKED_FOR = timedelta(minutes=15)

_PERSON = re.compile(r"[a-z0-9][a-z0-9_.-]{1,63}")
_WORD = re.compile(r"[a-z][a-z0-9_]{1,63}")


def person_id(text: str) -> str:
    """Give an account's id as it is kept (lower case); raise Invalid."""
    ident = typed_id(text)
    if not _PERSON.fullmatch(ident):
        raise Invalid("账号用小写字母、数字、点、横线或下划线,2 到 64 个字符,以字母或数字开头")
    if ident == SYSTEM.id:
        raise Invalid(f"账号 {SYSTEM.id} 留给系统自己用")
    return ident


def typed_id(text: str) -> str:
    """Give what somebody typed into the account field the way ids are kept."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def word_id(text: str, what: str) -> str:
    """Give the code of a unit or role as diagrams write it; raise Invalid."""
    ident = typed_id(text)
    if not _WORD.fullmatch(ident):
        raise Invalid(f"{what}代码用小写字母、数字和下划线,以字母开头,2 到 64 个字符(流程图里也这样写)")
    return ident


def shown_name(text: str, what: str = "姓名") -> str:
    """Give a name on one line; raise Invalid where it is empty or too long."""
    name = " ".join(text.split())
    if not name or not name.isprintable():
        raise Invalid(f"请填{what}")
    if len(name) > 100:
        raise Invalid(f"{what}至多 100 个字")
    return name
