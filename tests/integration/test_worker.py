"""The worker: drains what is due on a stage, and stops cleanly when it is told to."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest

from engine import Deploy, StartInstance, demo_organisation, install, open_engine
from engine.domain.actors import SYSTEM
from engine.domain.clock import SystemClock
from engine.settings import Settings
from tests.support.procedures import procedure, service, tell, user
from workers import scheduler
from workers.crew import Crew
from workers.rehearsal.stage import stage
from workers.runner import Worker


def test_a_drained_worker_has_done_everything_that_is_due_and_no_more(leave):
    leave.complete("approve", "wang", verdict="yes")
    assert leave.worker.drain() == 2
    assert leave.worker.drain() == 0
    assert (leave.case().status, leave.channel.notices()) == ("closed", [("li", "approved")])


def test_a_stage_moves_from_due_moment_to_due_moment(leave):
    played = stage(leave.engine, leave.clock)
    played.advance_to(leave.clock.at + timedelta(days=3))
    assert [m.notice for m in played.post.delivered] == ["warning", "overdue"]
    assert [row.created_at for row in leave.rows("outbox")] == [row.sent_at for row in leave.rows("outbox")]


def test_more_jobs_than_one_lease_holds_are_all_done(office):
    office.deploy(procedure("post", service("mail", "send_letter", text="信"), flows="start >> mail >> end"))
    for _ in range(25):
        office.start("post")
    office.worker.drain()
    assert {row.state for row in office.rows("job")} == {"done"}


def test_a_stopping_worker_begins_nothing_new(office):
    office.deploy(procedure("post", service("mail", "send_letter", text="信"), flows="start >> mail >> end"))
    office.start("post")
    office.worker.stopping.set()
    office.worker.round()
    assert office.letters.letters == []


def test_two_workers_share_the_work_and_do_nothing_twice(office):
    files = procedure(
        "post",
        service("mail", "send_letter", text="信"),
        tell("tell", "sent", "starter"),
        user("file"),
        flows="start >> mail >> tell >> file >> end",
        notices={"sent": "已寄"},
    )
    office.deploy(files)
    for _ in range(20):
        office.start("post")
    workers = [Worker(office.another_engine(), owner=f"w{n}", fallback=office.channel) for n in range(2)]
    threads = [threading.Thread(target=worker.drain) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    office.worker.drain()
    keys = [letter.idempotency_key for letter in office.letters.letters]
    assert len(keys) == len(set(keys)) == 20
    assert len(office.channel.delivered) == 20
    assert office.incidents() == []


def test_a_ticking_scheduler_does_the_work_and_stops(office):
    office.deploy(procedure("post", service("mail", "send_letter", text="信"), flows="start >> mail >> end"))
    office.start("post")
    crew = Crew(office.worker)
    ticking = scheduler.start(crew)
    for _ in range(200):
        if office.letters.letters:
            break
        threading.Event().wait(0.05)
    scheduler.stop(crew, ticking)
    assert len(office.letters.letters) == 1
    assert office.case().status == "closed"


@pytest.fixture
def environment(tmp_path):
    """A furnished SQLite file and the environment of a process that works on it."""
    said = {**os.environ, "BANJIE_DATABASE": f"sqlite:///{tmp_path / 'banjie.db'}", "BANJIE_KIND": "test"}
    engine = open_engine(Settings(database=said["BANJIE_DATABASE"], kind="test"))
    install(engine)
    engine.execute(demo_organisation(SYSTEM.id))
    engine.database.dispose()
    return said


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_process_stops_cleanly_when_told(environment, told):
    process = subprocess.Popen(
        [sys.executable, "-m", "workers"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert "已启动" in process.stdout.readline()
    process.send_signal(told)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out.strip()) == (0, "worker 已停止")
    assert "Traceback" not in err


def test_a_worker_process_does_what_is_due(environment):
    engine = open_engine(Settings(database=environment["BANJIE_DATABASE"], kind="test"), SystemClock())
    files = procedure("post", tell("tell", "sent", "starter"), flows="start >> tell >> end", notices={"sent": "已寄出"})
    files["procedure.toml"] = files["procedure.toml"].replace(b'"agent"', b'"hotline_agent"')
    engine.execute(Deploy(files, SYSTEM.id))
    engine.execute(StartInstance("post", "agent_li", {}))
    engine.database.dispose()
    once = subprocess.run(
        [sys.executable, "-m", "workers", "--once"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert once.returncode == 0
    assert once.stdout.splitlines() == ["[console] → agent_li:已寄出", "办了 1 件"]
