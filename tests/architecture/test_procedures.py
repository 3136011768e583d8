"""Every procedure agrees with itself: diagram, forms, workers, notices, clauses, scenarios and people. Fix the diagram, not the test."""

import csv
import itertools
import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from engine.bundles import procedure_folders, procedures_root, read_bundle
from engine.domain.procedure import parse_procedure
from engine.front import demo_organisation
from engine.service_tasks import load_workers
from engine.steps.built_in_notices import TEMPLATES
from engine.steps.released import START_FORM, Released, assemble
from workers.rehearsal.scenario_file import read_scenario

FOLDERS = list(procedure_folders(procedures_root()))
REGISTER = load_workers()
every_procedure = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


@cache
def released(folder: Path) -> Released:
    return assemble(0, read_bundle(folder))


def clauses(folder):
    with (folder / "clauses.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def scenarios(folder):
    return [read_scenario(path) for path in sorted((folder / "scenarios").glob("*.toml"))]


def stems(folder, pattern):
    return {path.stem for path in folder.glob(pattern)}


def people():
    return {person["id"] for person in demo_organisation("system").persons}


def test_there_are_procedures():
    assert FOLDERS


@every_procedure
def test_folder_process_and_file_share_a_name(folder):
    procedure = parse_procedure((folder / "procedure.toml").read_text("utf-8"))
    assert (procedure.id, procedure.family) == (folder.name, folder.parent.name)
    assert released(folder).definition.process_id == folder.name
    assert (folder / f"{folder.name}.bpmn").is_file()


@every_procedure
def test_every_user_task_has_a_form_and_every_form_a_user_task(folder):
    tasks = {e.id for e in released(folder).definition.elements.values() if e.is_manual}
    assert stems(folder, "forms/*.form") == tasks | {START_FORM}


@every_procedure
def test_every_service_task_names_a_registered_worker(folder):
    services = [e for e in released(folder).definition.elements.values() if e.kind in ("serviceTask", "sendTask")]
    assert {e.id: e.topic for e in services if not REGISTER.knows(e.topic)} == {}


@every_procedure
def test_every_notice_that_is_used_exists_and_every_notice_is_used(folder):
    version = released(folder)
    named = {value for e in version.definition.elements.values() for name, value in e.inputs if name == "notice"}
    assert stems(folder, "notices/*.txt") == named | set(version.procedure.notices.values())


@every_procedure
def test_every_notice_says_of_what_kind_it_is_and_duties_say_by_which_ways_they_go(folder):
    rules = released(folder).procedure.notice_rules
    assert set(rules) == stems(folder, "notices/*.txt")
    assert {name for name, said in rules.items() if said.mandatory and not said.channels} == set()


@every_procedure
def test_every_decision_table_is_asked(folder):
    asked = {e.attributes.get("decisionRef") for e in released(folder).definition.elements.values()} - {None}
    assert stems(folder, "*.dmn") <= asked


@every_procedure
def test_every_clause_points_at_an_element_and_says_where_it_comes_from(folder):
    elements = released(folder).definition.elements
    assert [row["clause"] for row in clauses(folder) if row["element"] not in elements] == []
    assert [row["clause"] for row in clauses(folder) if not all(row.values())] == []


@every_procedure
def test_no_clause_stands_there_twice(folder):
    assert {name: n for name, n in Counter(row["clause"] for row in clauses(folder)).items() if n > 1} == {}


@every_procedure
def test_a_clause_named_in_the_diagram_is_in_the_table_of_clauses(folder):
    named = {
        e.id: e.properties["clause"] for e in released(folder).definition.elements.values() if "clause" in e.properties
    }
    known = {row["clause"] for row in clauses(folder)}
    assert {
        element: clause for element, clause in named.items() if not set(re.split(r"[,，、;；\s]+", clause)) <= known
    } == {}


@every_procedure
def test_every_procedure_has_a_readme_and_titles_of_its_own(folder):
    assert (folder / "README.md").read_text("utf-8").startswith("# ")
    titles = [s.title for s in scenarios(folder)]
    assert len(titles) == len(set(titles))


@every_procedure
def test_every_scenario_plays_its_own_procedure_and_cites_known_clauses(folder):
    known = {row["clause"] for row in clauses(folder)}
    assert {s.path.name: s.process for s in scenarios(folder) if s.process != folder.name} == {}
    assert {
        s.path.name: set(s.clauses) - known for s in scenarios(folder) if not s.clauses or set(s.clauses) - known
    } == {}


@every_procedure
def test_every_scenario_cites_a_clause_of_its_own_or_says_what_differs(folder):
    cited = Counter(itertools.chain.from_iterable(set(s.clauses) for s in scenarios(folder)))
    alike = [s.path.name for s in scenarios(folder) if not s.differs and not any(cited[c] == 1 for c in s.clauses)]
    assert alike == []


@every_procedure
def test_scenarios_name_elements_that_are_drawn(folder):
    drawn = {known.name: set(released(known).definition.elements) for known in FOLDERS}
    named = {(s.path.name, process, e) for s in scenarios(folder) for process, e in elements_named(s)}
    assert [each for each in sorted(named) if each[2] not in drawn[each[1]]] == []


def elements_named(scenario):
    """Give every element id that a scenario expects or acts on, with the procedure it should be drawn in."""
    for step in scenario.steps:
        process = step.get("on", scenario.process)
        yield from [(process, step["task"])] if "task" in step else []
        yield from ((process, element) for element in expected(step.get("expect", {})))
    yield from ((scenario.process, element) for element in expected(scenario.expect))


def expected(said):
    for name in ("open", "open_contains", "reached", "never_reached", "due", "warn", "assignee"):
        yield from said.get(name, ())


@every_procedure
def test_scenarios_expect_notices_that_exist(folder):
    """Where the procedure starts another by a message, notices of both go out; and the engine has some of its own."""
    sent = {e.message for e in released(folder).definition.elements.values() if e.throws_message}
    begun = [each for each in FOLDERS if sent & set(released(each).definition.starts)]
    known = set(TEMPLATES).union(*(stems(each, "notices/*.txt") for each in (folder, *begun)))
    for s in scenarios(folder):
        said = [*(step.get("expect", {}) for step in s.steps), s.expect]
        named = {n["notice"] for e in said for n in e.get("notified", ())}
        named |= {notice for e in said for notice in e.get("notified_total", ())}
        assert named <= known, s.path.name


@every_procedure
def test_people_in_scenarios_live_in_the_demo_town(folder):
    assert {s.path.name: found for s in scenarios(folder) if (found := set(actors(s)) - people())} == {}


def actors(scenario):
    """Give everybody who acts or is told something; telephone numbers are nobody's."""
    for step in scenario.steps:
        yield from [step["actor"]] if step.get("actor", "system") != "system" else []
        yield from [said["actor"] for name in ("start", "cancel") if (said := step.get(name)) and "actor" in said]
        told = [n["to"] for n in step.get("expect", {}).get("notified", ())]
        yield from [who for who in told if not who.replace("-", "").isdigit()]


@every_procedure
def test_roles_in_the_settings_and_the_diagram_are_held_by_somebody(folder):
    roles = {m["role"] for p in demo_organisation("system").persons for m in p["memberships"]}
    procedure = released(folder).procedure
    assert procedure.starters | procedure.supervisors | procedure.urgers <= roles
    groups = [e.attributes.get("candidateGroups", "") for e in released(folder).definition.elements.values()]
    terms = {
        term.strip()
        for text in groups
        for term in text.split(",")
        if term.strip() and "$" not in term and ":" not in term
    }
    assert {term.partition("@")[0] for term in terms} <= roles


@every_procedure
def test_scenario_files_say_what_they_are_about_in_their_name(folder):
    assert [s.path.name for s in scenarios(folder) if not re.fullmatch(r"[a-z][a-z0-9_]+", s.path.stem)] == []


def test_the_hotline_is_held_by_at_least_fifteen_scenarios():
    assert len(list((procedures_root() / "hotline" / "mayor_hotline" / "scenarios").glob("*.toml"))) >= 15


def test_the_demo_town_gives_every_person_a_place():
    said = tomllib.loads((procedures_root() / "demo.toml").read_text("utf-8"))
    units = {unit["id"] for unit in said["unit"]}
    assert [
        p["id"] for p in said["person"] if not p["memberships"] or any(m["unit"] not in units for m in p["memberships"])
    ] == []


def test_order_numbers_of_two_procedures_never_collide():
    prefixes = Counter(released(folder).procedure.prefix for folder in FOLDERS)
    assert [prefix for prefix, n in prefixes.items() if n > 1 or not prefix] == []
