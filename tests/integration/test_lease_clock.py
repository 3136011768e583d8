"""Whose clock counts: PostgreSQL's own, however far its machines disagree; on SQLite the one machine's."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from engine import ExtendLease, LeaseJobs, LeaseOutbox, StartInstance, UrgeUserTask, WhenDue, open_engine
from engine.domain.clock import SystemClock
from engine.settings import Settings
from tests.support.offices import statements
from tests.support.procedures import folder, procedure, service
from tests.support.races import race

FIVE = timedelta(minutes=5)
TAKEN_AGAIN = {"postgres": 0, "sqlite": 1}
"""How many leases a machine takes over whose clock is five minutes ahead."""


@dataclass(slots=True)
class WrongClock(SystemClock):
    """A machine whose clock is wrong."""

    wrong_by: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return SystemClock().now() + self.wrong_by

    def lease_now(self) -> datetime:
        return SystemClock().lease_now() + self.wrong_by


@pytest.fixture
def machine(office):
    """Opens an engine on the office's database as a machine with a clock of its own."""

    def open_at(wrong_by=timedelta()):
        settings = Settings(database=office.url, kind="production")
        engine = open_engine(settings, WrongClock(wrong_by=wrong_by), office.engine.register)
        office.others.append(engine)
        return engine

    return open_at


@pytest.fixture
def right(office, machine):
    """A machine whose clock is right; one letter is to be sent."""
    office.deploy(procedure("post", service("mail", "send_letter", text="信"), flows="start >> mail >> end"))
    engine = machine()
    engine.execute(StartInstance("post", "li", {}))
    return engine


def test_a_machine_whose_clock_is_ahead_takes_no_job_that_is_still_held(right, machine, database_kind):
    assert len(right.execute(LeaseJobs("right"))) == 1
    assert len(machine(FIVE).execute(LeaseJobs("ahead"))) == TAKEN_AGAIN[database_kind]


def test_a_heartbeat_of_a_machine_whose_clock_is_behind_keeps_the_lease(right, machine, database_kind):
    [job] = right.execute(LeaseJobs("right"))
    assert machine(-FIVE).execute(ExtendLease(job.id, job.fence))
    assert len(right.execute(LeaseJobs("other"))) == TAKEN_AGAIN[database_kind]


def test_a_machine_whose_clock_is_ahead_sends_no_message_that_is_still_held(office, machine, database_kind):
    office.deploy(folder("leave_request"))
    right = machine()
    office.number = right.execute(StartInstance("leave_request", "li", {"reason": "x", "days": 1})).number
    right.execute(UrgeUserTask(office.open_task("approve").id, "li"))
    held = len(right.execute(LeaseOutbox("right")))
    assert held > 0
    assert len(machine(FIVE).execute(LeaseOutbox("ahead"))) == TAKEN_AGAIN[database_kind]


def test_machines_that_disagree_never_lease_the_same_job_in_the_same_moment(right, machine):
    for _ in range(19):
        right.execute(StartInstance("post", "li", {}))
    engines = [right, machine(FIVE)]
    leased = race([lambda e=e: e.execute(LeaseJobs("w", limit=20)) for e in engines])
    fences = {(job.id, job.fence) for jobs in leased for job in jobs}
    assert len(fences) == sum(len(jobs) for jobs in leased)
    if right.database.dialect.name == "postgresql":
        assert sorted(job_id for job_id, _ in fences) == sorted({job_id for job_id, _ in fences})


def test_a_machine_whose_clock_is_wrong_fires_no_timer_early_and_writes_no_wrong_moment(right, machine, database_kind):
    if database_kind == "sqlite":
        pytest.skip("one machine has one clock")
    ahead, behind = machine(FIVE), machine(-FIVE)
    for engine in (ahead, behind):
        assert abs(engine.now() - SystemClock().now()) < timedelta(seconds=5)
        assert abs(engine.ask(WhenDue("PT1H", "office"), "li") - SystemClock().now()) < timedelta(hours=1, seconds=5)


def test_the_database_is_asked_for_the_time_once_together_with_what_is_asked_anyway(right, database_kind):
    asked = {"postgres": 1, "sqlite": 0}[database_kind]
    for command in (StartInstance("post", "li", {}), LeaseJobs("right")):
        with statements(right) as seen:
            right.execute(command)
        assert len([s for s in seen if "now()" in s]) == asked
