"""Whoever changes what was written is found out by `banjie audit verify`, after a faulty run as after a quiet one."""

import argparse
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from sqlalchemy import text

from engine import SealHistory
from engine.cli_health import audit
from engine.store.database import transaction
from engine.store.history import Event, append
from engine.store.instances import GENESIS, lock, save_history
from tests.faults.trials import one

SCENARIO = "dissatisfied_twice"
CHANGES = {
    "edited": "UPDATE history SET actor = 'somebody' WHERE instance_id = 1 AND seq = 3",
    "deleted": "DELETE FROM history WHERE instance_id = 1 AND seq = 3",
    "cut off": "DELETE FROM history WHERE instance_id = 1 AND seq > 5",
    "payload edited": "UPDATE history_payload SET payload = '{}' WHERE instance_id = 1 AND seq = 3",
    "inserted": "INSERT INTO history SELECT instance_id, seq + 1, at, actor, kind, element_id, digest, hash FROM history"
    " WHERE instance_id = 1 AND seq = (SELECT max(seq) FROM history WHERE instance_id = 1)",
}


def rewrite(engine):
    """Forge the whole history of the case, hashes and all."""
    with transaction(engine.database) as connection:
        connection.execute(text("DELETE FROM history WHERE instance_id = 1"))
        connection.execute(text("DELETE FROM history_payload WHERE instance_id = 1"))
        row = lock(connection, 1)
        forged = [Event("InstanceStarted", "somebody", "", {})] * row.history_seq
        row.history_seq, row.history_hash = 0, GENESIS
        append(connection, row, forged, engine.now())
        save_history(connection, row)


@pytest.mark.parametrize("change", [*CHANGES, "rewritten", "nothing"])
def test_a_history_changed_after_a_faulty_run_is_found(trial, size, monkeypatch, capsys, change):
    at = size.chance(f"tampering {change}").randrange(20, 120)

    def act(one_try):
        problems, _ = one_try.killed(at)
        assert problems == []
        later = datetime.fromtimestamp(one_try.progress.clock, UTC) + timedelta(days=1)
        engine = one_try.course(later).engine
        assert engine.execute(SealHistory())
        if change == "rewritten":
            rewrite(engine)
        elif change in CHANGES:
            with transaction(engine.database) as connection:
                connection.execute(text(CHANGES[change]))
        engine.database.dispose()
        return _verify(one_try.url, monkeypatch, capsys)

    code, said = trial(one(SCENARIO), act)[1]
    assert (code, said["ok"]) == ((0, True) if change == "nothing" else (1, False))
    assert {fault["instance_id"] for fault in said["faults"]} == (set() if change == "nothing" else {1})


def _verify(url, monkeypatch, capsys):
    """Run the command as an admin would; give its exit code and what it said."""
    monkeypatch.setenv("BANJIE_DATABASE", url)
    parser = argparse.ArgumentParser()
    audit.configure(parser)
    capsys.readouterr()
    code = audit.run(parser.parse_args(["verify", "--json"]))
    return code, orjson.loads(capsys.readouterr().out)
