"""A worker's loops: what is slow, hung or broken holds up nothing else; a stopped worker leaves nothing behind."""

import logging
from datetime import timedelta

import pytest

from engine.domain.delivery import Retry
from engine.domain.errors import Unavailable
from engine.store.database import transaction
from engine.store.tables import outbox
from tests.support.gates import Gate, eventually
from tests.support.procedures import gateway, procedure, service, tell, timer, user
from workers import scheduler
from workers.crew import Crew
from workers.scheduler import Duty

LONG, SHORT = timedelta(minutes=5), timedelta(milliseconds=300)


@pytest.fixture
def gate():
    """Work that hangs until the test ends, at the latest."""
    made = Gate()
    yield made
    made.opened.set()


@pytest.fixture
def at_work(office, gate):
    """Starts the office's crew; it is stopped when the test ends, after what hangs was let go."""
    running = []

    def start(**said):
        crew = Crew(office.worker, **said)
        running.append((crew, scheduler.start(crew, watch_seconds=0.1)))
        return crew

    yield start
    gate.opened.set()
    for crew, ticking in running:
        scheduler.stop(crew, ticking, grace=5)


def deploy(office):
    """One procedure whose job hangs, one whose letter is sent, one that tells somebody, one that waits for a moment."""
    office.deploy(
        procedure("slow", service("wait", "hang", text="信"), user("file"), flows="start >> wait >> file >> end")
    )
    office.deploy(procedure("post", service("mail", "send_letter", text="信"), flows="start >> mail >> end"))
    office.deploy(
        procedure("told", tell("tell", "sent", "starter"), flows="start >> tell >> end", notices={"sent": "已寄"})
    )
    office.deploy(procedure("rest", timer("nap", "PT1H"), flows="start >> nap >> end"))


def is_closed(office, process):
    return any(row.process == process and row.status == "closed" for row in office.rows("work_order"))


def row(office, table="job"):
    return office.rows(table)[0]


def test_a_job_that_hangs_holds_up_no_timer_no_message_and_no_other_job(office, gate, at_work):
    gate.add_to(office.engine.register, LONG)
    deploy(office)
    for process in ("slow", "post", "told", "rest"):
        office.start(process)
    office.move_to("2025-09-22 11:00")
    at_work()
    assert eventually(lambda: office.letters.letters and office.channel.delivered and is_closed(office, "rest"))
    assert (gate.entered, gate.left) == (1, 0)
    gate.opened.set()
    assert eventually(lambda: row(office).state == "done")


def test_more_jobs_than_hands_are_all_done_and_of_hanging_ones_no_more_than_hands_are_begun(office, gate, at_work):
    gate.add_to(office.engine.register, LONG)
    deploy(office)
    for _ in range(9):
        office.start("slow")
    at_work(size=3)
    assert eventually(lambda: gate.entered == 3)
    assert sum(row.state == "leased" for row in office.rows("job")) == 3
    gate.opened.set()
    assert eventually(lambda: {row.state for row in office.rows("job")} == {"done"})
    assert gate.entered == 9


def test_a_job_over_its_time_limit_has_failed_and_its_late_result_is_ignored(office, gate, at_work):
    gate.add_to(office.engine.register, SHORT)
    deploy(office)
    office.start("slow")
    crew = at_work()
    assert eventually(lambda: "0.3 秒还没有办完" in (row(office).error or ""))
    assert (row(office).state, row(office).attempts) == ("ready", 1)
    assert (crew.worker.hands.lost, crew.is_exhausted) == (1, False)
    gate.opened.set()
    assert eventually(lambda: crew.worker.hands.lost == 0)
    assert (row(office).state, office.open_tasks()) == ("ready", [])


def test_a_job_that_always_hangs_is_an_incident_when_its_attempts_are_used_up(office, gate, at_work):
    gate.add_to(office.engine.register, SHORT, attempts=1)
    deploy(office)
    office.start("slow")
    at_work()
    assert eventually(lambda: len(office.incidents()) == 1)
    assert (row(office).state, office.incidents()[0].kind) == ("failed", "JobFailed")


def test_a_worker_too_many_of_whose_threads_hang_takes_nothing_more_and_says_so(office, gate, at_work):
    gate.add_to(office.engine.register, SHORT)
    deploy(office)
    for _ in range(3):
        office.start("slow")
    crew = at_work(max_lost=2, size=2)
    assert eventually(lambda: crew.is_exhausted)
    office.start("post")
    assert not eventually(lambda: bool(office.letters.letters), seconds=1)


@pytest.fixture
def two_channels(office, gate):
    """Three messages by a slow channel, then three by the ordinary one."""
    gate.add_to(office.engine.register, LONG)
    deploy(office)
    for _ in range(6):
        office.start("told")
    with transaction(office.engine.database) as connection:
        connection.execute(outbox.update().where(outbox.c.id <= 3).values(channel="slow"))
    return office


def sent(office):
    return [row.channel for row in office.rows("outbox") if row.state == "sent"]


def test_a_slow_channel_delays_no_other(two_channels, gate, at_work):
    two_channels.worker.channels = {"slow": gate}
    at_work()
    assert eventually(lambda: len(sent(two_channels)) == 3)
    assert set(sent(two_channels)) == {"console"}
    assert eventually(lambda: gate.entered == 1)
    gate.opened.set()
    assert eventually(lambda: len(sent(two_channels)) == 6)


