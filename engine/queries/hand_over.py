"""What a leaver still holds, who could take it, and what would become of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine.domain.substitution import Substitution
from engine.executor import Context
from engine.steps import leaving
from engine.steps.performers import people_behind
from engine.store import leavers, people, recusals
from engine.store.tables import user_task, work_order

SHOWN = 200


@dataclass(frozen=True, slots=True)
class HeldTask:
    """One open task in somebody's hands, lent by or to them, theirs to sign, or naming them among its candidates."""

    task_id: int
    name: str
    number: str
    title: str
    due_at: datetime | None
    warn_at: datetime | None
    due_text: str | None
    due_from: datetime | None
    calendar: str | None
    status: str
    """Of the order."""
    opened_at: datetime
    groups: list[str]
    assignee: str | None
    owner: str | None
    instance_id: int
    held: dict[str, Any] | None
    barred: list[str] | None


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody who could take some of the tasks."""

    id: str
    name: str
    tasks: int


@dataclass(frozen=True, slots=True)
class Leaving:
    """A person's open tasks, those they may be asked about too, and possible receivers, those who could take most first."""

    tasks: list[HeldTask]
    receivers: list[Receiver]
    more: bool
    """Whether there are more tasks than are shown."""


@dataclass(frozen=True, slots=True)
class TasksInHand:
    """The open tasks that still name a person, with who could take them over; for admins' eyes."""

    person: str

    def read(self, ctx: Context) -> Leaving:
        """Give them, least time left first."""
        columns = (
            user_task.c.id,
            user_task.c.name,
            work_order.c.number,
            work_order.c.title,
            *(user_task.c[n] for n in ("due_at", "warn_at", "due_text", "due_from", "calendar")),
            work_order.c.status,
            user_task.c.opened_at,
            *(user_task.c[n] for n in ("groups", "assignee", "owner", "instance_id", "held", "barred")),
        )
        query = (
            select(*columns)
            .join(work_order, work_order.c.instance_id == user_task.c.instance_id)
            .where(leavers.still_naming(self.person))
            .order_by(user_task.c.due_at.is_(None), user_task.c.due_at, user_task.c.id)
            .limit(SHOWN + 1)
        )
        found = [HeldTask(*row) for row in ctx.connection.execute(query)]
        return Leaving(found[:SHOWN], self._receivers(ctx, found), len(found) > SHOWN)

    def _receivers(self, ctx: Context, tasks: list[HeldTask]) -> list[Receiver]:
        counts: dict[str, int] = {}
        able: dict[tuple[str, ...], list[str]] = {}
        for task in tasks:
            terms = tuple(task.groups)
            if terms not in able:
                able[terms] = people_behind(ctx, terms, 0, "")
            for who in able[terms]:
                counts[who] = counts.get(who, 0) + 1
        counts.pop(self.person, None)
        named = people.named(ctx.connection, counts)
        receivers = [Receiver(who, named[who][0], n) for who, n in counts.items() if who in named]
        return sorted(receivers, key=lambda r: (-r.tasks, r.id))


@dataclass(frozen=True, slots=True)
class HandOverPlan:
    """What handing a leaver's work to somebody would do."""

    receiver: str
    tasks: Mapping[str, list[HeldTask]]
    """By fate (`given`, `asking`, `offered`, `returned`, `signing`, `named`, `stays`), least time left first."""
    more: bool
    """Whether there are more tasks than are shown; they fare alike."""
    rules: list[Substitution]
    """Rules about stand-ins that would end."""
    duties: list[str]
    """Names of rosters that would go on naming the leaver."""
    names: Mapping[str, str]
    """Of everybody in it, by id."""


@dataclass(frozen=True, slots=True)
class PlanHandOver:
    """Look at what handing a person's work over to another would do; for admins' eyes."""

    person: str
    to: str

    def read(self, ctx: Context) -> HandOverPlan:
        """Nothing is written. Raises Invalid for a receiver who cannot work."""
        receiver = leaving.receiver_of(ctx, self.person, self.to)
        found = TasksInHand(self.person).read(ctx)
        barred = recusals.cases_about(ctx.connection, self.to)
        ids = [task.task_id for task in found.tasks]
        owing, co_signed = leavers.owing(ctx.connection, ids), leavers.co_signed(ctx.connection, ids, self.to)
        tasks: dict[str, list[HeldTask]] = {}
        for task in found.tasks:
            asked = owing.get(task.task_id, set())
            said = {"recused": task.instance_id in barred, "co_signs": task.task_id in co_signed}
            for fate in leaving.fates(task, asked, self.person, receiver, **said):
                tasks.setdefault(fate, []).append(task)
        rules = leaving.rules_of(ctx, self.person)
        mentioned = {self.person, self.to, *(who for rule in rules for who in (rule.principal, rule.person))}
        mentioned |= {who for task in found.tasks for who in (task.assignee, task.owner) if who}
        duties, names = leaving.duties_of(ctx, self.person), people.names_of(ctx.connection, mentioned)
        return HandOverPlan(self.to, tasks, found.more, rules, duties, names)
