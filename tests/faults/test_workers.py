"""Workers are killed, frozen and cut from their database while orders come in: each order ends as drawn, each job is done once."""

import os
import signal
import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from engine import CompleteJob, LeaseJobs, StartInstance
from engine.domain.clock import SystemClock
from engine.domain.errors import Conflict
from engine.store.database import reading
from engine.store.tables import instance, outbox
from tests.faults import invariants
from tests.faults.fleet import SPAN, Fleet, forked, write
from tests.faults.stands import furnish
from tests.support.gates import eventually
from tests.support.own_postgres import cluster

LATE = SPAN.total_seconds() + 2
"""Seconds by which a timer may be late after a crash."""
BETWEEN = 1.5
"""Seconds from one crash of the server to the next, at most: too short to be sure that somebody fires what is due."""


@pytest.fixture
def fleet_on(tmp_path):
    """Gives a fleet on a database; whoever still works when the test ends is killed."""
    made = []

    def on(ground, url):
        made.append(Fleet(lambda: ground.open(url, SystemClock()), tmp_path))
        return made[-1]

    yield on
    for fleet in made:
        fleet.stop()


def closed(fleet):
    """Give how many orders have ended with everything sent; the connection is closed, for the next fork."""
    engine = fleet.open()
    try:
        with reading(engine.database) as connection:
            sent = select(func.count()).where(outbox.c.state == "sent")
            ended = select(func.count()).where(instance.c.status == "completed")
            return min(connection.execute(ended).scalar_one(), connection.execute(sent).scalar_one() // 2)
    finally:
        engine.database.dispose()


def judged(fleet, figures):
    """Give the violations when all has come to rest, and note the figures."""
    engine = fleet.open()
    late = invariants.lateness(engine)
    sent = fleet.sent
    found = invariants.check(engine, sent, fleet.started)
    if len(set(sent)) != 2 * len(fleet.started):
        found.append(f"I3 {len(set(sent))} different messages for {len(fleet.started)} orders")
    engine.database.dispose()
    figures.update(orders=len(fleet.started), sent=len(set(sent)), extra_sends_with_known_key=invariants.extra(sent))
    figures.update(violations=len(found), latest_timer=f"{late[-1]:.2f} s" if late else "none")
    return found


def wait_for_all(fleet, starter, orders):
    """Wait until every order has ended."""
    os.waitpid(starter, 0)
    assert len(fleet.started) == orders
    assert eventually(lambda: closed(fleet) >= orders, seconds=120), f"{closed(fleet)} of {orders} ended"


def test_workers_killed_at_any_moment_lose_nothing(ground, fleet_on, size, figures):
    chance, orders, kills = size.chance("fleet"), size(60, 1500), size(8, 120)
    with ground.copy() as url:
        fleet = fleet_on(ground, url)
        fleet.grow(1 if ground.kind == "sqlite" else 3)
        starter = fleet.begin_orders(orders)
        for _ in range(kills):
            time.sleep(chance.uniform(0.05, 0.8))
            fleet.kill(chance.randrange(len(fleet.workers)))
        wait_for_all(fleet, starter, orders)
        engine = fleet.open()
        late = invariants.lateness(engine)
        engine.database.dispose()
        fleet.stop()
        figures.update(kills=kills)
        assert judged(fleet, figures) == []
        assert late[0] >= 0
        assert late[-1] <= LATE + 3, "later than the lease, two seconds, and a start of the process"


@pytest.fixture(scope="module")
def own_server(database_kind, ground):
    """A server of our own, with everything in a template."""
    if database_kind == "sqlite":
        pytest.skip("about PostgreSQL")
    with cluster() as server:
        furnish(ground.open(server.create("furnished"), SystemClock()))
        yield server


@pytest.mark.parametrize("how", ["backend", "restart"])
def test_a_server_that_crashes_under_load_loses_nothing(ground, own_server, fleet_on, size, figures, how):
    server = own_server
    server.sql(f"CREATE DATABASE {how} TEMPLATE furnished")
    url = server.url(how)
    chance, orders, crashes = size.chance(how), size(40, 600), size(3, 25)
    fleet, away = fleet_on(ground, url), 0.0
    fleet.grow(2)
    starter = fleet.begin_orders(orders)
    for _ in range(crashes):
        time.sleep(chance.uniform(0.3, BETWEEN))
        at = time.monotonic()
        if how == "restart":
            server.stop("immediate")
            server.start()
        elif found := server.sql(f"SELECT pid FROM pg_stat_activity WHERE datname = '{how}'"):
            os.kill(chance.choice(found)[0], signal.SIGKILL)
            eventually(lambda: bool(answers(server)), seconds=30)
        away += time.monotonic() - at
    wait_for_all(fleet, starter, orders)
    fleet.stop()
    figures.update(crashes=crashes, seconds_away=f"{away:.2f}")
    assert judged(fleet, figures) == []
    engine = fleet.open()
    latest = invariants.lateness(engine)[-1]
    engine.database.dispose()
    assert latest <= away + BETWEEN * crashes + LATE + 5, (
        "later than all the time away, what lay between, and a busy machine"
    )


def answers(server):
    """Say whether the server has recovered."""
    try:
        return server.sql("SELECT 1")
    except Exception:  # noqa: BLE001  # whatever it says while it recovers
        return []


def test_a_worker_frozen_for_longer_than_its_lease_is_fenced(ground, tmp_path, size, figures):
    fenced, times = 0, size(2, 15)
    span = timedelta(seconds=1)
    with ground.copy() as url:
        for turn in range(times):
            said = tmp_path / f"zombie {turn}"
            engine = ground.open(url, SystemClock())
            engine.execute(StartInstance("letters", "agent_li", {}))
            engine.database.dispose()

            def frozen(said=said):
                mine = ground.open(url, SystemClock())
                [job] = mine.execute(LeaseJobs("zombie", span))
                write(said, "leased")
                os.kill(os.getpid(), signal.SIGSTOP)
                try:
                    mine.execute(CompleteJob(job.id, job.fence, {"tracking": "zombie"}))
                    write(said, "done")
                except Conflict:
                    write(said, "fenced")

            zombie = forked(frozen)
            assert eventually(said.exists)
            time.sleep(1.1)
            engine = ground.open(url, SystemClock())
            [job] = engine.execute(LeaseJobs("other", span))
            engine.execute(CompleteJob(job.id, job.fence, {"tracking": "other"}))
            engine.database.dispose()
            os.kill(zombie, signal.SIGCONT)
            os.waitpid(zombie, 0)
            fenced += said.read_text().split() == ["leased", "fenced"]
        found = invariants.check(ground.open(url, SystemClock()))
    figures.update(zombies=times, fenced=fenced)
    assert (fenced, found) == (times, [])
