"""Very much at once: timers due in the same second, a backlog after a long stand-still, many hands on one order, clocks that jump."""

import os
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from engine import CompleteJob, DueTimers, Inbox, LeaseJobs, SendMessage, StartInstance
from engine.commands.definitions import Deploy
from engine.domain.actors import SYSTEM
from engine.domain.clock import FrozenClock, SystemClock
from engine.domain.errors import EngineError
from engine.store.database import reading, transaction
from engine.store.tables import job, metadata, work_order
from tests.faults import invariants
from tests.faults.fleet import forked
from tests.faults.stands import scenarios
from tests.support.procedures import end, message, procedure, script, user
from workers.rehearsal.stage import stage

NOON = datetime(2025, 9, 22, 4, tzinfo=UTC)
COPIED = ("instance", "work_order", "history", "history_payload", "job", "timer")


@pytest.fixture
def desk(ground):
    """An engine on a fresh copy, at noon on a Monday, and the stage around it."""
    with ground.copy() as url:
        clock = FrozenClock(NOON)
        engine = ground.open(url, clock)
        yield stage(engine, clock), url
        engine.database.dispose()


def multiply(engine, times):
    """Put copies of the one order there is beside it, rows and all, under numbers of their own."""
    with transaction(engine.database) as connection:
        for name in COPIED:
            table = metadata.tables[name]
            [*rows] = connection.execute(select(table)).mappings().all()
            made = [fresh(name, row, turn) for turn in range(1, times) for row in rows]
            for at in range(0, len(made), 2000):
                connection.execute(insert(table), made[at : at + 2000])


def fresh(name, row, turn):
    """Give a row as it is for the turn-th order."""
    said = dict(row)
    if name == "instance":
        said["id"] += turn
    elif "instance_id" in said:
        said["instance_id"] += turn
    if name not in ("instance", "history", "history_payload"):
        said["id"] += turn * 10
    if name == "work_order":
        said["number"] = f"C{turn:08d}"
    if "idempotency_key" in said:
        said["idempotency_key"] = f"{turn}:{said['idempotency_key']}"
    return said


def p95(times):
    return sorted(times)[int(len(times) * 0.95)]


def test_timers_due_in_the_same_second_all_fire_and_people_work_meanwhile(desk, size, figures):
    played, _ = desk
    engine, orders = played.engine, size(400, 10_000)
    engine.execute(StartInstance("letters", "agent_li", {}))
    played.settle()
    with reading(engine.database) as connection:
        assert len(connection.execute(select(metadata.tables["timer"])).all()) == 1
    multiply_without_chain(engine, orders)
    played.clock.move_to(NOON + timedelta(seconds=1))
    began, asked, fired = time.monotonic(), [], 0
    while engine.ask(DueTimers(1)):
        fired += played.worker.fire_timers()
        at = time.monotonic()
        engine.ask(Inbox("pool"), "leader_wang")
        asked.append(time.monotonic() - at)
    took = time.monotonic() - began
    figures.update(timers=fired, seconds=f"{took:.1f}", rate=f"{fired / took:.0f}/s", list_p95=f"{p95(asked):.3f} s")
    assert fired == orders
    assert set(invariants.lateness(engine)) == {0}
    assert p95(asked) < 0.3


def multiply_without_chain(engine, times):
    """The copies' chains were made for the first order: they are begun anew, as that of an order without past."""
    multiply(engine, times)
    with transaction(engine.database) as connection:
        history, payload, instance = (metadata.tables[n] for n in ("history", "history_payload", "instance"))
        for table in (payload, history):
            connection.execute(table.delete().where(table.c.instance_id > 1))
        begun = {"history_seq": 0, "history_hash": "0" * 64}
        connection.execute(instance.update().where(instance.c.id > 1).values(**begun))


