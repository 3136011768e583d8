"""Log in, change and hand out passwords: verify outside the transaction, then one command."""

import hashlib
import logging
import secrets
from dataclasses import dataclass, field

from engine.commands.accounts import ChangePassword, NoteFailedLogin, OpenSession, ResetPassword, TouchSession
from engine.domain import passwords
from engine.domain.accounts import typed_id
from engine.domain.errors import Invalid, LoginRefused
from engine.executor import Engine
from engine.queries.accounts import CredentialOf, WhoVisits
from engine.store.accounts import Credential, Visit

log = logging.getLogger("banjie.sign_in")
TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session: the token goes into the cookie and nowhere else."""

    token: str = field(repr=False)
    must_change: bool


def session_id(token: str) -> str:
    """Give the name under which a token's session is kept: a stolen table opens nothing."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def log_in(engine: Engine, account: str, password: str, came_with: str = "") -> SignedIn:
    """Open a session; raise LoginRefused, the same whether account, password or lock is the reason.

    `came_with` is the token the browser showed; it ends, so that nobody can plant a session.
    """
    found = _verified(engine, typed_id(account)[:64], password)
    token = _token()
    replaces = session_id(came_with) if came_with else ""
    must_change = engine.execute(OpenSession(found.person, found.password_hash, session_id(token), replaces))
    return SignedIn(token, must_change)


def visitor(engine: Engine, token: str) -> Visit | None:
    """Give whoever a token's live session belongs to; its last use is written down once a minute at most."""
    session = session_id(token)
    found = engine.ask(WhoVisits(session))
    if found is None:
        return None
    if found.is_stale:
        engine.execute(TouchSession(session))
    return found.visit


def change_password(engine: Engine, person: str, old: str, new: str) -> str:
    """Change one's own password; give the token this browser goes on with. Raises LoginRefused, Invalid."""
    found = _verified(engine, person, old)
    passwords.check(new, person)
    if passwords.matches(found.password_hash, new):
        raise Invalid("新密码要和原来的不同")
    token = _token()
    engine.execute(ChangePassword(person, found.password_hash, passwords.digest_of(new), session_id(token)))
    return token


def issue_password(engine: Engine, person: str, actor: str) -> str:
    """Give somebody a one-time password, to be changed at the first log-in; show it once. Raises NotFound, NotAllowed."""
    word = passwords.one_time()
    engine.execute(ResetPassword(person, actor, passwords.digest_of(word)))
    return word


def set_password(engine: Engine, person: str, password: str, actor: str, *, must_change: bool) -> None:
    """Give somebody a password of the admin's choice. Raises Invalid, NotFound."""
    passwords.check(password, person)
    engine.execute(ResetPassword(person, actor, passwords.digest_of(password), must_change))


def _verified(engine: Engine, account: str, password: str) -> Credential:
    found = engine.ask(CredentialOf(account))
    if passwords.matches(found.password_hash if found else None, password[: 4 * passwords.LONGEST]) and found:
        return found
    engine.execute(NoteFailedLogin(account))
    log.warning("log-in refused: %r", account)
    raise LoginRefused()


def _token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)
