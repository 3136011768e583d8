"""Open the database and begin transactions the way each kind needs."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import StaticPool

from engine.store.refusals import told

BUSY_MS = 5000
"""How long a writer waits for another one, on both databases, milliseconds."""
RECYCLE_SECONDS = 1800
MOMENT = func.now()
"""PostgreSQL's own time, for statements that ask for something anyway: the one clock that all machines share."""
_NOW = select(MOMENT)
_SERVER = {
    "tcp_user_timeout": 10_000,
    "tcp_keepalives_idle": 5,
    "tcp_keepalives_interval": 2,
    "tcp_keepalives_count": 3,
    "lock_timeout": BUSY_MS,
    "statement_timeout": 30_000,
    "idle_in_transaction_session_timeout": 30_000,
}
"""What every session asks of PostgreSQL: a client that vanished or froze gives its locks back within half a minute.

Milliseconds, keepalives in seconds. Keepalives alone are not enough: an unacknowledged reply keeps a dead link in
retransmission, which only tcp_user_timeout ends.
"""
_CLIENT = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "application_name": "banjie",
}
"""The same on our side of the link, for libpq: whoever is cut off learns it within ten seconds."""


def exists(url: str) -> bool:
    """Whether there is a database to open: a SQLite file that is there; of a server that is asked only by connecting."""
    where = make_url(url)
    return where.get_backend_name() != "sqlite" or (bool(where.database) and Path(str(where.database)).is_file())


def open_database(url: str) -> Engine:
    """Open a database by SQLAlchemy URL (sqlite or postgresql+psycopg).

    SQLite: WAL, foreign keys, full synchronous writes, and BEGIN IMMEDIATE, so that a writer never has to give way half-done.
    PostgreSQL: time limits for locks, statements, idle transactions and dead links; what the URL says itself comes first.
    """
    where = make_url(url)
    options: dict[str, Any] = {
        "json_serializer": lambda value: orjson.dumps(value).decode(),
        "json_deserializer": orjson.loads,
    }
    if where.get_backend_name() != "sqlite":
        options.update(pool_pre_ping=True, pool_recycle=RECYCLE_SECONDS, pool_timeout=BUSY_MS / 1000)
        return create_engine(where, connect_args=_link(where), **options)
    if where.database in (None, "", ":memory:"):
        options.update(poolclass=StaticPool, connect_args={"check_same_thread": False})
    else:
        Path(str(where.database)).parent.mkdir(parents=True, exist_ok=True)
        options.update(connect_args={"timeout": BUSY_MS / 1000})
    database = create_engine(where, **options)
    event.listen(database, "connect", _prepare_sqlite)
    event.listen(database, "begin", _begin_immediate)
    return database


def _link(where: URL) -> dict[str, Any]:
    """Give libpq's connection settings, except those that the URL sets itself."""
    asked = " ".join(f"-c {name}={value}" for name, value in _SERVER.items())
    said = where.query.get("options")
    options = asked if said is None else f"{asked} {said if isinstance(said, str) else ' '.join(said)}"
    return {"options": options, **{name: value for name, value in _CLIENT.items() if name not in where.query}}


@contextmanager
def transaction(database: Engine) -> Iterator[Connection]:
    """Run one transaction: commit at the end, roll back on any exception. The only commit of the whole system.

    Raises Busy when another writer kept the database for longer than BUSY_MS, Unavailable when it is away or full.
    """
    committing = False
    try:
        with database.begin() as connection:
            yield connection
            committing = True
    except (DBAPIError, PoolTimeout) as error:
        raise told(error, committing=committing) or error from error


@contextmanager
def reading(database: Engine) -> Iterator[Connection]:
    """Read in one snapshot without taking SQLite's write lock; nothing is ever committed. Raises Busy, Unavailable."""
    try:
        with database.connect().execution_options(read_only=True) as connection:
            yield connection
    except (DBAPIError, PoolTimeout) as error:
        raise told(error) or error from error


def now(connection: Connection) -> datetime:
    """Give PostgreSQL's own time, UTC: the one clock that all machines share, for leases alone."""
    return connection.execute(_NOW).scalar_one().astimezone(UTC)


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
