"""Incidents: what an admin has to look at."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from engine.domain.texts import savable
from engine.store.tables import incident, job, timer


def add(
    connection: Connection,
    kind: str,
    reason: str,
    at: datetime,
    *,
    instance_id: int | None = None,
    element_id: str = "",
    job_id: int | None = None,
    timer_id: int | None = None,
    payload: Mapping[str, Any] | None = None,
) -> int:
    """Insert an open incident; give its id."""
    values = {
        "instance_id": instance_id,
        "job_id": job_id,
        "timer_id": timer_id,
        "kind": kind,
        "element_id": element_id,
        "reason": savable(reason)[:2000],
        "payload": dict(payload or {}),
        "at": at,
        "state": "open",
    }
    return int(connection.execute(insert(incident).returning(incident.c.id), values).scalar_one())


def get_open(connection: Connection, incident_id: int) -> Row[Any] | None:
    """Give an incident that nobody has resolved yet."""
    query = select(incident).where(incident.c.id == incident_id, incident.c.state == "open")
    return connection.execute(query).one_or_none()


def open_ones(connection: Connection, limit: int = 100) -> list[Row[Any]]:
    """Give open incidents, oldest first."""
    return list(
        connection.execute(select(incident).where(incident.c.state == "open").order_by(incident.c.at).limit(limit))
    )


def of_messages(connection: Connection, ids: Collection[int]) -> list[Row[Any]]:
    """Give the open incidents about messages that could not be delivered."""
    query = (
        select(incident).where(incident.c.state == "open", incident.c.kind == "DeliveryFailed").order_by(incident.c.id)
    )
    return [row for row in connection.execute(query) if row.payload.get("outbox") in ids]


def resolve(connection: Connection, incident_id: int, by: str, at: datetime) -> None:
    """Close an incident."""
    done = {"state": "resolved", "resolved_by": by, "resolved_at": at}
    connection.execute(update(incident).where(incident.c.id == incident_id, incident.c.state == "open").values(**done))


def resolve_all_of(connection: Connection, instance_id: int, by: str, at: datetime) -> None:
    """Close every open incident of a case."""
    ours = (incident.c.instance_id == instance_id, incident.c.state == "open")
    connection.execute(update(incident).where(*ours).values(state="resolved", resolved_by=by, resolved_at=at))


def resolve_those_at(
    connection: Connection, instance_id: int, tokens: Collection[str], by: str, at: datetime
) -> list[int]:
    """Close the open incidents of the jobs and timers that wait at some places of a case; give their ids."""
    failed = select(job.c.id).where(job.c.instance_id == instance_id, job.c.token_id.in_(tokens))
    set_aside = select(timer.c.id).where(timer.c.instance_id == instance_id, timer.c.token_id.in_(tokens))
    ours = or_(incident.c.job_id.in_(failed), incident.c.timer_id.in_(set_aside))
    done = {"state": "resolved", "resolved_by": by, "resolved_at": at}
    closing = update(incident).where(incident.c.instance_id == instance_id, incident.c.state == "open", ours)
    return sorted(int(i) for i in connection.execute(closing.values(**done).returning(incident.c.id)).scalars())


def change_reason(connection: Connection, incident_id: int, reason: str) -> None:
    """Say why mending an open incident did not work."""
    still = (incident.c.id == incident_id, incident.c.state == "open")
    connection.execute(update(incident).where(*still).values(reason=reason[:2000]))
