"""How somebody can be reached, and by what they wish to hear."""

from dataclasses import dataclass

from engine.domain import reaching
from engine.domain.errors import NotAllowed, NotFound
from engine.domain.rights import ADMIN
from engine.executor import Context
from engine.steps.acts import note
from engine.store import people, reach


@dataclass(frozen=True, slots=True)
class ChangeReach:
    """Write somebody's mail address, phone number and whether they want quiet outside their hours: their own, or by an admin."""

    person: str
    email: str
    phone: str
    quiet: bool
    actor: str

    def run(self, ctx: Context) -> None:
        """Raises NotAllowed for somebody else's, NotFound, Invalid. Addresses are not written into the admins' log."""
        is_own = self.person == ctx.actor.id
        if not is_own and ADMIN not in ctx.actor.roles:
            raise NotAllowed("只能改自己的联系方式")
        if not people.exists(ctx.connection, self.person):
            raise NotFound(f"没有账号 {self.person}")
        email, phone = reaching.email(self.email), reaching.phone(self.phone)
        row = {"person": self.person, "email": email, "phone": phone, "quiet": self.quiet}
        reach.put(ctx.connection, [row])
        if not is_own:
            note(ctx, "ReachChanged", self.person, email=bool(email), phone=bool(phone), quiet=self.quiet)


@dataclass(frozen=True, slots=True)
class ChangeWishes:
    """Choose by which kinds of channels one wishes to hear of a kind of notice; None lets the office's choice hold again.

    Without any the inbox alone remains. What a procedure has made mandatory goes its way all the same.
    """

    kind: str
    channels: tuple[str, ...] | None
    actor: str

    def run(self, ctx: Context) -> None:
        """Raises Invalid for a kind that does not exist."""
        wished = reaching.wish(self.kind, self.channels or ())
        if self.channels is None:
            reach.drop_wish(ctx.connection, ctx.actor.id, self.kind)
        else:
            reach.put_wish(ctx.connection, ctx.actor.id, self.kind, wished)
