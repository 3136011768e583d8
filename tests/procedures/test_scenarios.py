"""Every scenario of every procedure, played through the real commands under a clock that we move."""

import pytest

from engine.bundles import procedure_folders, procedures_root
from workers.rehearsal.scenario import play, read_scenario
from workers.rehearsal.stage import Theatre

FOLDERS = list(procedure_folders(procedures_root()))
SCENARIOS = sorted(path for folder in FOLDERS for path in (folder / "scenarios").glob("*.toml"))


@pytest.fixture(scope="session")
def theatre() -> Theatre:
    """All procedures, deployed once."""
    return Theatre(FOLDERS)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
def test_a_scenario_goes_as_its_procedure_promises(theatre, path):
    assert play(theatre, read_scenario(path)).failures == []
