"""Sending back and withdrawing, as scenarios say it: `action = "send_back"` with `with = { to, reason }`, `action = "withdraw"`."""

from collections.abc import Mapping
from typing import Any

from engine import CaseView, Engine, History, ReturnTargets, SendBack, TasksOfCase, WithdrawStart, WithdrawStep
from engine.domain.errors import Invalid


def send_back(engine: Engine, task_id: int, actor: str, said: Mapping[str, Any]) -> SendBack:
    """Give the command; `to` names a step, `previous` the one before, `starter` the last that whoever started the case did."""
    found, to, item = engine.ask(ReturnTargets(task_id), actor), said.get("to", "previous"), said.get("item")
    named = [t for t in found if t.element_id == to and item in (None, t.item)]
    fitting = {"previous": [t for t in found if t.previous], "starter": [t for t in found if t.starter]}.get(to, named)
    chosen = fitting[0].task_id if fitting else -1
    return SendBack(task_id, actor, chosen, said.get("reason", ""), said.get("straight", False))


def withdraw(number: str, task_id: int, actor: str, said: Mapping[str, Any]) -> WithdrawStep | WithdrawStart:
    """Give the command: for a completed task, or for the start of an order."""
    reason = said.get("reason", "")
    return WithdrawStep(task_id, actor, reason) if task_id else WithdrawStart(number, actor, reason)


def last_done(engine: Engine, case: CaseView, element_id: str) -> int:
    """Give the task that was completed last at a step, 0 for the start that nobody has mended; raise Invalid where none was."""
    done = [
        t for t in engine.ask(TasksOfCase(case.instance_id)) if t.element_id == element_id and t.state == "completed"
    ]
    if not done and engine.ask(History(case.instance_id))[0].element_id == element_id:
        return 0
    if not done:
        raise Invalid(f"{element_id} 还没有人办过")
    return done[-1].id
