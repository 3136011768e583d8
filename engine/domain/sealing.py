"""Secrets at rest: sealed with a key that only this installation can derive, and bound to the place they are kept for."""

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from engine.domain.errors import Invalid

SHORTEST = 32
"""Characters of BANJIE_SECRET below which nothing is sealed."""
_MARK = "v1."
_NONCE = 12


def seal(text: str, secret: str, place: str) -> str:
    """Give `text` sealed under BANJIE_SECRET for `place`: moved elsewhere it does not open. Raises Invalid without a secret."""
    if len(secret) < SHORTEST:
        raise Invalid(
            f"这个安装没有设 BANJIE_SECRET(至少 {SHORTEST} 个字符的随机文字),不能保存密钥。"
            "请在环境变量里设好,重新启动网页和 worker 再填"
        )
    nonce = os.urandom(_NONCE)
    sealed = AESGCM(_key(secret)).encrypt(nonce, text.encode(), place.encode())
    return _MARK + base64.urlsafe_b64encode(nonce + sealed).decode()


def opened(sealed: str, secret: str, place: str) -> str | None:
    """Give what was sealed; None where it was sealed under another BANJIE_SECRET or for another place, or is damaged."""
    if not sealed.startswith(_MARK) or len(secret) < SHORTEST:
        return None
    try:
        raw = base64.urlsafe_b64decode(sealed.removeprefix(_MARK))
        return AESGCM(_key(secret)).decrypt(raw[:_NONCE], raw[_NONCE:], place.encode()).decode()
    except (InvalidTag, binascii.Error, ValueError):
        return None


def _key(secret: str) -> bytes:
    return HKDF(SHA256(), 32, salt=b"banjie", info=b"channel secrets").derive(secret.encode())
