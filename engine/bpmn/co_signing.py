"""Co-signing on a repeated task: counted anew each time, from the answers that stand and the signers there are now."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.record import Token, step_of
from engine.domain.co_signing import KIND, Tally, agrees, rules_of, vote_of


def is_co_signed(host: Token) -> bool:
    """Whether votes decide how a repeated task ends."""
    return bool(step_of(host).element(host).properties.get(KIND, "").strip())


def tally(host: Token) -> Tally:
    """Count the votes of a repeated task."""
    step, element = step_of(host), step_of(host).element(host)
    vote, wanted = vote_of(element.properties)
    items, waiting = host.internal_data["items"], _waiting(host)
    rows = step.scopes(host)[0].get(element.id) or {}
    sides: tuple[list[str], list[str], list[str]] = ([], [], [])
    for key, item in items.items():
        if key in waiting:
            sides[2].append(str(item))
        else:
            sides[0 if agrees((rows.get(key) or {}).get(vote), wanted) else 1].append(str(item))
    rules = rules_of(element.properties, _weights(host, element.properties.get("weights", "")))
    return Tally(rules, *map(tuple, sides))


def clear(host: Token) -> None:
    """Forget the outcome of an earlier round."""
    outcome, count = step_of(host).element(host).co_sign_names
    step_of(host).write(host, {outcome: None, count: None})


def conclude(host: Token) -> None:
    """Write the outcome of a task that is over into the record, and say so."""
    step, element, found = step_of(host), step_of(host).element(host), tally(host)
    outcome, count = element.co_sign_names
    step.write(host, {outcome: found.outcome, count: found.counted()})
    step.arrivals.decided.append((element, found.outcome, found.counted()))


def recount(case: Any) -> None:
    """Bring the numbers in the record up to date wherever a co-signing is under way: after votes, returns, changed signers."""
    if not any(element.co_sign_names for element in case.script_engine.elements.values()):
        return
    for host in case.tokens():
        if host.state == TaskState.STARTED and "items" in host.internal_data and is_co_signed(host):
            step, names = step_of(host), step_of(host).element(host).co_sign_names
            now = dict(zip(names, (None, tally(host).counted()), strict=True))
            scope = step.scopes(host)[0]
            step.write(host, {name: value for name, value in now.items() if scope.get(name) != value})


def _waiting(host: Token) -> set[str]:
    """Give the keys of those who have not signed: their instances are open or were cancelled, or in turn not begun."""
    own, spec = host.internal_data, host.task_spec
    found = {one.internal_data["key"] for one in spec._instances(host) if one.state != TaskState.COMPLETED}
    return found if spec.at_once else found | set(list(own["items"])[own["next"] :])


def _weights(host: Token, text: str) -> Mapping[str, Fraction] | None:
    """Work out weights that are an expression; None where they are written out, or nothing is said."""
    if "${" not in text:
        return None
    step, found = step_of(host), step_of(host).parameter(host, text)
    if not isinstance(found, dict) or any(not _is_weight(value) for value in found.values()):
        raise step.failure(host, "票数(weights)要是一张表:名单里的一项 → 不小于零的数")
    return {str(name): Fraction(str(value)) for name, value in found.items()}


def _is_weight(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 1_000_000
