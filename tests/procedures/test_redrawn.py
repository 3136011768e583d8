"""Shipped procedures as offices would revise them: every revision passes the check, and its scenarios go as it promises."""

from copy import deepcopy
from dataclasses import replace

import pytest

from engine import PreviewDropCoSigner, ShowCase, check_procedure
from engine.domain.errors import InvalidDiagram
from engine.service_tasks import load_workers
from tests.support.redrawn import revisions
from workers.rehearsal.co_signer_verbs import key_of
from workers.rehearsal.scenario import Run, play
from workers.rehearsal.scenario_file import read_scenario
from workers.rehearsal.stage import Theatre

REVISIONS = {revision.name: revision for revision in revisions()}
SAME = {("quality_complaint_capa/cosign_more_than_half", "panel", "cosign_minutes", "pass_share")}
"""Changes that an owner writes out though they say what holds anyway."""
SCENARIOS = [(name, path) for name, r in REVISIONS.items() for path in sorted(r.folder.glob("scenarios/*.toml"))]


@pytest.fixture(scope="module")
def theatres(tmp_path_factory):
    """Give the theatre of a revision by name, opened when it is first asked for."""
    opened = {}

    def theatre(name):
        if name not in opened:
            opened[name] = Theatre([REVISIONS[name].put(tmp_path_factory.mktemp("redrawn"))])
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


def changes():
    """Give every single change of every revision."""
    for name, revision in REVISIONS.items():
        for kind, said in revision.changes.items():
            for where, what in said.items():
                yield from ((name, kind, where, each) for each in (what if kind == "panel" else ("",)))


@pytest.mark.parametrize("change", sorted(set(changes()) - SAME), ids=lambda change: ":".join(filter(None, change)))
def test_a_revision_without_one_of_its_changes_is_refused_or_breaks_a_scenario(tmp_path, change):
    name, kind, where, each = change
    left = deepcopy(dict(REVISIONS[name].changes))
    del (left[kind][where] if each else left[kind])[each or where]
    try:
        theatre = Theatre([replace(REVISIONS[name], changes=left).put(tmp_path)])
    except InvalidDiagram:
        return
    assert any(play(theatre, read_scenario(path)).failures for of, path in SCENARIOS if of == name)


DROPS = [(name, path) for name, path in SCENARIOS if "drop_co_signer" in path.read_text("utf-8")]


def to_the_drop(theatre, path):
    """Play a scenario up to where a co-signer is taken off; give the run and that step."""
    scenario = read_scenario(path)
    run = Run(theatre.stage(scenario.starts_at), scenario)
    for step in scenario.steps:
        if step.get("action") == "drop_co_signer":
            return run, step
        assert run.step(step) == []
    raise LookupError(path)


@pytest.mark.parametrize(("name", "path"), DROPS, ids=[f"{name}/{path.stem}" for name, path in DROPS])
def test_what_dropping_a_co_signer_would_do_is_what_it_does(theatres, name, path):
    run, step = to_the_drop(theatres(name), path)
    engine, ident = run.stage.engine, run.task_of(step)
    key = key_of(engine, ident, step["actor"], step["with"]["who"])
    seen = engine.ask(PreviewDropCoSigner(ident, key), step["actor"])
    before = {task.id for task in engine.ask(ShowCase(run.number)).open_tasks}
    assert run.step(step) == []
    after = {task.id: task.element_id for task in engine.ask(ShowCase(run.number)).open_tasks}
    assert {each for each, _, _ in seen.closes} == before - set(after)
    assert seen.ends == (step["task"] not in after.values())
