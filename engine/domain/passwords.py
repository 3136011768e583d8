"""Passwords: which are good enough, how they are kept, and the words handed out for a first log-in. The only home of argon2."""

import secrets
import unicodedata
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.domain.errors import Invalid

SHORTEST, LONGEST = 10, 128
FEWEST_DIFFERENT = 5
TELLING = 4
"""An account of fewer letters turns up in any word; a longer one in a password is its first guess."""
COMMON = frozenset(
    "1234567890 0123456789 0987654321 9876543210 12345678910 123456789a a123456789 1q2w3e4r5t 1qaz2wsx3edc qwertyuiop"
    " qwer123456 qwerty1234 asdfghjkl1 zxcvbnm123 1234qwerasdf abcdefghij abcd123456 abc1234567 password12 password123"
    " password1234 passw0rd123 p@ssw0rd123 iloveyou123 woaini1314 woaini5201314 5201314520 1314520131 admin12345"
    " administrator admin123456 root123456 changeme123 welcome123 letmein123 banjie1234 banjie123456 gongdan123"
    " 12345rexian rexian12345 hotline12345 mima123456 huanying123".split()
)
"""The first guesses of anybody who guesses."""

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_HASHER = PasswordHasher()
_TURNS = BoundedSemaphore(4)
"""Each hash takes 64 MB and a tenth of a second: a crowd at the door must not take all the memory."""


def digest_of(password: str) -> str:
    """Give the argon2id hash to keep; takes about 0.1 s, so never inside a transaction."""
    with _TURNS:
        return _HASHER.hash(_plain(password))


def matches(kept: str | None, password: str) -> bool:
    """Say whether a password is the one kept; without one kept it takes just as long to say no."""
    try:
        with _TURNS:
            return _HASHER.verify(kept or _stand_in(), _plain(password)) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def check(password: str, account: str) -> None:
    """Raise Invalid, with the rule that is broken, for a password too easy to guess."""
    plain = _plain(password)
    if len(plain) < SHORTEST:
        raise Invalid(f"密码至少 {SHORTEST} 个字符")
    if len(plain) > LONGEST:
        raise Invalid(f"密码至多 {LONGEST} 个字符")
    if len(account) >= TELLING and account.lower() in plain.lower():
        raise Invalid("密码里不能有账号")
    if plain.lower() in COMMON or len(set(plain)) < FEWEST_DIFFERENT:
        raise Invalid("这个密码太常见,别人一猜就中,请换一个")


def one_time() -> str:
    """Give a password that is read out or printed once: k7mq-3fhx-p9wd, no letter that looks like another."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))


def _plain(password: str) -> str:
    """What an input method typed in full width is the same password."""
    return unicodedata.normalize("NFKC", password)


@cache
def _stand_in() -> str:
    return _HASHER.hash(secrets.token_hex(16))
