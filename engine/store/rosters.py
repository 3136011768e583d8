"""Duty rosters: few rows, read whole and kept by their version."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from engine.domain.duty_roster import DutyChange, DutyRoster, DutyTurn
from engine.store import settings
from engine.store.tables import roster, roster_change, roster_turn
from engine.store.upsert import upsert

VERSION = "roster_version"
"""The setting that counts changes to rosters: a process rereads them when it has moved on."""


def every(connection: Connection) -> dict[str, DutyRoster]:
    """Give all rosters by key, in order of name."""
    turns: dict[str, list[DutyTurn]] = {}
    for row in connection.execute(select(roster_turn).order_by(roster_turn.c.starts, roster_turn.c.id)):
        days = frozenset(int(day) for day in row.weekdays)
        turns.setdefault(row.roster, []).append(
            DutyTurn(row.person, days, row.starts, row.ends, row.first, row.last, row.id)
        )
    changes: dict[str, list[DutyChange]] = {}
    for row in connection.execute(select(roster_change).order_by(roster_change.c.id)):
        changes.setdefault(row.roster, []).append(
            DutyChange(
                row.starts_at, row.ends_at, row.person or "", row.instead_of or "", row.reason, row.handed_over, row.id
            )
        )
    return {
        row.key: DutyRoster(
            row.key, row.name, tuple(turns.get(row.key, ())), tuple(changes.get(row.key, ())), row.calendar or ""
        )
        for row in connection.execute(select(roster).order_by(roster.c.name, roster.c.key))
    }


def put(connection: Connection, key: str, name: str, calendar: str | None) -> None:
    """Insert a roster, or give it another name and calendar."""
    upsert(connection, roster, [{"key": key, "name": name, "calendar": calendar}])
    settings.moved_on(connection, VERSION)


def add_turn(connection: Connection, key: str, turn: DutyTurn) -> int:
    """Insert a weekly turn; give its id."""
    values = {
        "roster": key,
        "person": turn.person,
        "weekdays": "".join(str(day) for day in sorted(turn.weekdays)),
        "starts": turn.start,
        "ends": turn.end,
        "first": turn.first,
        "last": turn.last,
    }
    return _insert(connection, roster_turn, values)


def end_turn(connection: Connection, key: str, turn_id: int, last: Any) -> bool:
    """Let a weekly turn hold for the last time on a day; say whether it is one of this roster's."""
    ours = (roster_turn.c.roster == key, roster_turn.c.id == turn_id)
    found = connection.execute(roster_turn.update().where(*ours).values(last=last)).rowcount == 1
    settings.moved_on(connection, VERSION)
    return found


def drop_turn(connection: Connection, key: str, turn_id: int) -> None:
    """Remove a weekly turn that never began."""
    connection.execute(delete(roster_turn).where(roster_turn.c.roster == key, roster_turn.c.id == turn_id))
    settings.moved_on(connection, VERSION)


def add_change(connection: Connection, key: str, change: DutyChange, values: Mapping[str, Any]) -> int:
    """Insert a change with who wrote it and when (`by`, `at`); give its id."""
    row = {
        "roster": key,
        "starts_at": change.start,
        "ends_at": change.end,
        "person": change.person or None,
        "instead_of": change.instead_of or None,
        "reason": change.reason,
        "handed_over": change.handed_over,
    }
    return _insert(connection, roster_change, {**row, **values})


def drop_change(connection: Connection, key: str, change_id: int) -> bool:
    """Take a change back; say whether it was one of this roster's."""
    ours = (roster_change.c.roster == key, roster_change.c.id == change_id)
    found = connection.execute(delete(roster_change).where(*ours)).rowcount == 1
    settings.moved_on(connection, VERSION)
    return found


def _insert(connection: Connection, table: Any, values: Mapping[str, Any]) -> int:
    ident = connection.execute(insert(table).values(**values).returning(table.c.id)).scalar_one()
    settings.moved_on(connection, VERSION)
    return int(ident)
