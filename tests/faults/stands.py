"""Where faults are tried: databases of each kind in which the demo organisation and every procedure stand ready."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from engine import Deploy, Engine, demo_organisation, install, open_engine
from engine.bundles import procedure_folders, procedures_root, read_bundle
from engine.domain.actors import SYSTEM
from engine.domain.clock import Clock, FrozenClock
from engine.service_tasks import Register, load_workers
from engine.settings import Settings
from engine.store.tables import metadata
from tests.support.databases import PostgresServer, SqliteFiles
from tests.support.procedures import procedure, service, tell, timer
from workers.rehearsal.scenario_file import Scenario, read_scenario

FOLDERS = list(procedure_folders(procedures_root()))
LETTER = procedure(
    "letters",
    service("mail", "send_letter", {"tracking": "${tracking}"}, text="信"),
    tell("tell", "sent", "starter"),
    timer("rest", "PT1S"),
    tell("again", "sent", "starter"),
    flows="start >> mail >> tell >> rest >> again >> end",
    notices={"sent": "已寄"},
)
"""A procedure that needs nobody: a job, a message, a timer of a second, another message."""


FURNITURE = {
    *("unit", "person", "membership", "role", "calendar", "calendar_day", "calendar_hours", "calendar_version"),
    *("deployment", "definition", "resource", "account", "admin_event"),
}
VOLATILE = sorted(f'"{name}"' for name in metadata.tables if name not in FURNITURE)
"""What orders leave behind."""


class FurnishedCopies(PostgresServer):
    """PostgreSQL whose copies are used again: tables that are empty in the template are emptied, the others stay."""

    def copy(self) -> str:
        """Give a copy of the template."""
        return self.clean.pop() if self.clean else self._create("banjie_template")

    def drop(self, url: str) -> None:
        """Clean a copy for its next use."""
        name = str(make_url(url).database)
        others = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()"
        self._run(name, others, f"TRUNCATE {', '.join(VOLATILE)} RESTART IDENTITY")
        self.clean.append(url)


@dataclass
class Stand:
    """One kind of database; caches of immutable things are shared by everybody who works on a copy."""

    kind: str
    databases: SqliteFiles | FurnishedCopies
    register: Register
    caches: dict[str, dict[Any, Any]] = field(default_factory=dict)

    @contextmanager
    def copy(self) -> Iterator[str]:
        """Give the URL of a furnished database for a while."""
        url = self.databases.copy()
        try:
            yield url
        finally:
            self.databases.drop(url)

    def open(self, url: str, clock: Clock) -> Engine:
        """Open an engine on a copy."""
        engine = open_engine(Settings(database=url, kind="test"), clock, self.register)
        engine.caches = self.caches
        return engine


@contextmanager
def stand(kind: str, folder: Path, register: Register) -> Iterator[Stand]:
    """Furnish a template: the demo organisation, every procedure of the house, and one that needs nobody."""
    with warnings.catch_warnings(action="ignore"):
        databases = SqliteFiles(folder) if kind == "sqlite" else FurnishedCopies(folder)
    try:
        found = Stand(kind, databases, register)
        furnish(found.open(databases.template(), FrozenClock(datetime(2024, 1, 1, tzinfo=UTC))))
        yield found
    finally:
        if kind != "sqlite":
            databases.stop()


def furnish(engine: Engine) -> None:
    """Bring a database to where faults begin, and close it."""
    install(engine)
    engine.execute(demo_organisation(SYSTEM.id))
    for place in FOLDERS:
        engine.execute(Deploy(read_bundle(place), SYSTEM.id))
    letter = {**LETTER, "procedure.toml": LETTER["procedure.toml"].replace(b'"agent"', b'"hotline_agent"')}
    engine.execute(Deploy(letter, SYSTEM.id))
    engine.database.dispose()


def scenarios(process: str = "") -> list[Scenario]:
    """Give the scenarios of one procedure or of all, except those whose channel fails as they are told."""
    found = [read_scenario(path) for place in FOLDERS for path in sorted((place / "scenarios").glob("*.toml"))]
    return [s for s in found if process in ("", s.process) and not any("fail" in step for step in s.steps)]


def workers_register() -> Register:
    """Give the workers' register, a copy that may be added to."""
    return Register(dict(load_workers().tasks))
