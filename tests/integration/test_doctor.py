"""`banjie doctor`: one line for each thing, worded for the person who can mend it."""

import argparse
from datetime import timedelta

import orjson
import pytest
from sqlalchemy import text

from engine import ChangeSetting
from engine.cli_health import doctor
from engine.domain.actors import SYSTEM
from engine.queries.health import examine
from engine.store.database import transaction
from tests.support.procedures import procedure, service, user


def found(office):
    return {check.name: check for check in examine(office.engine)}


def run(url, monkeypatch, capsys):
    monkeypatch.setenv("BANJIE_DATABASE", url)
    parser = argparse.ArgumentParser()
    doctor.configure(parser)
    code = doctor.run(parser.parse_args(["--json"]))
    return code, orjson.loads(capsys.readouterr().out)


def test_a_sound_office_has_nothing_bad(leave):
    leave.worker.drain()
    checks = found(leave)
    skewed = {"clock"} if leave.url.startswith("postgresql") else set()
    assert {name for name, check in checks.items() if check.level == "bad"} == skewed
    assert {"database", "disk", "migrations", "jobs", "timers", "outbox", "leases", "calendar"} <= checks.keys()


def test_a_database_without_tables_says_what_to_run(empty_url, monkeypatch, capsys):
    code, said = run(empty_url, monkeypatch, capsys)
    assert (code, said["ok"]) == (1, False)
    assert [c["sentence"] for c in said["checks"] if c["name"] == "migrations"] == ["数据库没有升级,请运行 banjie init"]


def test_a_database_that_does_not_answer_is_named(monkeypatch, capsys):
    code, said = run("postgresql+psycopg://nobody@127.0.0.1:1/none", monkeypatch, capsys)
    assert (code, said["checks"][0]["name"], said["checks"][0]["level"]) == (1, "database", "bad")


def test_limits_that_nobody_serves_show(leave):
    leave.move_to("2025-09-30 18:00")
    timers = found(leave)["timers"]
    assert (timers.level, "worker" in timers.sentence) == ("bad", True)


def test_a_worker_that_died_with_a_job_in_hand_shows(office):
    office.deploy(procedure("letter", service("write", "send_letter", letter="一"), flows="start >> write >> end"))
    office.start("letter")
    with transaction(office.engine.database) as connection:
        connection.execute(text("UPDATE job SET state = 'leased'"))
        past = office.clock.lease_now() - timedelta(minutes=5)
        connection.execute(text("UPDATE job SET lease_until = :past"), {"past": past})
    assert found(office)["leases"].level == "bad"


def test_a_service_task_that_is_not_installed_shows(office):
    office.deploy(procedure("letter", service("write", "send_letter", letter="一"), flows="start >> write >> end"))
    del office.engine.register.tasks["send_letter"]
    missing = found(office)["service_tasks"]
    assert (missing.level, "send_letter" in missing.sentence) == ("bad", True)


def test_a_shifted_clock_is_mentioned(leave):
    leave.engine.execute(ChangeSetting("clock_offset", "-3600", SYSTEM.id))
    assert found(leave)["clock_offset"].level == "warning"


@pytest.mark.parametrize("days, level", [(1, "good"), (4, "warning")])
def test_histories_that_nobody_seals_show(office, days, level):
    office.deploy(procedure("letter", user("read"), flows="start >> read >> end"))
    office.start("letter")
    office.move_to(office.clock.at + timedelta(days=days))
    assert found(office)["sealed"].level == level


def test_a_clock_that_was_set_back_shows_on_sqlite(leave):
    if leave.url.startswith("sqlite"):
        leave.move_to("2025-09-22 08:00")
        assert found(leave)["clock"].level == "bad"