def test_a_backlog_is_worked_off_oldest_first(desk, size, figures):
    played, _ = desk
    engine, orders = played.engine, size(400, 20_000)
    engine.execute(StartInstance("letters", "agent_li", {}))
    multiply_without_chain(engine, orders)
    with transaction(engine.database) as connection:
        for ident in connection.execute(select(job.c.id)).scalars().all():
            late = NOON - timedelta(seconds=(ident * 7919) % 80_000)
            connection.execute(job.update().where(job.c.id == ident).values(run_at=late))
    began, seen = time.monotonic(), []
    while leased := engine.execute(LeaseJobs("worker", limit=10)):
        seen += [job.id for job in leased]
        for one in leased:
            engine.execute(CompleteJob(one.id, one.fence, {"tracking": "T"}))
    took = time.monotonic() - began
    figures.update(jobs=len(seen), seconds=f"{took:.1f}", rate=f"{len(seen) / took:.0f}/s")
    assert len(seen) == len(set(seen)) == orders
    due = [(ident * 7919) % 80_000 for ident in seen]
    assert due == sorted(due, reverse=True)


def counting():
    """A procedure that counts how often it was rung."""
    files = procedure(
        "ringing",
        user("do"),
        message("ring", "rang", on="do"),
        script("count", "rung = rung + 1"),
        end("counted"),
        flows="start >> do >> end; ring >> count >> counted",
        fields="rung:number",
    )
    files["procedure.toml"] = files["procedure.toml"].replace(b'"agent"', b'"hotline_agent"')
    return files


def test_eight_processes_on_one_order_lose_no_update(ground, size, figures, tmp_path):
    processes, rings = 8, size(6, 150)
    with ground.copy() as url:
        engine = ground.open(url, SystemClock())
        engine.execute(Deploy(counting(), SYSTEM.id))
        number = engine.execute(StartInstance("ringing", "agent_li", {"rung": 0})).number
        engine.database.dispose()

        def ring():
            mine, times = ground.open(url, SystemClock()), []
            for _ in range(rings):
                at = time.monotonic()
                while True:
                    try:
                        mine.execute(SendMessage("rang", number, "agent_li", {}))
                        break
                    except EngineError:
                        continue
                times.append(time.monotonic() - at)
            (tmp_path / f"{os.getpid()}.times").write_text(" ".join(map(str, times)))

        for child in [forked(ring) for _ in range(processes)]:
            os.waitpid(child, 0)
        engine = ground.open(url, SystemClock())
        with reading(engine.database) as connection:
            record = connection.execute(select(work_order.c.record)).scalar_one()
        times = sorted(float(t) for path in tmp_path.glob("*.times") for t in path.read_text().split())
        figures.update(updates=len(times), p99=f"{times[int(len(times) * 0.99) - 1]:.3f} s")
        assert record["rung"] == len(times) == processes * rings
        assert invariants.check(engine) == []
        engine.database.dispose()


@pytest.mark.parametrize("hours", [-1, 1], ids=["an hour back", "an hour ahead"])
def test_a_clock_that_jumps_fires_nothing_early_and_nothing_twice(desk, hours):
    played, _ = desk
    engine, clock = played.engine, played.clock
    engine.execute(StartInstance("letters", "agent_li", {}))
    played.settle()
    clock.move_to(NOON + timedelta(hours=hours))
    played.settle()
    with reading(engine.database) as connection:
        ended = connection.execute(select(work_order.c.status)).scalar_one()
    assert ended == ("closed" if hours > 0 else "open")
    clock.move_to(NOON + timedelta(seconds=2))
    played.settle()
    assert [m.notice for m in played.post.delivered] == ["sent", "sent"]
    assert invariants.check(engine) == []


def test_a_stand_still_over_a_holiday_loses_no_timer(ground, size):
    found = [s for s in scenarios() if "start" in s.steps[0] and "refused" not in s.steps[0].get("expect", {})]
    for scenario in size.chance("leap").sample(found, min(len(found), size(3, 40))):
        with ground.copy() as url:
            clock = FrozenClock(scenario.starts_at)
            engine = ground.open(url, clock)
            played, said = stage(engine, clock), scenario.steps[0]["start"]
            engine.execute(StartInstance(said.get("process", scenario.process), said["actor"], said.get("form", {})))
            played.settle()
            clock.move_to(scenario.starts_at + timedelta(days=40))
            clock.lease_at = clock.at
            played.settle()
            assert engine.ask(DueTimers()) == []
            assert invariants.check(engine, [m.idempotency_key for m in played.post.delivered]) == []
            engine.database.dispose()
