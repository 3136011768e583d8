"""Order numbers: gap-free per procedure and period, allotted under a row lock."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, bindparam
from sqlalchemy.dialects import postgresql, sqlite

from engine.store.tables import number_series


def _allot(insert: Callable[..., Any]) -> Any:
    first = insert(number_series).values(procedure=bindparam("procedure"), period=bindparam("period"), last=1)
    following = {"last": number_series.c.last + 1}
    return first.on_conflict_do_update(index_elements=["procedure", "period"], set_=following).returning(
        number_series.c.last
    )


_ALLOT = {"postgresql": _allot(postgresql.insert), "sqlite": _allot(sqlite.insert)}


def next_number(connection: Connection, procedure: str, period: str) -> int:
    """Give the next number of a series; a rolled-back step gives it back."""
    series = {"procedure": procedure, "period": period}
    return int(connection.execute(_ALLOT[connection.dialect.name], series).scalar_one())
