"""The daily loop of a training, day after day through the real commands: what a day costs, and how large the case has grown."""

import gc
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine import CompleteUserTask, Engine, StartInstance, WorkingCalendars
from engine.bundles import procedures_root
from engine.domain.clock import SHANGHAI, FrozenClock
from workers.rehearsal.bench_courses import open_task

TRAINING = "equipment_operator_training"
FOLDER = procedures_root() / "training" / TRAINING
BEGIN = datetime(2025, 1, 6, 9, tzinfo=SHANGHAI)
DISPATCHER, TRAINER, TRAINEE = "dispatcher_long", "trainer_gu", "trainee_niu"
DAYS = 135
"""Working days of the longest training the text speaks of: some weeks at the base, ninety days on site."""
WINDOW = 11
PLAN = {
    **dict.fromkeys(("requirements", "assess_method", "training_area", "training_machine"), "见计划"),
    **{f"course_{subject}": "见课表" for subject in ("theory", "driving", "maintenance", "safety")},
    "assess_on": "2025-12-01",
    "trainer": TRAINER,
}
SHEET = {
    "sheet_kind": "driving",
    "attendance": "present",
    "machine_hours": 0.1,
    "sheet_content": "装车下车",
    "pre_start_check": True,
}
"""A tenth of an hour a day: the training stays at the base all the time."""


@dataclass(frozen=True, slots=True)
class Day:
    """What one day took: CPU seconds of its two steps, and the bytes its case is kept in afterwards."""

    cpu: float
    size: int


def started(engine: Engine) -> str:
    """Start a training and plan it; give its number."""
    who = {"trainee": TRAINEE, "equipment_type": "汽车起重机", "equipment_class": "special", "reason": "new"}
    number = engine.execute(StartInstance(TRAINING, DISPATCHER, who)).number
    engine.execute(CompleteUserTask(open_task(engine, number), DISPATCHER, PLAN))
    return number


def next_day(engine: Engine, clock: FrozenClock) -> None:
    """Move the clock to the afternoon of the next working day."""
    calendar = engine.ask(WorkingCalendars())["office"]
    clock.move_to(calendar.after_opening(clock.now(), timedelta(hours=7)))


def train(engine: Engine, clock: FrozenClock, number: str) -> float:
    """Let a day's sheet be filled and signed on the next working day; give the CPU seconds."""
    next_day(engine, clock)
    spent = 0.0
    for person, answers in ((TRAINER, SHEET), (TRAINEE, {"sign_result": "signed"})):
        task = open_task(engine, number)
        before = time.process_time()
        engine.execute(CompleteUserTask(task, person, answers))
        spent += time.process_time() - before
    return spent


def days(engine: Engine, clock: FrozenClock, size: Callable[[Any], int], number: int = DAYS) -> Iterator[Day]:
    """Live through a training day by day; `size` gives the bytes of the only case of a database."""
    order = started(engine)
    for _ in range(number):
        yield Day(train(engine, clock, order), size(engine.database))


def day_ratio(engine: Engine, clock: FrozenClock, size: Callable[[Any], int], number: int = DAYS) -> float:
    """Compare the days around the last with the first, medians over a small window each: CPU or size, whichever grew more."""
    gc.collect()
    gc.disable()
    try:
        lived = list(days(engine, clock, size, number + WINDOW // 2))
    finally:
        gc.enable()
    first, last = lived[:WINDOW], lived[-WINDOW:]
    return max(
        statistics.median(day.cpu for day in last) / statistics.median(day.cpu for day in first),
        statistics.median(day.size for day in last) / statistics.median(day.size for day in first),
    )
