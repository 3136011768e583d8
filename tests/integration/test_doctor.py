"""`banjie doctor`: one line for each thing, worded for the person who can mend it."""

import argparse
from dataclasses import replace
from datetime import timedelta

import orjson
import pytest
from sqlalchemy import text, update

from engine import ChangeSetting
from engine.cli_health import doctor
from engine.domain.actors import SYSTEM
from engine.domain.delivery import Retry
from engine.domain.sealing import seal
from engine.queries.health import examine
from engine.store.database import transaction
from engine.store.tables import channel
from tests.support.procedures import procedure, service, user
from tests.support.telling import told
from tests.support.ways import set_up


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


@pytest.fixture
def sealing(three):
    """An office with channels and a secret by which theirs are sealed."""
    secret = "the small office's own long random text"
    three.engine.settings = replace(three.engine.settings, secret=secret)
    with transaction(three.engine.database) as connection:
        for key, name in (("wecom", "key"), ("sms", "access_key_secret")):
            kept = {name: seal("sesame", secret, f"{key}:{name}")}
            connection.execute(update(channel).where(channel.c.key == key).values(secrets=kept))
    return three


def test_channels_that_cannot_be_used_or_gave_messages_up_show(sealing):
    assert found(sealing)["channels"].level == "good"
    told(sealing)
    sealing.channel.fail(2, permanent=True)
    sealing.worker.drain()
    check = found(sealing)["channels"]
    assert (check.level, "1 条通知没有送到" in check.sentence) == ("warning", True)
    set_up(sealing, "sealed", "wecom", secrets={"key": "sealed under another secret"})
    check = found(sealing)["channels"]
    assert (check.level, "通道“sealed”不能用" in check.sentence) == ("bad", True)


def test_what_waits_for_a_provider_is_no_backlog_of_a_worker(sealing):
    told(sealing, 'channels = ["wecom"]', to="person:wang,person:zhou")
    sealing.channel.answers.append(Retry("45009", "limit", timedelta(hours=1), whole_channel=True))
    sealing.worker.send_messages()
    sealing.move_to("2025-09-22 10:10")
    checks = found(sealing)
    assert (checks["outbox"].level, checks["channels"].level) == ("good", "warning")
    assert "通道“wecom”被对方要求等一等" in checks["channels"].sentence


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
