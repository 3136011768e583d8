"""Rules about stand-ins as people see them: my own, those where I stand in, and all of them for admins."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import or_, select

from engine.domain.errors import NotAllowed
from engine.domain.rights import ADMIN
from engine.executor import Context
from engine.store import people
from engine.store.tables import substitute

SHOWN = 100


@dataclass(frozen=True, slots=True)
class SubstituteLine:
    """One rule."""

    id: int
    principal: str
    person: str
    from_at: datetime
    until_at: datetime
    processes: list[str] | None
    """None: all procedures."""
    reason: str
    ended_at: datetime | None
    """When somebody ended it early."""
    state: str = ""
    """`coming`, `running` or `over`."""


@dataclass(frozen=True, slots=True)
class SubstitutesView:
    """Rules, the latest first, and the names of everybody in them."""

    lines: list[SubstituteLine]
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class Substitutes:
    """The asker's rules, be they away or stand in; with `everybody` all rules, for admins."""

    everybody: bool = False

    def read(self, ctx: Context) -> SubstitutesView:
        """Give at most SHOWN. Raises NotAllowed."""
        if self.everybody and ADMIN not in ctx.actor.roles:
            raise NotAllowed("只有管理员可以看所有人的代理")
        names = "id principal person from_at until_at processes reason ended_at".split()
        query = select(*(substitute.c[n] for n in names))
        if not self.everybody:
            query = query.where(or_(substitute.c.principal == ctx.actor.id, substitute.c.person == ctx.actor.id))
        rows = ctx.connection.execute(query.order_by(substitute.c.until_at.desc(), substitute.c.id.desc()).limit(SHOWN))
        found = [SubstituteLine(*row) for row in rows]
        lines = [replace(line, state=_state(line, ctx.now)) for line in found]
        named = {who for line in lines for who in (line.principal, line.person)}
        return SubstitutesView(lines, people.names_of(ctx.connection, named))


def _state(line: SubstituteLine, now: datetime) -> str:
    if line.ended_at is not None or line.until_at <= now:
        return "over"
    return "coming" if line.from_at > now else "running"
