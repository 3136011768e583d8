"""All tables; import from here."""

from engine.store.tables.accounts import (
    access_log,
    account,
    admin_event,
    app_session,
    attachment,
    attachment_content,
    draft,
)
from engine.store.tables.audit import audit_leaf, audit_root
from engine.store.tables.calendars import calendar, calendar_day, calendar_hours, calendar_version
from engine.store.tables.cases import history, history_payload, inbox, incident, instance, link, user_task, work_order
from engine.store.tables.columns import metadata
from engine.store.tables.definitions import definition, deployment, resource
from engine.store.tables.delivery import (
    channel,
    channel_pace,
    delivery_attempt,
    hook_receipt,
    notification,
    reach,
    reach_wish,
)
from engine.store.tables.limits import extension, pause
from engine.store.tables.office import (
    membership,
    number_series,
    periodic_run,
    person,
    role,
    setting,
    unit,
)
from engine.store.tables.rosters import roster, roster_change, roster_turn
from engine.store.tables.slips import ladder_step, slip
from engine.store.tables.training import training_sheet
from engine.store.tables.verbs import copied, recusal, signing, substitute
from engine.store.tables.waiting import job, message_receipt, message_wait, outbox, timer

__all__ = [
    "access_log",
    "account",
    "admin_event",
    "app_session",
    "attachment",
    "attachment_content",
    "audit_leaf",
    "audit_root",
    "calendar",
    "calendar_day",
    "calendar_hours",
    "calendar_version",
    "channel",
    "channel_pace",
    "copied",
    "definition",
    "delivery_attempt",
    "deployment",
    "draft",
    "extension",
    "history",
    "history_payload",
    "hook_receipt",
    "inbox",
    "incident",
    "instance",
    "job",
    "ladder_step",
    "link",
    "membership",
    "message_receipt",
    "message_wait",
    "metadata",
    "notification",
    "number_series",
    "outbox",
    "pause",
    "periodic_run",
    "person",
    "reach",
    "reach_wish",
    "recusal",
    "resource",
    "role",
    "roster",
    "roster_change",
    "roster_turn",
    "setting",
    "signing",
    "slip",
    "substitute",
    "timer",
    "training_sheet",
    "unit",
    "user_task",
    "work_order",
]
