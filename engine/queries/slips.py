"""Slips as people see them on an order: what was asked, until when, and what was answered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.executor import Context
from engine.steps.slips import answers
from engine.store import slips
from engine.store.instances import TaskRow


@dataclass(frozen=True, slots=True)
class SlipView:
    """One slip (催办单, 督办单)."""

    id: int
    number: str
    kind: str
    task_id: int
    task_name: str
    task_state: str
    ended_at: datetime | None
    """When the task ended; an answer is wanted no more."""
    ended_by: str | None
    issued_at: datetime
    issued_by: str
    text: str
    answer_by: datetime
    answered_at: datetime | None
    answered_by: str | None
    answer: str
    is_late: bool
    """Nobody has answered, and the moment had passed before the case stood still, if it does."""
    may_answer: bool
    """Whoever looks may answer it."""


@dataclass(frozen=True, slots=True)
class WantedAnswer:
    """What a task in a list owes: the answer to a slip (of several the one that supervises, else the first)."""

    kind: str
    answer_by: datetime
    is_late: bool


@dataclass(frozen=True, slots=True)
class SlipsOf:
    """Every slip of a case, oldest first."""

    instance_id: int

    def read(self, ctx: Context) -> list[SlipView]:
        """Give them; for scenarios and tests."""
        return slips_of(ctx, self.instance_id, "", (), ctx.now)


def wanted_of(ctx: Context, tasks: Iterable[tuple[int, bool]]) -> dict[int, WantedAnswer]:
    """Give what each of some tasks owes, by task, in one statement; each comes with whether its order stands still."""
    still, found = dict(tasks), dict[int, WantedAnswer]()
    if not still:
        return found
    for row in slips.awaited(ctx.connection, list(still)):
        is_late = row.answer_by <= ctx.now and not still[row.user_task_id]
        found.setdefault(row.user_task_id, WantedAnswer(row.kind, row.answer_by, is_late))
    return found


def slips_of(ctx: Context, instance_id: int, process: str, tasks: Sequence[TaskRow], clock: datetime) -> list[SlipView]:
    """Give the slips of a case whose clock has come to a moment, and which the actor may answer: those of open tasks in hand."""
    rows = slips.of_case(ctx.connection, instance_id)
    mine = {task.id for task in tasks if answers(ctx, task, process)} if rows else set()
    return [
        SlipView(
            row.id,
            row.number,
            row.kind,
            row.user_task_id,
            row.name,
            row.state,
            row.ended_at,
            row.ended_by,
            row.issued_at,
            row.issued_by,
            row.text,
            row.answer_by,
            row.answered_at,
            row.answered_by,
            row.answer,
            row.answered_at is None and row.answer_by <= clock,
            row.answered_at is None and row.user_task_id in mine,
        )
        for row in rows
    ]
