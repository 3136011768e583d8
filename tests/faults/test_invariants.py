"""The invariants see what they are there for: each is broken on purpose and must be named."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from engine import StartInstance
from engine.domain.clock import FrozenClock
from engine.store.database import transaction
from tests.faults import invariants
from tests.faults.stands import scenarios
from workers.rehearsal.stage import stage

BROKEN = {
    "I2": ("DELETE FROM inbox", "DELETE FROM user_task", "DELETE FROM timer", "DELETE FROM message_wait"),
    "I3": ("UPDATE job SET state = 'ready' WHERE state = 'done'",),
    "I4": ("UPDATE history SET actor = 'somebody' WHERE seq = 2",),
    "I5": ("UPDATE history SET at = '2025-09-01 00:00:00+00:00' WHERE kind = 'TimerFired'",),
    "I6 instance": ("UPDATE user_task SET state = 'completed'",),
    "I6 list": ("DELETE FROM inbox",),
}


@pytest.fixture
def lived(ground):
    """An engine on which one order has ended and one of the hotline waits for people."""
    opening = next(s for s in scenarios("mayor_hotline") if s.path.stem == "request_simple")
    with ground.copy() as url:
        clock = FrozenClock(opening.starts_at)
        engine = ground.open(url, clock)
        played, said = stage(engine, clock), opening.steps[0]["start"]
        engine.execute(StartInstance("letters", "agent_li", {}))
        played.advance_to(clock.at + timedelta(seconds=5))
        engine.execute(StartInstance("mayor_hotline", said["actor"], said["form"]))
        played.settle()
        yield engine
        engine.database.dispose()


def named(found):
    return {" ".join(sentence.split()[:2]) for sentence in found} | {sentence.split()[0] for sentence in found}


def test_nothing_is_wrong_with_orders_nobody_touched(lived):
    assert invariants.check(lived) == []


@pytest.mark.parametrize("invariant", sorted(BROKEN))
def test_each_invariant_notices_when_it_is_broken(lived, invariant):
    with transaction(lived.database) as connection:
        for statement in BROKEN[invariant]:
            connection.execute(text(statement))
    assert invariant in named(invariants.check(lived))


def test_a_start_that_is_gone_and_a_message_nobody_knows_are_noticed(lived):
    found = invariants.check(lived, ["a key"], ["no such order"])
    assert {"I1", "I3"} <= named(found)


def test_a_task_in_a_strangers_list_is_noticed(lived):
    with transaction(lived.database) as connection:
        connection.execute(text("UPDATE inbox SET principal = 'person:clerk_water_wu'"))
    assert "I8" in named(invariants.check(lived))


def test_a_record_that_lost_what_somebody_wrote_is_noticed(lived):
    with transaction(lived.database) as connection:
        connection.execute(text("UPDATE work_order SET record = '{}'"))
    assert "I7" in named(invariants.check(lived))


def test_a_message_sent_twice_is_counted():
    assert invariants.extra(["a", "b", "a", "a"]) == 2
