"""Open the database and begin transactions the way each kind needs."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import StaticPool

from engine.domain.errors import Busy

BUSY_MS = 5000
_SQLITE_BUSY = 5
_NOW = select(func.now())


def open_database(url: str) -> Engine:
    """Open a database by SQLAlchemy URL (sqlite or postgresql+psycopg).

    SQLite: WAL, foreign keys, full synchronous writes, and BEGIN IMMEDIATE, so that a writer never has to give way half-done.
    """
    where = make_url(url)
    options: dict[str, Any] = {
        "json_serializer": lambda value: orjson.dumps(value).decode(),
        "json_deserializer": orjson.loads,
    }
    if where.get_backend_name() != "sqlite":
        return create_engine(where, pool_pre_ping=True, **options)
    if where.database in (None, "", ":memory:"):
        options.update(poolclass=StaticPool, connect_args={"check_same_thread": False})
    else:
        Path(str(where.database)).parent.mkdir(parents=True, exist_ok=True)
        options.update(connect_args={"timeout": BUSY_MS / 1000})
    database = create_engine(where, **options)
    event.listen(database, "connect", _prepare_sqlite)
    event.listen(database, "begin", _begin_immediate)
    return database


@contextmanager
def transaction(database: Engine) -> Iterator[Connection]:
    """Run one transaction: commit at the end, roll back on any exception. The only commit of the whole system.

    Raises Busy when another process kept a SQLite file locked for longer than BUSY_MS.
    """
    with _telling_busy(), database.begin() as connection:
        yield connection


@contextmanager
def reading(database: Engine) -> Iterator[Connection]:
    """Read in one snapshot without taking SQLite's write lock; nothing is ever committed."""
    with _telling_busy(), database.connect().execution_options(read_only=True) as connection:
        yield connection


def now(connection: Connection) -> datetime:
    """Give PostgreSQL's own time, UTC: the one clock that all machines share, for leases alone."""
    return connection.execute(_NOW).scalar_one().astimezone(UTC)


@contextmanager
def _telling_busy() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF != _SQLITE_BUSY:
            raise
        raise Busy("数据库正忙,这一步没有保存,请稍后再试") from error


def copy_database(source: Engine, target: Engine) -> None:
    """Copy one SQLite database over another, page by page."""
    with source.connect() as one, target.connect() as other:
        one.connection.driver_connection.backup(other.connection.driver_connection)  # type: ignore[union-attr]


def each(rows: Iterable[Mapping[str, Any]]) -> Any:
    """Give parameters that run a statement once per row; a single row goes alone, which both drivers do faster."""
    given = [dict(r) for r in rows]
    return given[0] if len(given) == 1 else given


def is_postgres(connection: Connection) -> bool:
    """Whether rows are locked one by one (SQLite locks the whole file instead)."""
    return connection.dialect.name == "postgresql"


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", f"busy_timeout={BUSY_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    read_only = connection.get_execution_options().get("read_only")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
