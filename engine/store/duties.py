"""Duties that come round by the calendar: one row for each slot, inserted once, whoever of several workers is first."""

from datetime import datetime

from sqlalchemy import Connection

from engine.store.tables import periodic_run
from engine.store.upsert import insert_new


def first_in(connection: Connection, name: str, slot: str, at: datetime) -> bool:
    """Take a slot of a duty; say whether nobody had it."""
    return insert_new(connection, periodic_run, {"name": name, "slot": slot, "at": at})
