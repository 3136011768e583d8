"""The mark on a message that its link has been used."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from engine.store.tables import outbox, work_order


@dataclass(frozen=True, slots=True)
class LinkedMessage:
    """What a link's message is about."""

    recipient: str
    mark: str | None
    instance_id: int | None
    number: str | None
    used_at: datetime | None


def find(connection: Connection, message_id: int) -> LinkedMessage | None:
    """Give a message and the order it is about; a digest is about none."""
    merged = select(outbox.c.id).where(outbox.c.merged_into == message_id).exists()
    query = (
        select(
            outbox.c.recipient,
            outbox.c.mark,
            outbox.c.instance_id,
            work_order.c.number,
            outbox.c.link_used_at,
            merged.label("is_digest"),
        )
        .outerjoin(work_order, work_order.c.instance_id == outbox.c.instance_id)
        .where(outbox.c.id == message_id)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    instance_id, number = (None, None) if row.is_digest else (row.instance_id, row.number)
    return LinkedMessage(row.recipient, row.mark, instance_id, number, row.link_used_at)


def use(connection: Connection, message_id: int, now: datetime) -> bool:
    """Mark a message's link as used; False when somebody was first."""
    unused = (outbox.c.id == message_id, outbox.c.link_used_at.is_(None))
    return connection.execute(update(outbox).where(*unused).values(link_used_at=now)).rowcount == 1
