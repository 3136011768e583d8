"""What is not in docs/reference does not exist: error codes, commands of the command line, settings, service tasks."""

import argparse
import configparser
import importlib
import re

import pytest

from engine import cli
from engine.commands.settings import KNOWN
from engine.domain import errors, work_calendar
from engine.domain.findings import Finding
from engine.service_tasks import BUILT_IN, load_workers
from tests.support.source import ROOT, modules

REFERENCE = ROOT / "docs" / "reference"


def page(name):
    return (REFERENCE / name).read_text("utf-8")


def first_column(name):
    return re.findall(r"^\| `([^`]+)` \|", page(name), re.MULTILINE)


def all_errors():
    found, waiting = set(), [errors.EngineError]
    assert work_calendar.CalendarExhausted
    while waiting:
        kind = waiting.pop()
        found.add(kind.__name__)
        waiting += [k for k in kind.__subclasses__() if k.__module__.startswith(("engine.", "workers."))]
    return found


def commands():
    """Give every command of `banjie`, the engine's own and those of other rooms."""
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", "utf-8")
    offered = dict(line.split(" = ") for line in setup["options.entry_points"]["banjie.commands"].split("\n") if line)
    yield from (cli.INIT, cli.DEMO, cli.CHECK, cli.DEPLOY)
    for name, place in offered.items():
        module, _, attribute = place.partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert command.name == name
        yield command


def test_every_error_code_is_listed_and_every_listed_one_exists():
    assert set(first_column("errors.md")) == all_errors()


def test_the_tree_of_errors_is_drawn_at_the_top_of_its_file():
    drawn = set(re.findall(r"[├└]── (\w+)", errors.__doc__ or ""))
    assert drawn == all_errors() - {"EngineError"}


def test_every_command_is_listed_and_every_listed_one_exists():
    assert set(re.findall(r"^## banjie (\w+)", page("cli.md"), re.MULTILINE)) == {
        command.name for command in commands()
    }


@pytest.mark.parametrize("command", list(commands()), ids=lambda command: command.name)
def test_every_option_of_a_command_is_told(command):
    parser = argparse.ArgumentParser(add_help=False)
    command.configure(parser)
    [section] = [s for s in page("cli.md").split("\n## ") if s.startswith(f"banjie {command.name}")]
    verbs = [verb for action in parser._actions for verb in _verbs(action)]
    options, of_verbs = _options(parser), {name for verb in verbs for name in _options(verb)} - {"-h", "--help"}
    assert {option for option in options | of_verbs if option not in section} == set()
    assert options <= set(re.findall(r"^\| `(--[\w-]+)", section, re.MULTILINE)) <= options | of_verbs


def _options(parser):
    return {name for action in parser._actions for name in action.option_strings}


def _verbs(action):
    return action.choices.values() if isinstance(action, argparse._SubParsersAction) else ()


def test_every_setting_is_listed_and_every_listed_one_exists():
    used = {name for m in modules("engine", "workers", "web") for name in re.findall(r"\bBANJIE_[A-Z_]+\b", m.text)}
    assert set(first_column("settings.md")) == used | KNOWN


def test_every_service_task_is_listed_and_every_listed_one_exists():
    ours = {topic for topic, task in load_workers().tasks.items() if task.function.__module__.startswith("workers")}
    assert set(first_column("service-tasks.md")) == ours | BUILT_IN


def test_every_rule_for_diagrams_is_listed():
    from engine.bpmn.lint import RULES

    assert {rule for rule in RULES if f"`{rule}`" not in page("diagram-rules.md")} == set()


def test_a_finding_has_the_fields_that_the_reference_names():
    named = re.search(r'"findings": \[\{([^}]*)\}', page("cli.md"))
    assert set(re.findall(r'"(\w+)"', named.group(1))) == set(Finding.__dataclass_fields__)


def test_links_between_pages_lead_somewhere():
    dead = [
        f"{path.relative_to(ROOT)} → {target}"
        for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "processes").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text("utf-8"))
        if not (path.parent / target).exists()
    ]
    assert dead == []
