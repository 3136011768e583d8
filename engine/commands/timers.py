"""Fire what has fallen due."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.domain.actors import SYSTEM
from engine.domain.deadline import parse_cycle
from engine.domain.errors import StepFailed
from engine.executor import Context
from engine.steps import ladder, limits, saving
from engine.steps.scene import Scene, load, of_instance
from engine.steps.services import StepServices
from engine.store import incidents, timers


@dataclass(frozen=True, slots=True)
class FireTimer:
    """Let one timer fire. A timer that is gone, moved into the future or of an ended case changes nothing."""

    timer_id: int
    actor: str = SYSTEM.id

    def run(self, ctx: Context) -> bool:
        """Say whether it fired."""
        seen = timers.get(ctx.connection, self.timer_id)
        if seen is None:
            return False
        scene = of_instance(ctx, seen.instance_id)
        row = timers.get(ctx.connection, self.timer_id)
        if row is None or row.due_at > ctx.now or scene.row.instance_status != saving.RUNNING:
            return False
        _fire(scene, row)
        return True

    def failed(self, ctx: Context, failure: StepFailed) -> None:
        """Move the timer aside and tell an admin: one bad row never stops the others."""
        row = timers.get(ctx.connection, self.timer_id)
        if row is None:
            return
        timers.set_aside(ctx.connection, self.timer_id)
        incidents.add(
            ctx.connection,
            "FireTimer",
            str(failure),
            ctx.now,
            instance_id=row.instance_id,
            element_id=row.element_id,
            timer_id=self.timer_id,
        )


def _fire(scene: Scene, row: Any) -> None:
    turns = _turns(scene, row) if row.kind == "cycle" else Turns(0, None, row.due_at)
    scene.fired_host, scene.fired_missed = row.host, turns.missed
    if turns.next_at is not None and ladder.ends_here(scene, row.element_id, row.host, 1 + turns.missed):
        turns = replace(turns, next_at=None)
    case = load(scene, StepServices(scene))
    fresh = case.fire(row.token_id, again=turns.next_at is not None)
    said = {"due_at": row.due_at.isoformat(), "text": row.text}
    if turns.missed:
        said["missed"] = turns.missed
    saving.stepped(scene, case, "TimerFired", row.element_id, **said)
    goes_on = fresh is not None and case.is_open(fresh)
    saving.save(scene, case, kept_timer=row.token_id if goes_on else "")
    if goes_on and fresh is not None and turns.next_at is not None:
        remaining = None if row.remaining is None else row.remaining - 1 - turns.missed
        timers.next_turn(scene.ctx.connection, row.id, fresh, turns.next_at, turns.counts_from, remaining)


@dataclass(frozen=True, slots=True)
class Turns:
    """How a cycle goes on: the turns that went by because nobody woke it, and the next one to come (None: that was the last)."""

    missed: int
    next_at: datetime | None
    counts_from: datetime
    """The turn before, from which the next one counts."""


def _turns(scene: Scene, row: Any) -> Turns:
    """A cycle keeps its rhythm: it counts from the moment that was due, not from when we woke. Missed turns are one firing."""
    interval, calendar = parse_cycle(row.text).interval, limits.calendar(scene.ctx, row.calendar)
    left, missed, at = row.remaining, 0, row.due_at
    if interval.is_plain and at + interval.amount <= scene.ctx.now:  # a year of minutes is not counted one by one
        passed = (scene.ctx.now - at) // interval.amount
        missed = passed if left is None else min(passed, left - 1)
        at, left = at + missed * interval.amount, None if left is None else left - missed
    while left is None or left > 1:
        turn, at = at, interval.due(at, calendar).at
        if at > scene.ctx.now:
            return Turns(missed, at, turn)
        missed += 1
        left = None if left is None else left - 1
    return Turns(missed, None, at)
