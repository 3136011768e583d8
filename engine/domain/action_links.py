"""Links in messages: each opens one message's task or order, for one person, once, until it expires.

What the link says is signed, not secret: it names the message and the person, and nothing else.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from itsdangerous import BadData, URLSafeSerializer

SPAN = timedelta(days=7)
"""How long a link opens anything."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SALT = "banjie.action-link"


@dataclass(frozen=True, slots=True)
class ActionLink:
    """What a link says."""

    message: int
    """The outbox row it went out with."""
    person: str
    expires_at: datetime
    """UTC."""


def link_from(message: int, person: str, now: datetime) -> ActionLink:
    """Give the link of a message; it ends with a day, so that a message that is tried again keeps its very link."""
    ends = (now + SPAN).astimezone(UTC).date() + timedelta(days=1)
    return ActionLink(message, person, datetime.combine(ends, time(), UTC))


def write(secret: str, link: ActionLink) -> str:
    """Give the text that stands in the address."""
    said = [link.message, link.person, int(link.expires_at.timestamp())]
    return _serializer(secret).dumps(said)


def read(secret: str, token: str) -> ActionLink | None:
    """Give what a link says; None for one that is forged, or that nobody could have signed."""
    if not secret:
        return None
    try:
        message, person, expires = _serializer(secret).loads(token)
        return ActionLink(int(message), str(person), _EPOCH + timedelta(seconds=int(expires)))
    except (BadData, OverflowError, TypeError, ValueError):
        return None


def _serializer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=_SALT, signer_kwargs={"digest_method": hashlib.sha256})
