"""What providers say, as it may be kept: cut to a sane length, without control characters, and never with our secrets in it."""

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import quote, quote_plus

from engine.domain.delivery import Outcome, Rejected, Retry
from engine.domain.texts import savable

LONGEST = 300
LONGEST_CODE = 64
LONGEST_WAIT = timedelta(hours=24)
_SHORTEST_SECRET = 4
HIDDEN = "***"


def clean(words: object, secrets: Iterable[str] = ()) -> str:
    """Give words on one line, cut, with every secret hidden however it is written."""
    text = str(words)
    for secret in sorted((s for s in secrets if len(s) >= _SHORTEST_SECRET), key=len, reverse=True):
        for written in (secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]):
            text = text.replace(written, HIDDEN)
    text = " ".join(savable(text).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def code_of(said: object, secrets: Iterable[str] = ()) -> str:
    """Give a provider's code as it may be kept."""
    return clean(said, secrets)[:LONGEST_CODE]


def wait_of(header: str) -> timedelta | None:
    """Give what a Retry-After asks for in seconds, at most a day; None for anything else, dates among it."""
    said = header.strip()
    if not (said.isascii() and said.isdigit() and len(said) <= 9):
        return None
    return min(timedelta(seconds=int(said)), LONGEST_WAIT)


def by_status(status: int, words: str, retry_after: str = "", place: str = "") -> Outcome | None:
    """Give the outcome of an HTTP status; None for success, which the body may still take back."""
    code = f"HTTP {status}"
    if 200 <= status < 300:
        return None
    if 300 <= status < 400:
        return Rejected(code, f"对方要转到别处,没有跟去:{place}" if place else f"对方要转到别处,没有跟去。{words}")
    if status in (429, 503):
        return Retry(code, words, wait_of(retry_after), whole_channel=status == 429)
    if status >= 500 or status in (408, 425):
        return Retry(code, words)
    return Rejected(code, words)


def read_json(body: bytes) -> dict[str, Any] | None:
    """Give a body that is a JSON object; None for anything else."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
