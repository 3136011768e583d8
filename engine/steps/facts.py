"""What decisions may know about the office: people, load, similar orders, training. Read-only, in the step's own transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.domain.clock import local
from engine.steps import training
from engine.steps.limits import calendar
from engine.steps.performers import people_behind
from engine.steps.scene import Scene
from engine.steps.training import DaySheet, Totals
from engine.store import people, user_tasks, work_orders


@dataclass(frozen=True, slots=True)
class KnownOrder:
    """An order that a decision may compare with the present one."""

    number: str
    phone: str
    place: str
    summary: str
    status: str
    received_at: datetime


class Facts:
    """The read-only view a decision gets as its second parameter."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._connection = scene.ctx.connection

    @property
    def now(self) -> datetime:
        """Business now, UTC: the step's own moment."""
        return self._scene.ctx.now

    @property
    def actor(self) -> str:
        """Who acts in this step."""
        return self._scene.doer

    @property
    def starter(self) -> str:
        """Who started the case."""
        return self._scene.row.created_by

    def people(self, terms: Sequence[str]) -> list[str]:
        """Give the active people that performer words mean, but for those whom the case is about."""
        found, recused = (
            people_behind(self._scene.ctx, terms, self._scene.row.instance_id, self.starter),
            self._scene.recused,
        )
        return [who for who in found if not who.startswith("phone:") and who not in recused]

    def is_open(self, calendar_key: str) -> bool:
        """Whether now is working time by a calendar; raise NotFound for an unknown one."""
        return calendar(self._scene.ctx, calendar_key).is_open(self.now)

    def is_active(self, person: str) -> bool:
        """Whether somebody can be given work."""
        return bool(people.active(self._connection, [person]))

    def load(self, persons: Sequence[str]) -> dict[str, int]:
        """Give how many open tasks each person holds, those of this very step too; zero for those who hold none."""
        held, now = user_tasks.held_by(self._connection, persons), [who for _, who in self._scene.given]
        return {who: held.get(who, 0) + now.count(who) for who in persons}

    def last_handler(self, element_id: str) -> str | None:
        """Say who completed an element of this case last."""
        return user_tasks.last_done_by(self._connection, self._scene.row.instance_id, element_id)

    def last_picked(self, element_id: str) -> str | None:
        """Say whom a strategy chose last for a step of this procedure, over all cases; another instance of it in this very
        step counts, and whoever got a task by transfer, return or claim does not.
        """
        now = [who for element, who in self._scene.picked if element == element_id]
        if now:
            return now[-1]
        return user_tasks.last_picked(self._connection, self._scene.row.process, element_id)

    def unit_name(self, unit: str) -> str | None:
        """Give a unit's name."""
        return people.unit_name(self._connection, unit)

    @property
    def today(self) -> date:
        """The step's own day, Asia/Shanghai."""
        return local(self.now).date()

    def training_totals(self) -> dict[str, Totals]:
        """Give working days and machine hours served so far by stage: signed by the trainee, attended, not voided."""
        return training.totals(self._scene)

    def training_day(self, day: date) -> list[DaySheet]:
        """Give the sheets of this case that hold for a day."""
        return training.sheets_of(self._scene, day)

    def orders_like(self, *, phone: str | None, place: str | None, days: int) -> list[KnownOrder]:
        """Give other orders of the same procedure with the same phone or place, newest first."""
        row = self._scene.row
        since = self.now - timedelta(days=days)
        found = work_orders.alike(self._connection, row.process, since, phone=phone, place=place)
        return [
            KnownOrder(o.number, o.phone or "", o.place or "", o.summary, o.status, o.received_at)
            for o in found
            if o.id != row.order_id
        ]
