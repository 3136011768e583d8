"""Those asked to sign the open tasks of an order, as people see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.executor import Context
from engine.store import signings
from engine.store.instances import TaskRow


@dataclass(frozen=True, slots=True)
class SigningView:
    """Somebody asked to sign a task, and what they said."""

    id: int
    task_id: int
    person: str
    mode: str
    """before, after or parallel."""
    question: str
    asked_by: str
    asked_at: datetime
    state: str
    """asked or signed."""
    agrees: bool | None
    answer: str
    ended_at: datetime | None


def signings_of(ctx: Context, tasks: Sequence[TaskRow]) -> list[SigningView]:
    """Give those asked to sign some tasks, oldest first; where nobody ever was, nothing is looked for."""
    asked = [task.id for task in tasks if task.signers is not None]
    return [SigningView(*tuple(row)) for row in signings.of_tasks(ctx.connection, asked)] if asked else []
