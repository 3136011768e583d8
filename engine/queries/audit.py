"""Whether the histories stand as they were written."""

from dataclasses import dataclass

from engine.executor import Context
from engine.store import audit, history, instances
from engine.store.history import Chain

MOST = 500
"""Cases looked at in one go."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it was written; `seq` is the first event that does not fit."""

    number: str
    instance_id: int | None
    seq: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Verified:
    """One stretch of the histories."""

    looked_at: int
    faults: tuple[Fault, ...]
    last_id: int | None
    """Where the next stretch begins; None at the end."""


@dataclass(frozen=True, slots=True)
class VerifyHistories:
    """Check the chains of the next cases after an id, a stretch at a time: the audit never holds a long transaction."""

    after: int = 0
    most: int = MOST

    def read(self, ctx: Context) -> Verified:
        """Give what was found."""
        broken, seen = history.broken_chains(ctx.connection, self.after, self.most)
        faults = tuple(_fault(chain, seq) for chain, seq in broken)
        return Verified(len(seen), faults, seen[-1].instance_id if seen else None)


@dataclass(frozen=True, slots=True)
class VerifyOrder:
    """Check the chain of one order."""

    number: str

    def read(self, ctx: Context) -> Verified:
        """Give what was found; raise NotFound."""
        instance_id = instances.by_number(ctx.connection, self.number)[1]
        at = history.broken_at(ctx.connection, instance_id)
        chain = Chain(instance_id, 0, "", self.number)
        return Verified(1, () if at is None else (_fault(chain, at),), None)


@dataclass(frozen=True, slots=True)
class VerifyRoots:
    """Check the daily roots, and that everything they sealed is still there."""

    def read(self, ctx: Context) -> tuple[Fault, ...]:
        """Give what was found, oldest day first."""
        return tuple(
            Fault(u.number, u.instance_id, u.seq, f"{u.day} 封存的历史变了")
            if u.instance_id is not None
            else Fault("", None, None, f"{u.day} 的封存值与当日明细不符")
            for u in audit.unsealed(ctx.connection)
        )


@dataclass(frozen=True, slots=True)
class Roots:
    """The daily roots."""

    def read(self, ctx: Context) -> dict[str, str]:
        """Give them by day, oldest first."""
        return audit.roots(ctx.connection)


def _fault(chain: Chain, seq: int) -> Fault:
    return Fault(chain.number, chain.instance_id, seq, "历史链从这一条起对不上")
