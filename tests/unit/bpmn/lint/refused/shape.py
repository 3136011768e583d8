"""What a case of a refused diagram says, and the words that most of them are made of."""

from dataclasses import dataclass, field

from engine.bpmn.lint import Known
from tests.support.bpmn import (
    Part,
    both,
    boundary,
    bpmn,
    end,
    parameters,
    service,
    start,
    throw,
    user,
)

KEYS = {"start": frozenset({"again", "ok", "people"}), "a": frozenset({"opinion"}), "b": frozenset({"opinion_b"})}


KNOWN = Known(
    form_keys=frozenset({"again", "ok", "people", "opinion", "opinion_b"}),
    forms=frozenset({"a", "b", "c", "start"}),
    topics=frozenset({"work", "guess", "same_agent"}),
    decisions_of_workers=frozenset({"guess", "same_agent"}),
    roles=frozenset({"clerk", "leader"}),
    notices=frozenset({"hurry"}),
    keys_by_form=KEYS,
    choices_by_form={"a": {"opinion": frozenset({"agree", "object"})}},
)


@dataclass(frozen=True)
class Case:
    """What a diagram shows."""

    rule: str
    element: str
    files: dict[str, bytes]
    level: str = "error"
    also: frozenset[str] = field(default_factory=frozenset)
    """Other rules that this diagram cannot help breaking."""


def case(rule: str, at: str, *parts: Part | str, also: str = "", level: str = "error") -> Case:
    return Case(rule, at, {"p.bpmn": bpmn("p", *parts)}, level, frozenset(also.split()))


def around(*parts: Part, **said: str) -> tuple[Part | str, ...]:
    """start → the user task a with what the case needs inside → end."""
    return (start("s"), user("a", *parts, **said), end("e"), "s a e")


def thrown(kind: Part) -> tuple[Part | str, ...]:
    return (start("s"), throw("t", kind), end("e"), "s t e")


def watched(event: Part, *parts: Part, interrupts: bool = True, **said: str) -> tuple[Part | str, ...]:
    """A user task with a boundary event and what follows it."""
    return (*around(*parts, **said), boundary("x", "a", event, interrupts=interrupts), end("e2"), "x e2")


def in_two_branches(one: Part, other: Part, left: str, right: str) -> tuple[Part | str, ...]:
    return (start("s"), both("f"), one, other, both("j"), end("e"), f"s f {left} j e", f"f {right} j")


def only_service(ident: str, topic: str, **inputs: str) -> tuple[Part | str, ...]:
    return (start("s"), service(ident, topic, parameters(inputs)), end("e"), f"s {ident} e")
