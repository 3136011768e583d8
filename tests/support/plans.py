"""How a database goes about the very statement that the engine sends."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, event

from engine import Engine
from engine.store.database import is_postgres, transaction


def plan_of(engine: Engine, ask: Callable[[Connection], Any], *, run: bool = False) -> list[str]:
    """Give the plan of the last statement that `ask` sends, line by line; `run` lets PostgreSQL count what it really read."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    with transaction(engine.database) as connection:
        event.listen(engine.database, "before_cursor_execute", note)
        ask(connection)
        event.remove(engine.database, "before_cursor_execute", note)
        return _explained(connection, *sent[-1], run=run)


def plans_of(engine: Engine, act: Callable[[], Any], *, about: str) -> list[str]:
    """Give the plans of all statements that `act` sends and that say `about`, each as one text."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if about in statement:
            sent.append((statement, parameters))

    event.listen(engine.database, "before_cursor_execute", note)
    act()
    event.remove(engine.database, "before_cursor_execute", note)
    with transaction(engine.database) as connection:
        return ["\n".join(_explained(connection, statement, parameters)) for statement, parameters in sent]


def _explained(connection: Connection, statement: str, parameters: Any, *, run: bool = False) -> list[str]:
    counted = "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) " if run else "EXPLAIN "
    words = counted if is_postgres(connection) else "EXPLAIN QUERY PLAN "
    return [str(row[-1]) for row in connection.exec_driver_sql(words + statement, parameters)]
