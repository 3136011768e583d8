"""Whether somebody is at work (property complaints, clause 二.1: the hour of arrival decides how long passing on may take)."""

from dataclasses import dataclass

from engine import Facts, decision


@dataclass(frozen=True, slots=True)
class Hours:
    """Whose hours are asked for."""

    calendar: str = "office"


@dataclass(frozen=True, slots=True)
class Open:
    """Whether it is working time."""

    open: bool


@decision("is_open")
def is_open(question: Hours, facts: Facts) -> Open:
    """By the named calendar, now: opening counts as working time, closing does not."""
    return Open(facts.is_open(question.calendar))
