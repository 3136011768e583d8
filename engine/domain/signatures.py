"""Signed calls between machines, as Standard Webhooks lays down: HMAC-SHA256 over id, timestamp and body."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.domain.errors import Invalid

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
TOLERANCE = timedelta(minutes=5)
"""How far the sender's clock may be from ours, either way; whatever is older is a replay."""
PREFIX = "whsec_"
SHORTEST = 24
"""Bytes of a key below which signatures can be guessed."""
_VERSION = "v1,"


@dataclass(frozen=True, slots=True)
class Signed:
    """A call whose signature holds: its number, by which a repetition is known, and when it was signed (UNIX seconds)."""

    id: str
    timestamp: int


def key_of(secret: str) -> bytes:
    """Give the key of a secret, `whsec_` and base64 or any text. Raises Invalid where it is too short or no base64."""
    said = secret.strip()
    try:
        key = base64.b64decode(said.removeprefix(PREFIX), validate=True) if said.startswith(PREFIX) else said.encode()
    except binascii.Error:
        raise Invalid("whsec_ 后面要是 Base64 文字") from None
    if len(key) < SHORTEST:
        raise Invalid(f"签名密钥太短,至少 {SHORTEST} 个字节")
    return key


def sign(secret: str, ident: str, at: datetime, body: bytes) -> dict[str, str]:
    """Give the three headers of a call. Raises Invalid for a secret that is no key."""
    timestamp = str(int(at.timestamp()))
    return {ID: ident, TIMESTAMP: timestamp, SIGNATURE: _signature(key_of(secret), ident, timestamp, body)}


def verify(
    secrets: Iterable[str], headers: Mapping[str, str], body: bytes, now: datetime, tolerance: timedelta = TOLERANCE
) -> Signed | None:
    """Give the call when one of its signatures was made with one of the secrets, close enough to `now`; else None.

    Several secrets let a key be changed without losing a call. Nothing tells which check failed, and comparing takes the
    same time wherever two signatures differ. `headers` are looked up in lower case. A call may still be one seen before:
    whoever acts on it notes its id first.
    """
    ident, timestamp = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    if not ident or len(ident) > 256 or not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return None
    if abs(now.timestamp() - int(timestamp)) > tolerance.total_seconds():
        return None
    given = [one.encode() for one in headers.get(SIGNATURE, "").split(" ")[:10] if one.startswith(_VERSION)]
    good = [_signature(key_of(secret), ident, timestamp, body).encode() for secret in secrets]
    matches = [hmac.compare_digest(one, ours) for one in given for ours in good]
    return Signed(ident, int(timestamp)) if any(matches) else None


def _signature(key: bytes, ident: str, timestamp: str, body: bytes) -> str:
    digest = hmac.new(key, f"{ident}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return _VERSION + base64.b64encode(digest).decode()
