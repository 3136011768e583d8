"""Log in and out: sessions, failed tries, passwords. Times count on the machine's clock, which no demo can move."""

from dataclasses import dataclass, field

from engine.domain.accounts import IDLE, LIFETIME
from engine.domain.actors import SYSTEM
from engine.domain.errors import LoginRefused, NotFound
from engine.executor import Context
from engine.steps.acts import note
from engine.store import accounts, people


@dataclass(frozen=True, slots=True)
class NoteFailedLogin:
    """Count a wrong password; the fifth shuts the account for a quarter of an hour."""

    person: str
    actor: str = SYSTEM.id

    def run(self, ctx: Context) -> bool:
        """Say whether this one shut it. An unknown account counts nothing."""
        shut = accounts.count_failure(ctx.connection, self.person, ctx.lease_now)
        if shut:
            note(ctx, "AccountLocked", self.person)
        return shut


@dataclass(frozen=True, slots=True)
class OpenSession:
    """Let somebody in whose password was verified against `seen_hash` just before."""

    person: str
    seen_hash: str = field(repr=False)
    session: str = field(repr=False)
    """Digest of the new token."""
    replaces: str = field(default="", repr=False)
    """Digest of the token the browser came with; it ends."""
    actor: str = SYSTEM.id

    def run(self, ctx: Context) -> bool:
        """Say whether the password must be changed first. Raises LoginRefused if the account was shut or changed meanwhile."""
        found = accounts.credential(ctx.connection, self.person, lock=True)
        if found is None or not found.may_enter(ctx.lease_now) or found.password_hash != self.seen_hash:
            raise LoginRefused()
        accounts.drop_dead_sessions(ctx.connection, self.person, ctx.lease_now, IDLE)
        if self.replaces:
            accounts.close_session(ctx.connection, self.replaces)
        accounts.forget_failures(ctx.connection, self.person)
        accounts.open_session(ctx.connection, self.session, self.person, ctx.lease_now, LIFETIME)
        return found.must_change


@dataclass(frozen=True, slots=True)
class TouchSession:
    """Note that a session is in use, so that it does not run idle."""

    session: str = field(repr=False)
    actor: str = SYSTEM.id

    def run(self, ctx: Context) -> None:
        """A session that has ended meanwhile stays ended."""
        accounts.touch_session(ctx.connection, self.session, ctx.lease_now)


@dataclass(frozen=True, slots=True)
class CloseSession:
    """Log out."""

    session: str = field(repr=False)
    actor: str

    def run(self, ctx: Context) -> None:
        """A session that has ended already stays ended."""
        accounts.close_session(ctx.connection, self.session)


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """Put a new password of one's own; whoever else was logged in with the old one is out."""

    actor: str
    seen_hash: str = field(repr=False)
    password_hash: str = field(repr=False)
    session: str = field(repr=False)
    """Digest of the token this browser goes on with."""

    def run(self, ctx: Context) -> None:
        """Raises LoginRefused if the account was shut or changed since the old password was verified."""
        found = accounts.credential(ctx.connection, self.actor, lock=True)
        if found is None or not found.may_enter(ctx.lease_now) or found.password_hash != self.seen_hash:
            raise LoginRefused()
        accounts.put_password(ctx.connection, self.actor, self.password_hash, False, ctx.lease_now)
        accounts.close_sessions_of(ctx.connection, self.actor)
        accounts.open_session(ctx.connection, self.session, self.actor, ctx.lease_now, LIFETIME)
        note(ctx, "PasswordChanged", self.actor)


@dataclass(frozen=True, slots=True)
class ResetPassword:
    """Give somebody a password, the first one or a new one; all their sessions end."""

    person: str
    actor: str
    password_hash: str = field(repr=False)
    must_change: bool = True

    def run(self, ctx: Context) -> None:
        """Raises NotFound."""
        if not people.exists(ctx.connection, self.person):
            raise NotFound(f"没有账号 {self.person}")
        accounts.put_password(ctx.connection, self.person, self.password_hash, self.must_change, ctx.lease_now)
        accounts.close_sessions_of(ctx.connection, self.person)
        note(ctx, "PasswordReset", self.person)
