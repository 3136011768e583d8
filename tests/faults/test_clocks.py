"""Clocks that are wrong, jump or stand still: nothing fires early, nothing is lost, limits are counted as drawn.

Machines whose clocks disagree are separate processes with clocks of their own, handed to their engines.
"""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from engine import Deploy, FireTimer, StartInstance
from engine.domain.actors import SYSTEM
from engine.domain.clock import SHANGHAI, FrozenClock, SystemClock
from engine.store.database import reading
from engine.store.tables import history, instance, timer, user_task
from tests.faults import invariants
from tests.faults.fleet import Fleet
from tests.support.gates import eventually
from tests.support.procedures import procedure, user
from tests.support.procedures import timer as timer_event
from workers.rehearsal.stage import stage

FIVE = timedelta(minutes=5)
MORNING = datetime(2025, 9, 22, 9, tzinfo=SHANGHAI)


@dataclass(slots=True)
class WrongClock(SystemClock):
    """A machine whose clock is wrong."""

    wrong_by: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        """The moment the machine believes in."""
        return datetime.now(UTC) + self.wrong_by

    def lease_now(self) -> datetime:
        """The same."""
        return self.now()


def test_machines_whose_clocks_disagree_fire_nothing_early_and_lose_nothing(ground, tmp_path, size, figures):
    if ground.kind == "sqlite":
        pytest.skip("one machine has one clock")
    orders = size(20, 400)
    with ground.copy() as url:
        fleets = [Fleet(lambda by=by: ground.open(url, WrongClock(wrong_by=by)), tmp_path) for by in (FIVE, -FIVE)]
        began = SystemClock().now()
        for fleet in fleets:
            fleet.grow(1)
        os.waitpid(fleets[0].begin_orders(orders), 0)
        engine = ground.open(url, SystemClock())
        ended = select(func.count()).where(instance.c.status == "completed")

        def all_ended():
            with reading(engine.database) as connection:
                return connection.execute(ended).scalar_one() == orders

        assert eventually(all_ended, seconds=60)
        assert eventually(lambda: len(fleets[0].sent) >= 2 * orders, seconds=20)
        for fleet in fleets:
            fleet.stop()
        late, over = invariants.lateness(engine), SystemClock().now()
        with reading(engine.database) as connection:
            first, last = connection.execute(select(func.min(history.c.at), func.max(history.c.at))).one()
        figures.update(orders=orders, earliest=f"{late[0]:.2f} s", latest=f"{late[-1]:.2f} s")
        assert began - timedelta(seconds=1) <= first <= last <= over + timedelta(seconds=1)
        assert 0 <= late[0] <= late[-1] <= 30
        assert invariants.extra(fleets[0].sent) == 0
        assert invariants.check(engine, fleets[0].sent, fleets[0].started) == []
        engine.database.dispose()


def limited(*limits):
    """A procedure with a step that has a limit, and one that is rung by it."""
    steps = [user(f"do{n}", "hotline_agent", due=text) for n, text in enumerate(limits)]
    bells = [timer_event(f"bell{n}", "到期", on=f"do{n}", ends=True) for n in range(len(limits))]
    flows = " >> ".join(["start", *(f"do{n}" for n in range(len(limits))), "end"])
    rung = "; ".join(f"bell{n} >> {f'do{n + 1}' if n + 1 < len(limits) else 'end'}" for n in range(len(limits)))
    files = procedure("limited", *steps, *bells, flows=f"{flows}; {rung}")
    files["procedure.toml"] = files["procedure.toml"].replace(b'"agent"', b'"hotline_agent"')
    return files


@pytest.fixture
def desk(ground):
    """Opens an engine at a moment on a fresh copy, with a procedure of limits, and the stage around it."""
    with ground.copy() as url:
        opened = []

        def at(moment, *limits):
            clock = FrozenClock(moment)
            opened.append(ground.open(url, clock))
            opened[-1].caches = {}  # each copy has a procedure of its own under the same id
            opened[-1].execute(Deploy(limited(*limits), SYSTEM.id))
            return stage(opened[-1], clock)

        yield at
        for engine in opened:
            engine.database.dispose()


def fired(engine):
    """Note which timers fire, in their order."""
    seen, execute = [], engine.execute

    def noting(command, *rest):
        result = execute(command, *rest)
        if isinstance(command, FireTimer) and result:
            seen.append(command.timer_id)
        return result

    engine.execute = noting
    return seen


def rows(engine, table):
    with reading(engine.database) as connection:
        return list(connection.execute(select(table).order_by(table.c.id)))


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_jump_of_an_hour_while_timers_wait_fires_each_once_and_in_order(desk, hours):
    played = desk(MORNING, "PT30M")
    engine, clock = played.engine, played.clock
    seen = fired(engine)
    for minute in (20, 5, 15, 0, 10):
        clock.move_to(MORNING + timedelta(minutes=minute))
        engine.execute(StartInstance("limited", "agent_li", {}))
    in_order = [row.id for row in sorted(rows(engine, timer), key=lambda row: row.due_at)]
    clock.move_to(MORNING + timedelta(minutes=20, hours=hours))
    played.settle()
    assert seen == (in_order if hours > 0 else [])
    clock.move_to(MORNING + timedelta(minutes=25))
    played.settle()
    clock.move_to(MORNING + timedelta(hours=2))
    played.settle()
    assert seen == in_order
    assert rows(engine, timer) == []
    assert invariants.check(engine) == []


@pytest.mark.parametrize(
    ("before", "due", "after", "second"),
    [
        ("2025-09-30 16:00", "2025-10-11", "2025-10-20 10:00", "2025-10-21"),
        ("2025-12-31 16:00", "2026-01-06", "2026-01-12 10:00", "2026-01-13"),
    ],
    ids=["national day", "new year"],
)
def test_a_leap_over_holidays_leaves_limits_in_working_time_right(desk, before, due, after, second):
    """Three working days from the eve of a holiday, made-up working days counted; the next limit is from the awakening."""
    start, awake = (datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI) for moment in (before, after))
    played = desk(start, "3个工作日", "1个工作日")
    engine, clock = played.engine, played.clock
    seen = fired(engine)
    engine.execute(StartInstance("limited", "agent_li", {}))
    assert day(rows(engine, user_task)[0].due_at) == due
    clock.move_to(awake)
    clock.lease_at = awake
    played.settle()
    assert len(seen) == 1
    assert [day(row.due_at) for row in rows(engine, user_task)] == [due, second]
    assert invariants.check(engine) == []


def day(at):
    """Give the working day at whose close a limit ends."""
    return f"{(at.astimezone(SHANGHAI) - timedelta(microseconds=1)):%Y-%m-%d}"
