"""The daily sheets of an order as people see them: what has been served against the minimum, and the sheets, newest first."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from engine.domain.errors import NotFound
from engine.executor import Context
from engine.steps import limits
from engine.steps.calendar_choice import calendar_key
from engine.steps.released import released
from engine.steps.scope import scope
from engine.steps.training import Totals, count
from engine.store import training
from engine.store.tables import instance, training_sheet, work_order

PAGE = 20


@dataclass(frozen=True, slots=True)
class StageView:
    """What has been served of a stage, and what it asks for at least; None where it asks for nothing (yet)."""

    title: str
    served: Totals
    days: float | None
    hours: float | None


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One sheet; `voided` says that a later one replaces it, `corrects` that it replaces an earlier one."""

    day: date
    stage: str
    kind: str
    attended: bool
    hours: float
    trainer: str
    machine: str
    note: str
    signed_at: datetime | None
    corrects: bool
    voided: bool


@dataclass(frozen=True, slots=True)
class SheetsView:
    """A page of an order's sheets with the totals of all."""

    stages: list[StageView]
    sheets: list[SheetLine]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class TrainingSheets:
    """The daily sheets of an order that the actor may see."""

    number: str
    page: int = 1

    def read(self, ctx: Context) -> SheetsView:
        """Give a page of PAGE sheets, newest first. Raises NotFound for strangers, and for procedures without training."""
        columns = work_order.c.instance_id, work_order.c.record, instance.c.definition_id, _SHEETS.label("sheets")
        query = select(*columns).join(instance, instance.c.id == work_order.c.instance_id)
        row = ctx.connection.execute(query.where(work_order.c.number == self.number, scope(ctx))).one_or_none()
        said = released(ctx, row.definition_id).procedure.training if row is not None else None
        if row is None or said is None:
            raise NotFound(f"没有工单 {self.number} 的培训表,或者你不能看它")
        procedure = released(ctx, row.definition_id).procedure
        unit = row.record.get(procedure.columns.get("unit", ""))
        key = calendar_key(ctx, procedure, {}, str(unit) if unit else None)
        served = count(training.days(ctx.connection, row.instance_id), limits.calendar(ctx, key))
        stages = [
            StageView(s.title, served.get(s.id, Totals()), row.record.get(s.days), row.record.get(s.hours))
            for s in said.stages
        ]
        pages = max(1, -(-row.sheets // PAGE))
        page = min(max(self.page, 1), pages)
        titles = {s.id: s.title for s in said.stages}
        found = _lines(ctx, row.instance_id, page)
        return SheetsView(stages, [_line(sheet, titles, said.kinds) for sheet in found], page, pages)


_SHEETS = select(func.count()).where(training_sheet.c.instance_id == work_order.c.instance_id).scalar_subquery()


def _lines(ctx: Context, instance_id: int, page: int) -> list[Any]:
    query = select(training_sheet, (~training.HOLDS).label("voided")).where(training_sheet.c.instance_id == instance_id)
    newest = query.order_by(training_sheet.c.day.desc(), training_sheet.c.id.desc())
    return list(ctx.connection.execute(newest.limit(PAGE).offset((page - 1) * PAGE)))


def _line(row: Any, stages: dict[str, str], kinds: Any) -> SheetLine:
    return SheetLine(
        row.day,
        stages.get(row.stage, row.stage),
        kinds.get(row.kind, row.kind),
        row.attended,
        round(row.minutes / 60, 2),
        row.trainer,
        row.machine,
        row.note,
        row.signed_at,
        row.voids is not None,
        row.voided,
    )
