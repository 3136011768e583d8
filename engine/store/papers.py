"""Drafts and attachments."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from engine.store.tables import attachment, attachment_content, draft
from engine.store.upsert import insert_new, upsert


def save_draft(connection: Connection, person: str, about: str, answers: Mapping[str, Any], at: datetime) -> None:
    """Keep what somebody has typed so far."""
    upsert(connection, draft, [{"person": person, "about": about, "answers": dict(answers), "saved_at": at}])


def get_draft(connection: Connection, person: str, about: str) -> tuple[dict[str, Any], datetime] | None:
    """Give what was typed and when, or None."""
    query = select(draft.c.answers, draft.c.saved_at).where(draft.c.person == person, draft.c.about == about)
    row = connection.execute(query).one_or_none()
    return None if row is None else (row.answers, row.saved_at)


def drop_draft(connection: Connection, person: str, about: str) -> None:
    """Forget a draft."""
    connection.execute(delete(draft).where(draft.c.person == person, draft.c.about == about))


def hand_in(connection: Connection, person: str, about: str, at: datetime) -> str | None:
    """Note that a draft is being handed in and forget what it said; give the order's number where that was done before.

    Whoever comes second waits for the first one's transaction.
    """
    mark = {"person": person, "about": _handed(about), "answers": {}, "saved_at": at}
    new = insert_new(connection, draft, mark)
    drop_draft(connection, person, about)
    if new:
        return None
    found = get_draft(connection, person, _handed(about))
    return str(found[0].get("number", "")) or None if found else None


def handed_in(connection: Connection, person: str, about: str, number: str) -> None:
    """Note which order came of a draft."""
    ours = (draft.c.person == person, draft.c.about == _handed(about))
    connection.execute(update(draft).where(*ours).values(answers={"number": number}))


def first_time(connection: Connection, person: str, once: str, at: datetime) -> bool:
    """Note that somebody sends a form; say whether it is for the first time. Whoever comes second waits for the first one."""
    return insert_new(
        connection, draft, {"person": person, "about": f"once:{once}"[:100], "answers": {}, "saved_at": at}
    )


def _handed(about: str) -> str:
    return f"handed:{about}"[:100]


def drafts_like(connection: Connection, person: str, prefix: str) -> list[Row[Any]]:
    """Give (about, answers, saved_at) of a person's drafts whose subject begins alike, newest first."""
    query = select(draft.c.about, draft.c.answers, draft.c.saved_at).where(
        draft.c.person == person, draft.c.about.startswith(prefix)
    )
    return list(connection.execute(query.order_by(draft.c.saved_at.desc()).limit(50)))


def names(connection: Connection, ids: Iterable[str], allowed: ColumnElement[bool]) -> dict[str, tuple[str, int]]:
    """Give name and size of some attachments, as far as a condition allows."""
    query = select(attachment.c.id, attachment.c.name, attachment.c.size).where(attachment.c.id.in_(list(ids)), allowed)
    return {row.id: (row.name, row.size) for row in connection.execute(query)}


def add_attachment(connection: Connection, values: Mapping[str, Any], content: bytes) -> None:
    """Store an uploaded file that belongs to no order yet."""
    connection.execute(insert(attachment), dict(values))
    connection.execute(insert(attachment_content), {"attachment_id": values["id"], "content": content})


def loose(connection: Connection, person: str, ids: Iterable[str]) -> set[str]:
    """Give those of some attachments that the person uploaded and that belong to no order yet."""
    query = select(attachment.c.id).where(
        attachment.c.id.in_(list(ids)), attachment.c.uploaded_by == person, attachment.c.order_id.is_(None)
    )
    return set(connection.execute(query).scalars())


def attach(connection: Connection, ids: Iterable[str], order_id: int) -> None:
    """Let attachments belong to an order."""
    connection.execute(update(attachment).where(attachment.c.id.in_(list(ids))).values(order_id=order_id))


def owned(connection: Connection, ids: Iterable[str], order_id: int) -> set[str]:
    """Give those of some attachments that belong to an order already."""
    query = select(attachment.c.id).where(attachment.c.id.in_(list(ids)), attachment.c.order_id == order_id)
    return set(connection.execute(query).scalars())
