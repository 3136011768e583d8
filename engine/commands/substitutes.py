"""Let somebody stand in while one is away (代理): dated, by procedure, ending by itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.commands.pauses import reason_of
from engine.domain.clock import in_words
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.domain.rights import ADMIN
from engine.domain.substitution import Substitution
from engine.executor import Context
from engine.steps.acts import note
from engine.steps.substitutes import end_rule, tell_of_rule
from engine.store import definitions, people, substitutes

LONGEST = timedelta(days=366)
"""No rule holds longer: who is away for good hands over."""


@dataclass(frozen=True, slots=True)
class AddSubstitute:
    """Let `person` stand in for `principal` in some procedures (none named: all): for oneself, or by an admin for others."""

    principal: str
    person: str
    from_at: datetime
    until_at: datetime
    processes: tuple[str, ...]
    reason: str
    actor: str

    def run(self, ctx: Context) -> int:
        """Give the rule's id; who stands in is told. Raises NotAllowed, Invalid, Conflict where another rule holds then."""
        if self.principal != ctx.actor.id and ADMIN not in ctx.actor.roles:
            raise NotAllowed("只能给自己设代理")
        reason = reason_of("代理的原因", self.reason)
        self._require_people(ctx)
        rule = Substitution(0, self.principal, self.person, self.from_at, self.until_at, self._known(ctx), reason)
        self._require_span(ctx)
        clash = next((other for other in substitutes.lock(ctx.connection, self.principal) if rule.clashes(other)), None)
        if clash is not None:
            name = people.name_of(ctx.connection, clash.person)
            raise Conflict(f"{in_words(clash.from_at)}至{in_words(clash.until_at)}已经由{name}代理,请先结束那一条")
        row = {"principal": self.principal, "person": self.person, "from_at": self.from_at, "until_at": self.until_at}
        processes = None if rule.processes is None else sorted(rule.processes)
        made = {"processes": processes, "reason": reason, "created_at": ctx.now, "created_by": ctx.actor.id}
        ident = substitutes.add(ctx.connection, row | made)
        said = {"person": self.person, "from": self.from_at.isoformat(), "until": self.until_at.isoformat()}
        note(ctx, "SubstituteAdded", self.principal, rule=ident, processes=processes, reason=reason, **said)
        tell_of_rule(
            ctx, rule, "substitute_added", f"代理:{in_words(rule.from_at)}至{in_words(rule.until_at)}", str(ident)
        )
        return ident

    def _require_people(self, ctx: Context) -> None:
        if self.person == self.principal:
            raise Invalid("不能由自己代理自己")
        for who in (self.principal, self.person):
            if not people.active(ctx.connection, [who]):
                raise Invalid(f"没有在用的账号 {who}" if who else "请选代理的人")

    def _require_span(self, ctx: Context) -> None:
        if not self.from_at < self.until_at:
            raise Invalid("结束时间要晚于开始时间")
        if self.until_at <= ctx.now:
            raise Invalid("结束时间已经过去了")
        if self.until_at - self.from_at > LONGEST:
            raise Invalid(f"代理最长 {LONGEST.days} 天,更久的请办离职转办")

    def _known(self, ctx: Context) -> frozenset[str] | None:
        if not self.processes:
            return None
        unknown = set(self.processes) - definitions.active_keys(ctx.connection)
        if unknown:
            raise Invalid(f"没有在用的流程 {min(unknown)}")
        return frozenset(self.processes)


@dataclass(frozen=True, slots=True)
class EndSubstitute:
    """End a rule before its time: who is away, who stands in, or an admin."""

    rule: int
    actor: str

    def run(self, ctx: Context) -> None:
        """The others are told. Raises NotFound, NotAllowed; Conflict for one that is over."""
        rule = next((one for one in substitutes.every(ctx.connection) if one.id == self.rule), None)
        if rule is None:
            raise NotFound("没有这条代理,或者已经结束了")
        if ctx.actor.id not in (rule.principal, rule.person) and ADMIN not in ctx.actor.roles:
            raise NotAllowed("只有本人、代理人和管理员可以结束代理")
        if rule.until_at <= ctx.now or not end_rule(ctx, rule):
            raise Conflict("这条代理已经结束了")
