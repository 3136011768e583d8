"""Channels as an administrator has set them up, for tests that bring their own adapters."""

from typing import Any

from sqlalchemy import insert

from engine.store.database import transaction
from engine.store.tables import channel
from tests.support.offices import MONDAY, Office


def set_up(office: Office, key: str, kind: str, **said: Any) -> None:
    """Switch a channel on; messages on it go to the office's recorder unless the worker is given something else."""
    values = {
        "key": key,
        "kind": kind,
        "name": key,
        "settings": {},
        "secrets": {},
        "allows_inside": False,
        "is_on": True,
        "version": 1,
        "changed_at": MONDAY,
        "changed_by": "root",
        **said,
    }
    with transaction(office.engine.database) as connection:
        connection.execute(insert(channel), values)
    office.worker.channels = {**office.worker.channels, key: office.channel}


def switch(office: Office, key: str, *, is_on: bool) -> None:
    """Switch a channel on or off."""
    with transaction(office.engine.database) as connection:
        connection.execute(channel.update().where(channel.c.key == key).values(is_on=is_on))
