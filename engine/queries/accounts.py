"""Who is at the door: credentials and sessions."""

from dataclasses import dataclass, field

from engine.domain.accounts import IDLE, SEEN_EVERY
from engine.executor import Context
from engine.store import accounts
from engine.store.accounts import Credential


@dataclass(frozen=True, slots=True)
class CredentialOf:
    """What a typed password is verified against; None where the account is unknown or has no password."""

    person: str

    def read(self, ctx: Context) -> Credential | None:
        """Give it."""
        return accounts.credential(ctx.connection, self.person)


@dataclass(frozen=True, slots=True)
class Visiting:
    """A live session with its person, and whether its last use must be written down again."""

    visit: accounts.Visit
    is_stale: bool


@dataclass(frozen=True, slots=True)
class WhoVisits:
    """The person behind a session; None where it has ended, run idle or out, or the person is disabled."""

    session: str = field(repr=False)

    def read(self, ctx: Context) -> Visiting | None:
        """Give the visit, in one statement."""
        found = accounts.visit(ctx.connection, self.session, ctx.lease_now, IDLE)
        return Visiting(found, ctx.lease_now - found.seen_at >= SEEN_EVERY) if found else None


@dataclass(frozen=True, slots=True)
class PeopleWithoutAccount:
    """Active people who have no password yet."""

    def read(self, ctx: Context) -> list[str]:
        """Give their ids."""
        return accounts.without_password(ctx.connection, 1000)
