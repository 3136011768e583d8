"""The invariants that can be read off the source: one commit site, one clock, no eval, append-only history."""

import ast
import re

from engine.domain.rights import TABLE
from tests.support.source import modules

ENGINE = ("engine", "workers", "web", "migrations")
LOOP_EDGES = {"engine/executor.py", "workers/runner.py", "workers/outbox.py", "workers/scheduler.py"}


def places(found):
    return [f"{module.name}:{line} {what}" for module, line, what in found]


def calls(*rooms):
    return ((module, line, name) for module in modules(*rooms) for line, name in module.calls())


def test_transactions_begin_and_commit_in_one_place_only():
    sites = ("engine/store/database.py", "migrations/env.py")
    found = [
        c for c in calls(*ENGINE) if c[2].rsplit(".", 1)[-1] in ("begin", "commit", "begin_nested") and "." in c[2]
    ]
    found = [c for c in found if c[0].name not in sites and not c[2].startswith("self.")]
    assert places(found) == []


def test_the_transaction_itself_commits_once():
    [database] = [m for m in modules("engine") if m.name == "engine/store/database.py"]
    assert [name for _, name in database.calls() if name.endswith((".begin", ".commit"))] == ["database.begin"]


def test_the_machines_clock_is_read_in_one_module_only():
    read = re.compile(r"(^|\.)(now|utcnow|today|fromtimestamp|time|time_ns|monotonic|localtime|gmtime)$")
    clocks = re.compile(r"^(datetime|date|time|datetime\.datetime|datetime\.date)\.")
    found = [
        c
        for c in calls("engine", "workers", "web")
        if read.search(c[2]) and clocks.match(c[2]) and c[0].name != "engine/domain/clock.py"
    ]
    assert places(found) == []


def test_the_database_is_asked_for_the_time_in_one_place_only():
    asking = ("func.now", "func.current_timestamp", "func.clock_timestamp")
    found = [c for c in calls("engine", "workers", "web") if c[2] in asking]
    assert [(module.name, what) for module, _, what in found] == [("engine/store/database.py", "func.now")]


def test_nothing_is_evaluated_or_executed():
    found = [c for c in calls(*ENGINE) if c[2] in ("eval", "exec", "compile", "__import__", "os.system", "os.popen")]
    assert places(found) == []


def test_errors_of_every_kind_are_caught_at_the_edges_of_loops_only():
    broad = {"Exception", "BaseException"}
    found = [
        f"{module.name}:{node.lineno}"
        for module in modules(*ENGINE)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler) and module.name not in LOOP_EDGES
        if node.type is None or broad & {ast.unparse(n) for n in ast.walk(node.type)}
    ]
    assert found == []


def test_no_exception_is_swallowed_without_a_word():
    found = [
        f"{module.name}:{node.lineno}"
        for module in modules("engine", "workers", "web")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler) and [type(s) for s in node.body] == [ast.Pass]
    ]
    assert found == []


def test_history_is_only_ever_added_to():
    changed = re.compile(
        r"(update|delete)\(\s*(tables\.)?history(_payload)?\b|(UPDATE|DELETE FROM)\s+history", re.IGNORECASE
    )
    assert [m.name for m in modules("engine", "workers", "web") if changed.search(m.text)] == []


def test_every_command_has_its_line_in_the_table_of_rights_and_every_line_its_command():
    commands = {
        node.name
        for module in modules("engine/commands")
        for node in module.tree.body
        if isinstance(node, ast.ClassDef) and any(_is_run(child) for child in node.body)
    }
    assert commands == set(TABLE)


def _is_run(node):
    return (
        isinstance(node, ast.FunctionDef) and node.name == "run" and [a.arg for a in node.args.args] == ["self", "ctx"]
    )


def test_a_command_names_its_actor():
    for module in modules("engine/commands"):
        for node in module.tree.body:
            if isinstance(node, ast.ClassDef) and node.name in TABLE:
                fields = {child.target.id for child in node.body if isinstance(child, ast.AnnAssign)}
                assert "actor" in fields, node.name


def test_nothing_is_printed_below_the_command_line():
    speakers = (
        *("engine/cli.py", "engine/cli_users.py", "engine/cli_health.py", "engine/cli_calendar"),
        *(
            "web/cli.py",
            "web/assets/",
            "workers/cli.py",
            "workers/office.py",
            "workers/rehearsal/",
            "workers/channels/console.py",
        ),
    )
    assert (
        places(c for c in calls("engine", "workers", "web") if c[2] == "print" and not c[0].name.startswith(speakers))
        == []
    )
