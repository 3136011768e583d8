"""Who stands in for whom (代理), as the step sees it."""

from collections.abc import Iterable

from engine.domain.clock import in_words
from engine.domain.substitution import Substitution
from engine.executor import Context
from engine.steps import office_notices
from engine.steps.acts import note
from engine.store import people, settings, substitutes


def every(ctx: Context) -> tuple[Substitution, ...]:
    """Give all rules that nobody has ended early; for the machine their version costs one statement."""
    if ctx.substitutes is None:
        ctx.substitutes = ctx.engine.substitutes(ctx.connection, settings.get(ctx.connection, substitutes.VERSION))
    return ctx.substitutes


def standing_in(ctx: Context, away: Iterable[str], process: str) -> dict[str, str]:
    """Give the active people who stand in now, in a procedure, for some who are away: person → whom they stand in for."""
    wanted = set(away)
    found = {
        rule.person: rule.principal
        for rule in every(ctx)
        if rule.principal in wanted and rule.holds(ctx.now) and rule.covers(process)
    }
    working = set(people.active(ctx.connection, {*found, *found.values()})) if found else set()
    return {who: whose for who, whose in found.items() if who in working and whose in working}


def end_rule(ctx: Context, rule: Substitution) -> bool:
    """End a rule before its time and tell the others; say whether it was one that nobody had ended."""
    if not substitutes.end(ctx.connection, rule.id, ctx.now, ctx.actor.id):
        return False
    note(ctx, "SubstituteEnded", rule.principal, rule=rule.id, person=rule.person)
    tell_of_rule(ctx, rule, "substitute_ended", "代理提前结束", f"{rule.id}:end")
    return True


def tell_of_rule(ctx: Context, rule: Substitution, notice: str, subject: str, occasion: str) -> None:
    """Tell who is away and who stands in, but for whoever does it."""
    away, person = (people.name_of(ctx.connection, who) for who in (rule.principal, rule.person))
    body = (
        f"{away}的待办由{person}代理,{in_words(rule.from_at)}至{in_words(rule.until_at)}"
        f"{'(全部流程)' if rule.processes is None else '(部分流程)'}。原因:{rule.reason}。"
    )
    told = {who: (subject, body) for who in (rule.principal, rule.person) if who != ctx.actor.id}
    office_notices.put(ctx, notice, told, occasion)
