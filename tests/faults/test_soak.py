"""Steady work for a while: memory and open transactions do not grow."""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine import StartInstance
from engine.domain.clock import FrozenClock
from tests.faults import invariants
from workers.rehearsal.stage import stage

NOON = datetime(2025, 9, 22, 4, tzinfo=UTC)
PAGE = os.sysconf("SC_PAGE_SIZE")


def resident():
    """Give this process's memory in megabytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 2**20


def slope(points):
    """Give how much a figure grows per minute, by least squares."""
    n, xs, ys = len(points), [x for x, _ in points], [y for _, y in points]
    mean_x, mean_y = sum(xs) / n, sum(ys) / n
    spread = sum((x - mean_x) ** 2 for x in xs) or 1
    return 60 * sum((x - mean_x) * (y - mean_y) for x, y in points) / spread


def test_an_engine_that_works_for_a_while_keeps_its_memory_and_its_connections(ground, size, figures):
    seconds = size(12, 900)
    with ground.copy() as url:
        clock = FrozenClock(NOON)
        engine = ground.open(url, clock)
        played = stage(engine, clock)
        began, points, orders = time.monotonic(), [], 0
        while (passed := time.monotonic() - began) < seconds:
            for _ in range(5):
                engine.execute(StartInstance("letters", "agent_li", {}))
            played.advance_to(clock.at + timedelta(seconds=2))
            played.post.delivered.clear()
            orders += 5
            if passed > seconds / 3:
                points.append((passed, resident()))
                assert engine.database.pool.checkedout() == 0
        growth = slope(points)
        figures.update(orders=orders, seconds=seconds, rate=f"{orders / seconds:.0f}/s", growth=f"{growth:.2f} MB/min")
        assert growth < (20 if not size.long else 1)
        assert invariants.check(engine) == []
        engine.database.dispose()
