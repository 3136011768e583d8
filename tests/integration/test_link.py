"""The link to PostgreSQL: a client that froze, vanished or was cut off gives its locks back; whoever waits learns what is wrong."""

import signal
import subprocess
import sys
import threading
import time

import pytest

from engine import install, open_engine
from engine.domain.errors import Busy, Conflict, EngineError, Unavailable
from engine.settings import Settings
from engine.store.database import open_database, reading, transaction
from tests.support import row_holder
from tests.support.gates import eventually
from tests.support.namespaces import far_host, why_not
from tests.support.offices import Office, before, furnish
from tests.support.own_postgres import cluster
from tests.support.procedures import folder
from web.errors import status_of
from workers import scheduler
from workers.crew import Crew

pytestmark = pytest.mark.postgres
WANTED = {
    "tcp_user_timeout": "10000",
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
    "lock_timeout": "5s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "30s",
}


@pytest.fixture(scope="module")
def server(request):
    """A server of our own on TCP."""
    if request.config.getoption("--database") == "sqlite":
        pytest.skip("about PostgreSQL")
    with cluster("0.0.0.0") as running:
        yield running


@pytest.fixture
def row(server):
    """Gives the URL of a database with one row to be locked, for sessions with the settings given."""
    name = f"t{time.monotonic_ns()}"
    server.create(name)
    with transaction(open_database(server.url(name))) as connection:
        connection.exec_driver_sql("CREATE TABLE held AS SELECT 0 AS n")
    return lambda **said: server.url(name, **said)


