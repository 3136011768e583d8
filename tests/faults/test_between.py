"""Messages between cases: whoever carries them dies, is cut off or is overtaken at any moment; each arrives once."""

import contextlib
import os
import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select, text

from engine import CompleteJob, DeliverMessage, Deploy, LeaseJobs, StartInstance
from engine.domain.actors import SYSTEM
from engine.domain.clock import FrozenClock
from engine.domain.errors import Conflict, EngineError
from engine.store.database import reading, transaction
from engine.store.tables import history, message_receipt, work_order
from tests.faults import invariants
from tests.faults.courses import FailPoint, drop_connection, kill_ourselves
from tests.faults.fleet import forked
from tests.support.procedures import begins, gateway, message, procedure, sends
from workers.rehearsal.stage import stage

NOON = datetime(2025, 9, 22, 4, tzinfo=UTC)
ASKING = procedure(
    "asking",
    sends("ask", "wanted", {"other": "${order}"}, kind="培训"),
    message("done", "answered"),
    flows="start >> ask >> done >> end",
    fields="other",
)
ANSWERING = procedure(
    "answering",
    begins("asked", "wanted", fills="from_order"),
    gateway("begun"),
    sends("answer", "answered", key="${from_order}"),
    flows="start >> begun; asked >> begun >> answer >> end",
)
MESSAGES = 2
"""One starts the other order, one wakes the first."""


class Pair:
    """Two orders on a copy of the database that speak with each other, and need nobody."""

    def __init__(self, ground, url):
        self.ground, self.url = ground, url
        self.start()

    def open(self, later=timedelta()):
        engine = self.ground.open(self.url, FrozenClock(NOON + later))
        engine.caches = {}  # the same ids are other procedures elsewhere
        return engine

    def start(self):
        engine = self.open()
        for files in (ANSWERING, ASKING):
            said = files["procedure.toml"].replace(b'"agent"', b'"hotline_agent"')
            engine.execute(Deploy({**files, "procedure.toml": said}, SYSTEM.id))
        self.number = engine.execute(StartInstance("asking", "agent_li", {})).number
        engine.database.dispose()

    def carry(self, engine):
        """Let a worker do all there is."""
        stage(engine, engine.clock).worker.drain()

    def judged(self):
        """Let others go on after the leases have run out; give what is wrong then."""
        engine = self.open(timedelta(minutes=30))
        self.carry(engine)
        with reading(engine.database) as connection:
            orders = connection.execute(select(work_order.c.process, work_order.c.status)).all()
            woken = connection.execute(select(history.c.seq).where(history.c.kind == "MessageReceived")).all()
            arrived = connection.execute(select(message_receipt.c.number)).scalars().all()
        found = invariants.check(engine, started=[self.number])
        engine.database.dispose()
        if sorted(map(tuple, orders)) != [("answering", "closed"), ("asking", "closed")]:
            found.append(f"orders {orders}")
        if len(woken) != 1 or len(arrived) != MESSAGES or "" in arrived:
            found.append(f"{len(woken)} woken, receipts {arrived}")
        return found


@pytest.fixture
def pairs(ground):
    """Gives what comes of an act on a fresh pair."""

    def tried(act):
        with ground.copy() as url:
            pair = Pair(ground, url)
            said = act(pair)
            return said, pair.judged()

    return tried


def boundaries(pair):
    """Carry everything without a fault; give the number of boundaries."""
    engine = pair.open()
    point = FailPoint(0, drop_connection)
    point.watch(engine)
    pair.carry(engine)
    engine.database.dispose()
    return point.hits


def killed(pair, at):
    """Let a worker die at a boundary."""

    def carry():
        engine = pair.open()
        FailPoint(at, kill_ourselves).watch(engine)
        pair.carry(engine)

    os.waitpid(forked(carry), 0)


def dropped(pair, at):
    """Let a worker lose its connection at a boundary."""
    engine = pair.open()
    FailPoint(at, drop_connection).watch(engine)
    with contextlib.suppress(EngineError):
        pair.carry(engine)
    engine.database.dispose()


@pytest.mark.parametrize("how", [killed, dropped], ids=["killed", "dropped"])
def test_a_message_carried_by_a_worker_that_fails_at_any_boundary_arrives_once(pairs, size, figures, how):
    number, found = pairs(boundaries)
    assert found == []
    tried = range(1, number + 1)
    if not size.long:
        tried = sorted(size.chance(f"between {how.__name__}").sample(tried, 12))
    wrong = {at: found for at in tried if (found := pairs(lambda pair, at=at: how(pair, at))[1])}
    figures.update(boundaries=number, tried=len(tried), violations=len(wrong))
    assert wrong == {}


def deliver(engine, leased):
    """Carry a message and report it."""
    try:
        return engine.execute(
            CompleteJob(leased.id, leased.fence, engine.execute(DeliverMessage(leased.id, leased.fence)))
        )
    except Conflict as late:
        return late


def overtaken(pair, where):
    """One worker is in the middle of a delivery when its lease runs out and another takes the job over and delivers it too."""
    slow, fast = pair.open(), pair.open(timedelta(minutes=5))
    [leased] = slow.execute(LeaseJobs("slow"))
    others = []

    def overtake():
        for taken in fast.execute(LeaseJobs("fast")):
            others.append(deliver(fast, taken))

    thread = threading.Thread(target=overtake)

    @event.listens_for(slow.database, "after_cursor_execute")
    def pause(_connection, _cursor, statement, *_):
        if where in statement and thread.ident is None:
            thread.start()
            thread.join(0.3)

    first = deliver(slow, leased)
    thread.join(20)
    assert not thread.is_alive()
    slow.database.dispose()
    fast.database.dispose()
    return first, others


@pytest.mark.parametrize("where", ["FROM job", "INTO message_receipt", "INTO work_order", "UPDATE message_receipt"])
def test_two_workers_that_deliver_the_same_message_in_the_same_moment_start_one_order(pairs, where):
    (first, others), found = pairs(lambda pair: overtaken(pair, where))
    assert found == []
    assert len(others) == 1, "the other one never had the job"
    late = sum(isinstance(said, Conflict) for said in (first, *others))
    assert late <= 1, "on SQLite the slow one may report before the other takes over what comes next"


@pytest.mark.parametrize(
    "spoilt",
    [
        "DELETE FROM message_receipt",
        "DELETE FROM link",
        "UPDATE message_receipt SET key = number",
    ],
)
def test_a_message_that_was_lost_doubled_or_not_linked_is_noticed(ground, spoilt):
    with ground.copy() as url:
        pair = Pair(ground, url)
        assert pair.judged() == []
        engine = pair.open()
        with transaction(engine.database) as connection:
            connection.execute(text(spoilt))
        assert any(sentence.startswith("I3 message") for sentence in invariants.check(engine))
        engine.database.dispose()