def test_in_one_run_a_slow_channel_delays_no_timer_and_no_message_of_another(two_channels, gate, at_work):
    office, slow = two_channels, "slow"
    office.worker.channels = {slow: gate}
    office.start("rest")
    office.move_to("2025-09-22 11:00")
    at_work()
    assert eventually(lambda: gate.entered == 1)
    office.start("told")
    assert eventually(lambda: is_closed(office, "rest") and len(sent(office)) == 4)
    assert (set(sent(office)), gate.left) == ({"console"}, 0)
    gate.opened.set()
    assert eventually(lambda: sent(office).count(slow) == 3)


def test_a_channel_that_always_fails_delays_no_other(two_channels, at_work):
    class Broken:
        def send(self, _message):
            return Retry("", "通道不通")

    two_channels.worker.channels = {"slow": Broken()}
    at_work()
    assert eventually(lambda: len(sent(two_channels)) == 3)
    assert eventually(lambda: [r.attempts for r in two_channels.rows("outbox") if r.channel == "slow"] == [1, 1, 1])


def test_a_sender_that_hangs_is_given_up_and_its_channel_gets_a_fresh_one(two_channels, gate, at_work):
    two_channels.worker.channels = {"slow": gate}
    crew = at_work(sending_limit=SHORT)
    assert eventually(lambda: gate.entered >= 2)
    assert crew.worker.hands.lost >= 1
    first = next(r for r in two_channels.rows("outbox") if r.channel == "slow")
    assert "0.3 秒还没有送出" in first.error


def test_a_worker_that_stops_finishes_what_it_has_in_hand(office, gate):
    gate.add_to(office.engine.register, LONG)
    deploy(office)
    office.start("slow")
    crew = Crew(office.worker)
    ticking = scheduler.start(crew)
    assert eventually(lambda: gate.entered == 1)
    office.worker.stopping.set()
    gate.opened.set()
    scheduler.stop(crew, ticking, grace=10)
    assert (row(office).state, office.open_tasks()) == ("done", ["file"])


def test_what_does_not_end_within_the_grace_is_given_back_untried_and_its_late_result_is_ignored(two_channels, gate):
    office = two_channels
    office.start("slow")
    office.worker.channels = {"slow": gate}
    crew = Crew(office.worker)
    ticking = scheduler.start(crew)
    assert eventually(lambda: gate.entered == 2)
    scheduler.stop(crew, ticking, grace=0.2)
    left = [row(office), next(r for r in office.rows("outbox") if r.channel == "slow")]
    assert [(r.state, r.attempts, r.owner) for r in left] == [("ready", 0, None)] * 2
    gate.opened.set()
    assert eventually(lambda: gate.left == 2 and not office.worker.hands.held)
    assert (row(office).state, office.open_tasks()) == ("ready", [])


def test_a_job_in_hand_at_two_deaths_runs_alone(office, gate, at_work):
    gate.add_to(office.engine.register, LONG)
    deploy(office)
    office.start("slow")
    for _ in range(2):
        office.worker.lease_jobs(1)
        office.worker.hands.held.clear()
        office.move_to(office.clock.at + timedelta(minutes=2))
    office.start("post")
    at_work()
    assert eventually(lambda: gate.entered == 1)
    assert not eventually(lambda: bool(office.letters.letters), seconds=1)
    gate.opened.set()
    assert eventually(lambda: bool(office.letters.letters))


def test_the_jobs_of_one_case_run_one_after_another_in_many_hands(office, gate, at_work):
    gate.add_to(office.engine.register, LONG)
    split, join = gateway("split", "parallel"), gateway("join", "parallel")
    nodes = [service(f"wait_{n}", "hang", text="信") for n in range(3)]
    flows = "; ".join(f"split >> wait_{n} >> join" for n in range(3))
    office.deploy(procedure("fork", split, join, *nodes, flows=f"start >> split; {flows}; join >> end"))
    office.start("fork")
    at_work()
    assert eventually(lambda: gate.entered == 1)
    assert not eventually(lambda: gate.entered > 1, seconds=1.2)
    gate.opened.set()
    assert eventually(lambda: office.case().status == "closed")


def test_a_duty_whose_database_is_away_says_so_once_rests_longer_and_longer_and_goes_on(caplog):
    turns = []

    def act():
        turns.append(1)
        if len(turns) < 6:
            raise Unavailable("数据库暂时连不上")

    duty = Duty("timers", act)
    caplog.set_level(logging.WARNING)
    ticks = 0
    while len(turns) < 7:
        duty()
        ticks += 1
    assert [record.getMessage() for record in caplog.records] == [
        "timers has to wait: 数据库暂时连不上",
        "timers: going on after 5 turns that failed",
    ]
    assert ticks == 7 + (1 + 3 + 4 + 4 + 4)


def test_a_duty_with_a_bug_never_ends_its_loop(caplog):
    def act():
        raise RuntimeError("a bug")

    duty = Duty("jobs", act)
    for _ in range(5):
        duty()
    assert len(caplog.records) == 1
    assert "a bug" in caplog.text
