"""One command = one transaction. The only place that commits, retries and records failures."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy import Engine as Database

from engine.domain import rights
from engine.domain.actors import SYSTEM, Actor, StandIn
from engine.domain.clock import Clock, SystemClock
from engine.domain.duty_roster import DutyRoster
from engine.domain.errors import (
    HIDDEN,
    Busy,
    Conflict,
    EngineError,
    Invalid,
    NotAllowed,
    NotFound,
    Repeated,
    StaleState,
    StepFailed,
    Unavailable,
)
from engine.domain.substitution import Substitution
from engine.service_tasks import Register
from engine.settings import Settings
from engine.store import incidents, papers, people, rosters, settings, substitutes
from engine.store.database import is_postgres, reading, transaction
from engine.store.database import now as database_now

log = logging.getLogger("banjie.executor")
OFFSET = "clock_offset"
"""The setting by which demos live in another week; honoured with the machine's clock only, never in production."""

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(slots=True)
class Context:
    """What a command works with: its transaction, its moment, its actor and the process's caches."""

    connection: Connection
    now: datetime
    actor: Actor
    engine: "Engine"
    calendars: dict[str, int] = field(default_factory=dict)
    """Versions of the calendars this transaction has asked for."""
    rosters: Mapping[str, DutyRoster] | None = None
    """All duty rosters by key, where the actor's duties had to be known; None: nobody has asked yet."""
    substitutes: tuple[Substitution, ...] | None = None
    """All rules about stand-ins that nobody has ended early; None: nobody has asked yet."""
    people: str | None = None
    """The version of people and memberships, where the actor had to be known; None: nobody has asked."""
    instance_id: int | None = None
    """The case at hand, for incidents."""
    acting: bool = False
    """Whether the diagram acts by now: what goes wrong then is its failure, not the caller's."""
    serving: str = ""
    """Which decision of the diagram runs now, in words; what goes wrong then is its fault."""
    is_stranger: Callable[[], bool] | None = None
    """Asks whether the actor has nothing to do with the case at hand, which is then not there for them."""
    _lease_now: datetime | None = field(default=None, init=False, repr=False)

    @property
    def lease_now(self) -> datetime:
        """The moment leases are measured against, UTC; where several machines share the database it is asked, once."""
        if self._lease_now is None:
            self._lease_now = self.engine.lease_now(self.connection)
        return self._lease_now


class Command(Protocol[T_co]):
    """A change: plain data and one `run`."""

    @property
    def actor(self) -> str:
        """Id of whoever gives the command; `system` for the machine."""

    def run(self, ctx: Context) -> T_co:
        """Make the change inside the executor's transaction."""


class Query(Protocol[T_co]):
    """A question: plain data and one `read`."""

    def read(self, ctx: Context) -> T_co:
        """Answer from one snapshot."""


