"""A person's inbox of notices, and what became of each notice of a case."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from engine.executor import Context
from engine.store.tables import notification, work_order

PAGE = 25
MOST_COUNTED = 100
"""A count of unread notices goes no further: nobody reads the exact number beyond it."""


@dataclass(frozen=True, slots=True)
class NotificationView:
    """A notice in somebody's inbox; `number` and `title` are those of its order, None for a notice of the office itself."""

    id: int
    at: datetime
    notice: str
    kind: str
    subject: str
    body: str
    urgent: bool
    read_at: datetime | None
    instance_id: int | None
    number: str | None
    title: str | None


@dataclass(frozen=True, slots=True)
class Notifications:
    """The actor's notices, newest first; `before` is the last id of the page before."""

    unread_only: bool = False
    before: int | None = None
    limit: int = PAGE

    def read(self, ctx: Context) -> list[NotificationView]:
        """Give one page along an index."""
        mine = notification.c.person == ctx.actor.id
        names = "id created_at notice kind subject body urgent read_at instance_id".split()
        query = (
            select(*[notification.c[name] for name in names], work_order.c.number, work_order.c.title)
            .outerjoin_from(notification, work_order, work_order.c.instance_id == notification.c.instance_id)
            .where(mine)
            .order_by(notification.c.id.desc())
            .limit(self.limit)
        )
        if self.unread_only:
            query = query.where(notification.c.read_at.is_(None))
        if self.before is not None:
            query = query.where(notification.c.id < self.before)
        return [NotificationView(*row) for row in ctx.connection.execute(query)]


def unread_of(person: str) -> ColumnElement[int]:
    """Give the count of a person's unread notices, at most MOST_COUNTED, as part of a statement."""
    unread = (notification.c.person == person, notification.c.read_at.is_(None))
    some = select(notification.c.id).where(*unread).limit(MOST_COUNTED).subquery()
    return select(func.count()).select_from(some).scalar_subquery()
