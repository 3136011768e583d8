"""All tables; import from here."""

from engine.store.tables.cases import history, history_payload, inbox, incident, instance, link, user_task, work_order
from engine.store.tables.columns import metadata
from engine.store.tables.definitions import definition, deployment, resource
from engine.store.tables.office import (
    calendar,
    calendar_day,
    membership,
    number_series,
    periodic_run,
    person,
    setting,
    unit,
)
from engine.store.tables.waiting import job, message_wait, outbox, timer

__all__ = [
    "calendar",
    "calendar_day",
    "definition",
    "deployment",
    "history",
    "history_payload",
    "inbox",
    "incident",
    "instance",
    "job",
    "link",
    "membership",
    "message_wait",
    "metadata",
    "number_series",
    "outbox",
    "periodic_run",
    "person",
    "resource",
    "setting",
    "timer",
    "unit",
    "user_task",
    "work_order",
]
