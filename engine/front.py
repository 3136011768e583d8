"""Put an Engine together from settings."""

import tomllib

from engine.bundles import procedures_root
from engine.commands.calendars import SeedCalendars
from engine.commands.people import ImportPeople
from engine.domain.clock import Clock, SystemClock
from engine.executor import Engine
from engine.service_tasks import Register, load_workers
from engine.settings import Settings, from_environment
from engine.store import schema
from engine.store.database import copy_database, open_database


def open_engine(
    settings: Settings | None = None, clock: Clock | None = None, register: Register | None = None
) -> Engine:
    """Open the database named by the settings and give the engine; workers are loaded unless a register is given."""
    chosen = settings or from_environment()
    return Engine(
        database=open_database(chosen.database),
        clock=clock or SystemClock(),
        register=register if register is not None else load_workers(),
        settings=chosen,
    )


def install(engine: Engine) -> int:
    """Bring the database to the present schema and fill its calendars; give the number of days written."""
    schema.upgrade(engine.database)
    return engine.execute(SeedCalendars())


def copy_engine(source: Engine, clock: Clock) -> Engine:
    """Give a fresh engine in memory whose database is a copy of a SQLite one, sharing its caches of immutable things."""
    database = open_database("sqlite://")
    copy_database(source.database, database)
    return Engine(database, clock, source.register, source.settings, source.caches)


def demo_organisation(actor: str) -> ImportPeople:
    """Give the command that brings in the invented town of processes/demo.toml."""
    said = tomllib.loads((procedures_root() / "demo.toml").read_text("utf-8"))
    return ImportPeople(actor, said["unit"], said["person"])
