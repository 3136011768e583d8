"""Daily sheets of training as a step writes and counts them: rows of their own, so that neither record nor state grows by the day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from engine.domain.errors import StepFailed
from engine.domain.work_calendar import WorkCalendar
from engine.steps import limits
from engine.steps.scene import Scene
from engine.store import training
from engine.store.training import DayRow, SheetRow

LONGEST_DAY = 24 * 60
"""Minutes of all sheets of one day together."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What counts so far: working days, and machine hours on whatever day."""

    days: int = 0
    hours: float = 0.0


@dataclass(frozen=True, slots=True)
class DaySheet:
    """One sheet that holds: of which kind, for how many hours, and whether the trainee attended."""

    kind: str
    hours: float
    attended: bool


def write_sheet(scene: Scene, element_id: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Add the sheet that a diagram's inputs describe; give its id.

    A sheet for a day and kind that has one already voids that one, if `corrects` says so. Raises StepFailed for a second
    sheet, for one signed by anybody but the trainee, and for more than 24 hours in a day.
    """
    day, kind = _day(inputs["day"]), str(inputs["kind"])
    signed, attended = inputs["signed"] is True, inputs["attended"] is True
    minutes = minutes_of(inputs["hours"]) if attended else 0
    held = training.on_day(scene.ctx.connection, scene.row.instance_id, day)
    before = next((row for row in held if row.kind == kind), None)
    _hold_rules(scene, inputs, before, signed)
    if minutes + sum(row.minutes for row in held if row is not before) > LONGEST_DAY:
        raise StepFailed(f"{day} 的培训超过 24 小时")
    ident = training.add(
        scene.ctx.connection,
        {
            "instance_id": scene.row.instance_id,
            "stage": str(inputs["stage"]),
            "day": day,
            "kind": kind,
            "revision": before.revision + 1 if before else 0,
            "voids": before.id if before else None,
            "attended": attended,
            "minutes": minutes,
            "trainer": str(inputs["trainer"]),
            "trainee": str(inputs["trainee"]),
            "machine": str(inputs.get("machine") or "")[:100],
            "note": str(inputs.get("note") or ""),
            "signed_at": scene.ctx.now if signed else None,
            "written_at": scene.ctx.now,
        },
    )
    scene.note("TrainingSheetWritten", element_id, day=day.isoformat(), kind=kind, sheet=ident, voids=bool(before))
    return {"sheet": ident}


def _hold_rules(scene: Scene, inputs: Mapping[str, Any], before: SheetRow | None, signed: bool) -> None:
    if signed and scene.doer != inputs["trainee"]:
        raise StepFailed("每日培训表要由学员本人签认")
    if signed and inputs["trainer"] == inputs["trainee"]:
        raise StepFailed("教员不能签认自己填的培训表")
    if before is not None and inputs.get("corrects") is not True:
        raise StepFailed(f"{before.day} 这一科目已有培训表,要改请填更正")


def sheets_of(scene: Scene, day: date) -> list[DaySheet]:
    """Give the sheets of a case that hold for a day."""
    rows = training.on_day(scene.ctx.connection, scene.row.instance_id, day)
    return [DaySheet(r.kind, r.minutes / 60, r.attended) for r in rows]


def totals(scene: Scene) -> dict[str, Totals]:
    """Give what counts so far, by stage, in the procedure's calendar."""
    rows = training.days(scene.ctx.connection, scene.row.instance_id)
    return count(rows, limits.calendar(scene.ctx, scene.calendar_of({})))


def count(rows: Iterable[DayRow], calendar: WorkCalendar) -> dict[str, Totals]:
    """Add up (stage, day, minutes) by stage; a day off adds its hours and no working day."""
    found: dict[str, tuple[int, int]] = {}
    for row in rows:
        days, minutes = found.get(row.stage, (0, 0))
        found[row.stage] = days + calendar.is_workday(row.day), minutes + row.minutes
    return {stage: Totals(days, round(minutes / 60, 2)) for stage, (days, minutes) in found.items()}


def minutes_of(hours: Any) -> int:
    """Give hours, a number or None, in whole minutes."""
    minutes = int((Decimal(str(hours or 0)) * 60).to_integral_value(ROUND_HALF_UP))
    if not 0 <= minutes <= LONGEST_DAY:
        raise StepFailed(f"一天的上机时间要在 0 到 24 小时之间,不能是 {hours}")
    return minutes


def _day(said: Any) -> date:
    try:
        return date.fromisoformat(str(said))
    except ValueError as error:
        raise StepFailed(f"培训表的日期要写成 2025-10-09,不能是“{said}”") from error
