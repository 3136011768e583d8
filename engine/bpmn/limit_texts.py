"""Limits at a token: the text is evaluated and the moment it counts from is frozen."""

from collections.abc import Callable
from typing import Protocol

from engine.bpmn.arrivals import Limit
from engine.bpmn.record import Token, step_of
from engine.domain.deadline import parse, parse_warning
from engine.domain.errors import InvalidDeadline


class _Anchored(Protocol):
    @property
    def anchor(self) -> str | None: ...


def limit_of(token: Token, text: str) -> Limit | None:
    """Read a deadline; None where nothing is said. Raises StepFailed for what is none."""
    return _limit(token, text, parse)


def warning_of(token: Token, text: str) -> Limit | None:
    """Read a warning, which may be a share of a limit; None where nothing is said. Raises StepFailed for what is none."""
    return _limit(token, text, parse_warning)


def is_range(limit: Limit | None) -> bool:
    """Whether a limit has a lower bound that warns before it."""
    return limit is not None and parse(limit.text).amber is not None


def is_share(limit: Limit | None) -> bool:
    """Whether a warning is a share of the limit it warns of."""
    return limit is not None and parse_warning(limit.text).share is not None


def _limit(token: Token, text: str, read: Callable[[str], _Anchored]) -> Limit | None:
    step = step_of(token)
    value = step.parameter(token, text) if text else None
    if not value:
        return None
    try:
        name = read(str(value)).anchor
    except InvalidDeadline as error:
        raise step.failure(token, str(error)) from error
    anchor = step.lookup(token)(name) if name else None
    return Limit(str(value), str(anchor) if anchor else None)
