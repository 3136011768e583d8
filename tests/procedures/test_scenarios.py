"""Every scenario of every procedure, played through the real commands under a clock that we move."""

from pathlib import Path

import pytest
from sqlalchemy import select

from engine.bundles import procedure_folders, procedures_root
from engine.domain.personal import masked_in_text
from engine.store import tables
from engine.store.database import reading
from workers.rehearsal.scenario import play
from workers.rehearsal.scenario_file import read_scenario
from workers.rehearsal.stage import Theatre

FIXTURES = [Path(__file__).parent.parent / "fixtures" / "procedures" / "paper_round"]
"""Procedures of our own that play what no shipped one does."""
FOLDERS = [*procedure_folders(procedures_root()), *FIXTURES]
SCENARIOS = sorted(path for folder in FOLDERS for path in (folder / "scenarios").glob("*.toml"))


@pytest.fixture(scope="session")
def theatre() -> Theatre:
    """All procedures, deployed once."""
    return Theatre(FOLDERS)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
def test_a_scenario_goes_as_its_procedure_promises(theatre, path):
    assert play(theatre, read_scenario(path)).failures == []
    assert [
        text for text in sent(theatre.last) if "${" in text or masked_in_text(text) != text or text[0] == "\n"
    ] == []


def sent(engine):
    """Give every notice that was put, subject and body."""
    with reading(engine.database) as connection:
        rows = connection.execute(select(tables.outbox.c.subject, tables.outbox.c.body))
        return [f"{row.subject}\n{row.body}" for row in rows]