def holder(url, prefix=()):
    """Start a process that locks the row."""
    process = subprocess.Popen(
        [*prefix, sys.executable, row_holder.__file__, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    return process


def ask(process):
    """Let the process ask its database once more; give its answer."""
    process.stdin.write("\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


def take_row(url):
    """Lock the row ourselves; give how long that took, in seconds."""
    began = time.monotonic()
    with transaction(open_database(url)) as connection:
        connection.exec_driver_sql("UPDATE held SET n = n + 1")
    return time.monotonic() - began


def test_every_session_asks_for_limits_on_both_sides_of_the_link(server):
    database = open_database(server.url())
    with reading(database) as connection:
        assert {name: connection.exec_driver_sql(f"SHOW {name}").scalar() for name in WANTED} == WANTED
        libpq = connection.connection.driver_connection.info.get_parameters()
    assert {name: libpq[name] for name in ("keepalives_idle", "keepalives_interval", "keepalives_count")} == {
        "keepalives_idle": "5",
        "keepalives_interval": "2",
        "keepalives_count": "3",
    }
    assert (libpq["tcp_user_timeout"], libpq["connect_timeout"]) == ("10000", "5")


def test_what_the_address_says_itself_comes_first(server):
    url = server.url(lock_timeout=700) + "&connect_timeout=9"
    with reading(open_database(url)) as connection:
        assert connection.exec_driver_sql("SHOW lock_timeout").scalar() == "700ms"
        assert connection.exec_driver_sql("SHOW statement_timeout").scalar() == "30s"
        assert connection.connection.driver_connection.info.get_parameters()["connect_timeout"] == "9"


def test_a_row_that_stays_locked_is_busy_and_nothing_is_saved(row):
    process = holder(row())
    with pytest.raises(Busy, match="没有保存") as refused:
        take_row(row(lock_timeout=300))
    assert refused.value.is_a(Conflict.__name__)
    process.communicate()
    take_row(row(lock_timeout=300))
    with reading(open_database(row())) as connection:
        assert connection.exec_driver_sql("SELECT n FROM held").scalar() == 2


def test_a_statement_over_its_time_is_busy(row):
    with pytest.raises(Busy), reading(open_database(row(statement_timeout=200))) as connection:
        connection.exec_driver_sql("SELECT pg_sleep(5)")


def test_a_frozen_client_loses_its_locks_and_learns_it_when_it_wakes_up(row):
    process = holder(row(idle_in_transaction_session_timeout=1500))
    process.send_signal(signal.SIGSTOP)
    assert take_row(row(lock_timeout=20_000)) < 5
    process.send_signal(signal.SIGCONT)
    assert ask(process) == "Unavailable"
    process.communicate()


@pytest.mark.skipif(bool(why_not()), reason=why_not() or "possible")
def test_a_host_that_is_cut_off_loses_its_locks_and_learns_it_within_a_quarter_of_a_minute(row):
    with far_host() as far:
        process = holder(row(host=far.near), far.prefix)
        answers = []
        asking = threading.Thread(target=lambda: answers.append((ask(process), time.monotonic())))
        far.cut()
        began = time.monotonic()
        asking.start()
        waited = take_row(row(lock_timeout=60_000, statement_timeout=60_000))
        asking.join(30)
        process.kill()
        process.communicate()
    assert waited < 15
    assert answers[0][0] == "Unavailable"
    assert answers[0][1] - began < 15


@pytest.mark.skipif(bool(why_not()), reason=why_not() or "possible")
def test_a_link_that_is_cut_for_a_moment_only_breaks_nothing(row):
    with far_host() as far:
        process = holder(row(host=far.near), far.prefix)
        far.cut()
        time.sleep(2)
        far.mend()
        assert ask(process) == "fine"
        process.communicate()


@pytest.fixture
def office(server):
    """An office with an open leave request on the server."""
    url = server.create(f"t{time.monotonic_ns()}")
    furnish(url)
    opened = Office.open(url)
    opened.deploy(folder("leave_request"))
    opened.start("leave_request", reason="探亲", days=2)
    yield opened
    opened.close()


def test_a_server_that_is_down_is_said_so_and_nothing_is_half_done(server, office):
    server.stop("immediate")
    try:
        with pytest.raises(Unavailable) as refused:
            office.complete("approve", "wang", verdict="no")
        assert status_of(refused.value) == 503
    finally:
        server.start()
    assert (office.open_tasks(), office.incidents()) == (["approve"], [])
    office.complete("approve", "wang", verdict="no")
    assert office.case().status == "closed"


def test_a_connection_that_breaks_in_the_middle_of_a_step_undoes_all_of_it(server, office):
    def kill(connection):
        pid = connection.connection.driver_connection.info.backend_pid
        server.sql(f"SELECT pg_terminate_backend({pid})")

    events = len(office.history())
    with before(office.engine, "UPDATE instance", kill), pytest.raises(Unavailable):
        office.complete("approve", "wang", verdict="no")
    assert (office.open_tasks(), len(office.history()), office.incidents()) == (["approve"], events, [])


def test_a_worker_lives_through_a_restart_of_its_database(server, office, caplog):
    crew = Crew(office.worker)
    ticking = scheduler.start(crew)
    try:
        server.stop("immediate")
        assert eventually(lambda: "timers has to wait" in caplog.text)
        time.sleep(2)
        server.start()
        office.move_to("2025-09-23 18:00")
        assert eventually(lambda: len(office.channel.delivered) == 2)
    finally:
        scheduler.stop(crew, ticking)
    said = [record.getMessage().split(":")[0] for record in caplog.records if "has to wait" in record.getMessage()]
    assert len(said) == len(set(said))


def test_an_installation_may_take_longer_than_any_statement_of_its_own(server):
    url = server.create(f"t{time.monotonic_ns()}")
    engine = open_engine(Settings(database=url, kind="test"))
    install(engine)
    with reading(engine.database) as connection:
        assert connection.exec_driver_sql("SHOW statement_timeout").scalar() == "30s"


def test_a_full_pool_is_busy(server):
    database = open_database(server.url())
    database.pool._timeout = 0.1
    held = [database.connect() for _ in range(15)]
    with pytest.raises(Busy), reading(database):
        pass
    for connection in held:
        connection.close()
    assert issubclass(Busy, EngineError)
