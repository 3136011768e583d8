"""Shipped procedures as offices would revise them: every revision passes the check, and its scenarios go as it promises."""

import pytest

from engine import check_procedure
from engine.bundles import procedures_root
from engine.service_tasks import load_workers
from tests.support.redrawn import revisions
from workers.rehearsal.scenario import play
from workers.rehearsal.scenario_file import read_scenario
from workers.rehearsal.stage import Theatre, neighbours

REVISIONS = {revision.name: revision for revision in revisions()}
SCENARIOS = [(name, path) for name, r in REVISIONS.items() for path in sorted(r.folder.glob("scenarios/*.toml"))]


@pytest.fixture(scope="module")
def theatres(tmp_path_factory):
    """Give the theatre of a revision by name, opened when it is first asked for."""
    opened = {}

    def theatre(name):
        if name not in opened:
            revision = REVISIONS[name]
            shipped = procedures_root() / revision.procedure
            others = [folder for folder in neighbours(shipped) if folder != shipped.resolve()]
            opened[name] = Theatre([*others, revision.put(tmp_path_factory.mktemp("redrawn"))])
        return opened[name]

    return theatre


@pytest.mark.parametrize("name", REVISIONS)
def test_a_revision_passes_the_check_without_a_remark(name):
    assert check_procedure(REVISIONS[name].files(), load_workers()) == []


@pytest.mark.parametrize("name", REVISIONS)
def test_a_revision_says_why_an_office_would_want_it_and_is_rehearsed(name):
    assert len(REVISIONS[name].why) > 10
    assert name in dict(SCENARIOS)


@pytest.mark.parametrize(("name", "path"), SCENARIOS, ids=[f"{name}/{path.stem}" for name, path in SCENARIOS])
def test_a_scenario_goes_as_its_revision_promises(theatres, name, path):
    assert play(theatres(name), read_scenario(path)).failures == []
