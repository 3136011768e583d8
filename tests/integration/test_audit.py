"""The daily seal: what is rewritten or removed whole, chain and all, shows against it."""

import argparse

import orjson
import pytest
from sqlalchemy import text

from engine import SealHistory
from engine.cli_health import audit
from engine.domain.errors import Invalid
from engine.queries.audit import VerifyHistories, VerifyRoots
from engine.store.database import transaction
from engine.store.history import Event, append
from engine.store.instances import GENESIS, lock, save_history


@pytest.fixture
def sealed(leave):
    """Two cases of Monday, sealed on Tuesday."""
    leave.start("leave_request", reason="二", days=2)
    leave.move_to("2025-09-23 01:00")
    leave.root = leave.engine.execute(SealHistory())
    return leave


def rewrite(office, instance_id, actor):
    """Do what somebody with the database in hand would do: forge a whole history, hashes included."""
    with transaction(office.engine.database) as connection:
        connection.execute(text(f"DELETE FROM history WHERE instance_id = {instance_id}"))
        connection.execute(text(f"DELETE FROM history_payload WHERE instance_id = {instance_id}"))
        row = lock(connection, instance_id)
        events = [Event("InstanceStarted", actor, "", {})] * row.history_seq
        row.history_seq, row.history_hash = 0, GENESIS
        append(connection, row, events, office.engine.now())
        save_history(connection, row)


def verify(office, monkeypatch, capsys, *words):
    monkeypatch.setenv("BANJIE_DATABASE", office.url)
    parser = argparse.ArgumentParser()
    audit.configure(parser)
    code = audit.run(parser.parse_args(["verify", *words]))
    return code, capsys.readouterr().out


def test_a_day_is_sealed_once_and_not_before_it_is_over(leave):
    assert leave.engine.execute(SealHistory()) is not None
    leave.move_to("2025-09-23 00:30")
    assert leave.engine.execute(SealHistory()) is None
    leave.move_to("2025-09-23 01:00")
    assert leave.engine.execute(SealHistory()) is not None
    assert leave.engine.execute(SealHistory()) is None
    assert [row.day for row in leave.rows("audit_root")] == ["2025-09-21", "2025-09-22"]
    assert [row.instance_id for row in leave.rows("audit_leaf")] == [leave.case().instance_id]


def test_an_untouched_office_holds(sealed):
    sealed.move_to("2025-09-25 09:00")
    sealed.claim("approve", "wang")
    assert sealed.engine.execute(SealHistory()) is not None
    assert sealed.engine.ask(VerifyRoots()) == ()


def test_a_history_rewritten_with_its_hashes_passes_the_chain_and_fails_the_seal(sealed):
    rewrite(sealed, 1, "wang")
    assert sealed.engine.ask(VerifyHistories()).faults == ()
    [fault] = sealed.engine.ask(VerifyRoots())
    assert (fault.instance_id, "2025-09-22" in fault.reason) == (1, True)


def test_a_case_removed_whole_is_missed(sealed):
    with transaction(sealed.engine.database) as connection:
        for table in ("inbox WHERE user_task_id IN (SELECT id FROM user_task WHERE instance_id = 1)",):
            connection.execute(text(f"DELETE FROM {table}"))
        for table in ("user_task", "timer", "message_wait", "outbox", "history", "history_payload", "work_order"):
            connection.execute(text(f"DELETE FROM {table} WHERE instance_id = 1"))
        connection.execute(text("DELETE FROM instance WHERE id = 1"))
    assert [f.instance_id for f in sealed.engine.ask(VerifyRoots())] == [1]


def test_a_seal_rewritten_too_shows_against_the_value_kept_elsewhere(sealed, monkeypatch, capsys):
    rewrite(sealed, 1, "wang")
    with transaction(sealed.engine.database) as connection:
        connection.execute(text("DELETE FROM audit_root"))
        connection.execute(text("DELETE FROM audit_leaf"))
    assert sealed.engine.execute(SealHistory()) != sealed.root
    assert verify(sealed, monkeypatch, capsys)[0] == 0
    code, said = verify(sealed, monkeypatch, capsys, "--expect", f"2025-09-22={sealed.root}")
    assert (code, "整体改写" in said) == (1, True)


def test_verify_names_order_and_line(sealed, monkeypatch, capsys):
    with transaction(sealed.engine.database) as connection:
        connection.execute(text("UPDATE history SET actor = 'x' WHERE instance_id = 2 AND seq = 2"))
    code, said = verify(sealed, monkeypatch, capsys, "--json")
    found = orjson.loads(said)
    assert (code, found["ok"], found["orders"]) == (1, False, 2)
    assert [(f["number"], f["seq"]) for f in found["faults"]] == [(sealed.number, 2)]
    assert f"工单 {sealed.number} 第 2 条" in verify(sealed, monkeypatch, capsys, sealed.number)[1]


def test_verify_looks_at_every_case_a_stretch_at_a_time(sealed):
    first = sealed.engine.ask(VerifyHistories(most=1))
    second = sealed.engine.ask(VerifyHistories(first.last_id, most=1))
    assert (first.looked_at, second.looked_at) == (1, 1)
    assert sealed.engine.ask(VerifyHistories(second.last_id)).last_id is None


def test_a_value_to_compare_with_needs_its_day(sealed, monkeypatch, capsys):
    with pytest.raises(Invalid):
        verify(sealed, monkeypatch, capsys, "--expect", "abc")
