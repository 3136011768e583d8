"""What a scenario does to a whole order, by the key of the step: `cancel = { actor, reason }` and the like."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from engine import (
    CancelOrder,
    Command,
    CommentOrder,
    CopyOrder,
    Engine,
    JumpInstance,
    JumpPositions,
    PauseCase,
    ReadCopy,
    ResumeCase,
    ResumeInstance,
    SuspendInstance,
    TerminateOrder,
    VoidOrder,
)
from engine.domain.clock import SHANGHAI

Said = Mapping[str, Any]


def at(moment: datetime) -> datetime:
    """Give a scenario's moment; one without offset is Asia/Shanghai."""
    return moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment


def _pause(number: str, said: Said) -> Command[Any]:
    review = at(said["review"]) if "review" in said else None
    return PauseCase(number, said.get("reason", ""), said.get("kind", "other"), review, said["actor"])


def _resume(number: str, said: Said) -> Command[Any]:
    return ResumeCase(number, said.get("note", ""), said["actor"])


def _for_a_reason(command: Callable[[str, str, str], Command[Any]]) -> Callable[[str, Said], Command[Any]]:
    return lambda number, said: command(number, said["actor"], said.get("reason", ""))


def jump(engine: Engine, number: str, said: Said) -> JumpInstance:
    """Give the command of `jump = { actor, from, to, reason }`; `from` names one or more elements at which the order stands."""
    names = [said["from"]] if isinstance(said["from"], str) else list(said["from"])
    standing = engine.ask(JumpPositions(number), said["actor"])
    chosen = [next((p.ident for p in standing if p.element_id == name), name) for name in names]
    return JumpInstance(number, said["actor"], tuple(chosen), said["to"], said.get("reason", ""))


ORDER_VERBS: Mapping[str, Callable[[str, Said], Command[Any]]] = {
    "pause": _pause,
    "resume": _resume,
    "cancel": _for_a_reason(CancelOrder),
    "terminate": _for_a_reason(TerminateOrder),
    "void": _for_a_reason(VoidOrder),
    "suspend": _for_a_reason(SuspendInstance),
    "go_on": _for_a_reason(ResumeInstance),
    "copy": lambda number, said: CopyOrder(number, said["actor"], said["to"], said.get("note", "")),
    "read_copy": lambda number, said: ReadCopy(number, said["actor"]),
    "comment": lambda number, said: CommentOrder(number, said["actor"], said["text"]),
}
"""Gives the command of a verb from an order's number and what the step says."""
