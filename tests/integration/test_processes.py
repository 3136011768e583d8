"""Worker and supervisor as processes: they stop cleanly, leave nothing behind, and come back when they die."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest

from tests.support import worker_process
from tests.support.gates import Gate, eventually
from tests.support.offices import Office, furnish
from tests.support.procedures import procedure, service
from workers.office import Child
from workers.office import Office as Supervisor


@pytest.fixture
def office(tmp_path):
    """An office on a SQLite file, in whose processes a job named `hang` takes as long as it is told."""
    url = f"sqlite:///{tmp_path / 'banjie.db'}"
    furnish(url)
    opened = Office.open(url)
    Gate().add_to(opened.engine.register, timedelta(seconds=4))
    yield opened
    opened.close()


def begin(office, seconds, cases=1):
    """Start cases whose job takes so long, and a worker process that has begun with all of them."""
    office.deploy(procedure("slow", service("wait", "hang", text=str(seconds)), flows="start >> wait >> end"))
    for _ in range(cases):
        office.start("slow")
    process = subprocess.Popen(
        [sys.executable, worker_process.__file__],
        env={**os.environ, "BANJIE_DATABASE": office.url, "BANJIE_KIND": "test"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    said = [process.stdout.readline().strip() for _ in range(cases + 1)]
    assert sorted(said)[-cases - 1 :] == ["began"] * cases + ["worker 已启动,Ctrl+C 停止"]
    return process


def test_a_worker_told_to_stop_finishes_its_job_first(office):
    process = begin(office, 1.5)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out.strip(), "Traceback" in err) == (0, "worker 已停止", False)
    assert [row.state for row in office.rows("job")] == ["done"]


def test_a_worker_whose_jobs_all_hang_makes_way_for_a_fresh_one(office):
    process = begin(office, 60, cases=4)
    out, _ = process.communicate(timeout=60)
    assert (process.returncode, "4 件作业一直没有回来" in out) == (1, True)
    assert [(row.state, row.attempts) for row in office.rows("job")] == [("ready", 1)] * 4


def test_a_supervisor_whose_child_keeps_dying_gives_up():
    supervisor = Supervisor({"web": Child(["false"])}, first_rest=0.01)
    assert supervisor.run() == 1
    assert supervisor.children["web"].deaths == 6


def children_of(process):
    """Give the ids of the worker and the web process of a supervisor."""
    listed = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(process.pid)], capture_output=True, text=True)
    return {line.split()[-1]: int(line.split()[0]) for line in listed.stdout.splitlines() if "engine.cli" in line}


def test_a_supervisor_restarts_a_worker_that_was_killed_and_stops_both_when_told(office, tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "engine.cli", "office", "--port", "0"],
        env={**os.environ, "BANJIE_DATABASE": office.url, "BANJIE_KIND": "test"},
        stdout=(tmp_path / "log").open("w"),
        stderr=subprocess.STDOUT,
    )
    try:
        assert eventually(lambda: "worker" in children_of(process))
        first = children_of(process)["worker"]
        os.kill(first, signal.SIGKILL)
        assert eventually(lambda: children_of(process).get("worker", first) != first)
        assert eventually(lambda: (tmp_path / "log").read_text().count("worker 已启动") >= 1)
    finally:
        process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert children_of(process) == {}
