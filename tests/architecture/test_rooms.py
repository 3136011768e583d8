"""Who imports whom, and where each library lives."""

import os
import subprocess
import sys

import pytest

from tests.support.source import ROOT, modules

HOMES = {
    "SpiffWorkflow": ("engine/bpmn/",),
    "lxml": ("engine/bpmn/",),
    "zstandard": ("engine/bpmn/codec.py",),
    "simpleeval": ("engine/expressions/",),
    "sqlalchemy": ("engine/store/", "engine/queries/", "engine/executor.py", "migrations/"),
    "alembic": ("engine/store/schema.py", "migrations/"),
    "wtforms": ("engine/forms/",),
    "apscheduler": ("workers/scheduler.py",),
    "chinese_calendar": ("engine/domain/national_days.py",),
    "holidays": ("engine/domain/national_days.py",),
    "psycopg": (),
    "babel": ("web/translations/",),
    "flask": ("web/",),
    "flask_babel": ("web/",),
    "flask_wtf": ("web/",),
    "waitress": ("web/cli.py",),
    "argon2": ("engine/domain/passwords.py",),
    "cryptography": ("engine/domain/sealing.py",),
    "urllib3": ("workers/channels/net.py",),
    "apprise": ("workers/channels/apprise_channel.py",),
    "openpyxl": ("engine/domain/sheets.py",),
    "prometheus_client": ("web/operations/metrics.py",),
}
"""Library → the only places that may import it; a room that needs one of them is a decision for an ADR."""

STEPS_SEE_OF_SQLALCHEMY = {"engine/executor.py": {"sqlalchemy.Connection", "sqlalchemy.Engine"}}


def test_imports_point_down_and_siblings_do_not_see_each_other():
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    checked = subprocess.run(
        [sys.executable, "-c", program, "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "200"},
    )
    assert checked.returncode == 0, checked.stdout[-3000:] + checked.stderr[-1000:]


@pytest.mark.parametrize("library", sorted(HOMES))
def test_a_library_is_imported_at_its_home_only(library):
    strangers = [
        f"{module.name}:{line} {name}"
        for module in modules("engine", "workers", "web", "migrations")
        for line, name in module.imports()
        if name.split(".")[0] == library and not module.name.startswith(HOMES[library])
    ]
    assert strangers == []


@pytest.mark.parametrize("name", sorted(STEPS_SEE_OF_SQLALCHEMY))
def test_the_executor_knows_connections_and_no_statements(name):
    [module] = [m for m in modules("engine") if m.name == name]
    seen = {imported for _, imported in module.imports() if imported.startswith("sqlalchemy")}
    assert seen <= STEPS_SEE_OF_SQLALCHEMY[name]


def test_only_channels_open_sockets():
    openers = {"socket", "http", "urllib", "smtplib", "requests", "httpx", "aiohttp", "ftplib", "telnetlib"}
    strangers = [
        f"{module.name}:{line} {name}"
        for module in modules("engine", "workers", "web", "migrations")
        for line, name in module.imports()
        if name.split(".")[0] in openers
        and not name.startswith("urllib.parse")
        and not module.name.startswith(("workers/channels/", "workers/cli.py"))
    ]
    assert strangers == []


def test_the_project_never_reads_what_lies_outside_its_tree():
    outside = ["/work" + "/shared", "notes/" + "reliability"]
    rooms = modules("engine", "workers", "web", "migrations", "tests")
    assert [m.name for m in rooms if any(path in m.text for path in outside)] == []


def test_procedures_are_no_python():
    assert [p.name for p in (ROOT / "processes").rglob("*.py")] == []
