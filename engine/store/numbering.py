"""Order numbers: gap-free per procedure and period, allotted under a row lock."""

from sqlalchemy import Connection

from engine.store.tables import number_series
from engine.store.upsert import insert_for


def next_number(connection: Connection, procedure: str, period: str) -> int:
    """Give the next number of a series; a rolled-back step gives it back."""
    statement = insert_for(connection, number_series).values(procedure=procedure, period=period, last=1)
    statement = statement.on_conflict_do_update(
        index_elements=["procedure", "period"], set_={"last": number_series.c.last + 1}
    ).returning(number_series.c.last)
    return int(connection.execute(statement).scalar_one())