@dataclass
class Engine:
    """The front door's object: executes commands and answers queries against one database."""

    database: Database
    clock: Clock
    register: Register
    settings: Settings = field(default_factory=Settings)
    caches: dict[str, dict[Any, Any]] = field(default_factory=dict)
    """Immutable things by key (released definitions, compiled calendars); safe to lose."""

    def execute(self, command: Command[T], once: str = "") -> T:
        """Run a command in one transaction and give its result.

        `once` is a name that whoever sends it gives to this very sending: under the same name a person's command counts
        once, and is Repeated from then on; one that was refused or failed has not counted.
        StaleState and Busy are tried once more from fresh state. When the diagram itself fails, nothing is saved,
        an incident is recorded in a transaction of its own, and StepFailed is raised. A database that is away is Unavailable.
        """
        for last in (False, True):
            seen: list[Context] = []
            try:
                return self._attempt(command, seen, once)
            except (StaleState, Busy):
                if last:
                    raise
            except Unavailable:
                raise  # there is nowhere to record an incident, and nobody's diagram is at fault
            except EngineError as error:
                if not (isinstance(error, StepFailed) or (seen and seen[0].acting)):
                    raise
                failure = error if isinstance(error, StepFailed) else StepFailed(str(error))
                raise self._noted(command, failure, seen) from (error.__cause__ if failure is error else error)
            except Exception as error:
                raise self._noted(command, _unforeseen(command, error, seen), seen) from error
        raise AssertionError("unreachable")

    def ask(self, query: Query[T], actor: str = SYSTEM.id) -> T:
        """Answer a query from one snapshot.

        Where it tries something out and the diagram fails, StepFailed says what the command would say; nothing is recorded.
        """
        seen: list[Context] = []
        try:
            with reading(self.database) as connection:
                seen.append(self._context(connection, actor))
                return query.read(seen[0])
        except (StepFailed, Unavailable, Busy):
            raise
        except Exception as error:
            if not (seen and seen[0].acting):
                raise
            failed = StepFailed(str(error)) if isinstance(error, EngineError) else _unforeseen(query, error, seen)
            raise failed from error

    def now(self) -> datetime:
        """Business now, UTC, with the office's clock offset where it is honoured; on PostgreSQL by the database's clock."""
        with reading(self.database) as connection:
            return self._now(connection)

    def lease_now(self, connection: Connection) -> datetime:
        """Lease now, UTC: PostgreSQL's own time, for machines disagree; on SQLite, or under a clock set by hand, that clock's."""
        if self._follows(connection):
            return database_now(connection)
        return self.clock.lease_now()

    def cached(self, kind: str, key: Any, make: Callable[[], T]) -> T:
        """Give an immutable thing from the process's cache, making it on first use."""
        shelf = self.caches.setdefault(kind, {})
        if key not in shelf:
            shelf[key] = make()
        found: T = shelf[key]
        return found

    def _attempt(self, command: Command[T], seen: list[Context], once: str) -> T:
        with transaction(self.database) as connection:
            ctx = self._context(connection, command.actor)
            seen.append(ctx)
            name = type(command).__name__
            if not rights.may(ctx.actor, name):
                raise NotAllowed(f"{ctx.actor.name}不能做这个操作({name})")
            if once and not papers.first_time(connection, ctx.actor.id, once, ctx.now):
                raise Repeated("刚才已经办过了,没有重复办")
            try:
                return command.run(ctx)
            except (StaleState, Busy):
                raise
            except (NotAllowed, Conflict, Invalid) as refusal:
                if ctx.acting or ctx.is_stranger is None or not ctx.is_stranger():
                    raise
                raise NotFound(HIDDEN) from refusal

    def _context(self, connection: Connection, actor_id: str) -> Context:
        if actor_id == SYSTEM.id:
            return self._at(connection, SYSTEM, *self._told(connection))
        known = people.actor(connection, actor_id, OFFSET, rosters.VERSION, substitutes.VERSION)
        if known is None:
            raise NotAllowed(f"没有在用的账号 {actor_id}")
        ctx = self._at(connection, known.actor, known.said, known.at)
        ctx.people = known.people
        ctx.rosters = self.rosters(connection, known.rosters)
        ctx.substitutes = self.substitutes(connection, known.substitutes)
        stands_in = tuple(
            StandIn(self._on_duty(known.away[rule.principal], ctx), rule.processes)
            for rule in ctx.substitutes
            if rule.person == actor_id and rule.holds(ctx.now) and rule.principal in known.away
        )
        ctx.actor = self._on_duty(known.actor, ctx)
        if stands_in:
            ctx.actor = replace(ctx.actor, stands_in=stands_in)
        return ctx

    def _on_duty(self, actor: Actor, ctx: Context) -> Actor:
        """Give an actor with the duties of the moment."""
        kept = (ctx.rosters or {}).items()
        duties = frozenset(key for key, roster in kept if actor.id in roster.on_duty(ctx.now))
        return replace(actor, duties=duties) if duties else actor

    def rosters(self, connection: Connection, version: str | None) -> Mapping[str, DutyRoster]:
        """Give all duty rosters by key, read once per version and process; without a version there are none."""
        return self.cached("rosters", version, lambda: rosters.every(connection)) if version else {}

    def substitutes(self, connection: Connection, version: str | None) -> tuple[Substitution, ...]:
        """Give all rules about stand-ins, read once per version and process; without a version there are none."""
        return self.cached("substitutes", version, lambda: substitutes.every(connection)) if version else ()

    def _at(self, connection: Connection, actor: Actor, offset: str | None, at: datetime | None) -> Context:
        """Give the context of one moment; the database's, where it tells, is the moment of leases too."""
        told = at if self._follows(connection) else None
        ctx = Context(connection, self._shifted(offset, told), actor, self)
        ctx._lease_now = told
        return ctx

    def _follows(self, connection: Connection) -> bool:
        """Whether several machines share the database: then its clock counts, for theirs disagree."""
        return isinstance(self.clock, SystemClock) and is_postgres(connection)

    def _now(self, connection: Connection) -> datetime:
        return self._shifted(*self._told(connection))

    def _told(self, connection: Connection) -> tuple[str | None, datetime | None]:
        """Give the clock offset, and the database's moment where that counts: in one statement."""
        if self._follows(connection):
            return settings.with_moment(connection, OFFSET)
        return (settings.get(connection, OFFSET) if self._is_shiftable() else None), None

    def _shifted(self, offset: str | None, at: datetime | None) -> datetime:
        moved = self.clock.offset if isinstance(self.clock, SystemClock) else timedelta()
        now = self.clock.now() if at is None else at + moved
        return now + timedelta(seconds=float(offset)) if offset and self._is_shiftable() else now

    def _is_shiftable(self) -> bool:
        return self.settings.may_shift_clock and isinstance(self.clock, SystemClock)

    def _noted(self, command: Command[Any], failure: StepFailed, seen: list[Context]) -> StepFailed:
        """Record a failure in a transaction of its own and give it back, knowing its case."""
        failure.instance_id = seen[0].instance_id if seen else None
        with transaction(self.database) as connection:
            ctx = self._context(connection, SYSTEM.id)
            noted = getattr(command, "failed", None)
            if noted is not None:
                noted(ctx, failure)
            else:
                name = type(command).__name__
                incidents.add(connection, name, str(failure), ctx.now, instance_id=failure.instance_id)
        return failure


def _unforeseen(asked: object, error: Exception, seen: list[Context]) -> StepFailed:
    """Say in one sentence what nobody foresaw, and which decision of the diagram it was, if it was one."""
    log.error("%s failed", type(asked).__name__, exc_info=error)
    at_fault = seen[0].serving if seen else ""
    said = f"{type(error).__name__}: {error}"
    return StepFailed(f"{at_fault} 出错了:{said}" if at_fault else f"没有办成:{said}")
