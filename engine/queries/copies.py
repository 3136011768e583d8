"""Copies as people see them: 抄送我, and who has read an order's copies; people meant by a name."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from engine.domain.errors import Invalid
from engine.executor import Context
from engine.queries.lists import PAGE, Filters, newest_first
from engine.queries.order_lists import OrderRow, order_columns
from engine.store import copies, people
from engine.store.recusals import spares
from engine.store.tables import copied, work_order


@dataclass(frozen=True, slots=True)
class CopyView:
    """One copy of an order."""

    person: str
    by: str
    at: datetime
    note: str
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class CopiedOrder:
    """One line of 抄送我: the order, who copied it when, and whether I have read it."""

    order: OrderRow
    by: str
    at: datetime
    note: str
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class CopiesPage:
    """A page of them; `next` opens the following one and is empty on the last."""

    rows: list[CopiedOrder]
    next: str = ""


@dataclass(frozen=True, slots=True)
class Copies:
    """The orders of which the actor got a copy, newest first."""

    after: str = ""
    filters: Filters = field(default_factory=Filters)
    unread_only: bool = False
    limit: int = PAGE

    def read(self, ctx: Context) -> CopiesPage:
        """Give a page. Raises Invalid for a cursor that is none."""
        said, columns = self.filters, order_columns()
        narrowed = Filters(q=said.q, process=said.process, status=said.status).conditions(ctx.now)
        query = (
            select(*columns, copied.c.by, copied.c.at, copied.c.note, copied.c.read_at)
            .join(copied, copied.c.instance_id == work_order.c.instance_id)
            .where(copied.c.person == ctx.actor.id, spares(ctx.actor.id), *narrowed)
        )
        if self.unread_only:
            query = query.where(copied.c.read_at.is_(None))
        found, onward = newest_first(ctx, query, (copied.c.at, copied.c.id), self.after, self.limit)
        width = len(columns)
        return CopiesPage([CopiedOrder(OrderRow(*row[:width]), *row[width:]) for row in found], onward)


def copies_of(ctx: Context, instance_id: int) -> list[CopyView]:
    """Give the copies of a case, oldest first."""
    rows = copies.of_case(ctx.connection, instance_id)
    return [CopyView(row.person, row.by, row.at, row.note, row.read_at) for row in rows]


@dataclass(frozen=True, slots=True)
class PeopleCalled:
    """The active people meant by names or accounts, as somebody types them: `张三、李四`."""

    text: str

    def read(self, ctx: Context) -> list[str]:
        """Give their ids in order, each once. Raises Invalid, naming a word that means nobody or several people."""
        words = [
            word for word in self.text.replace(",", "、").replace(",", "、").replace(" ", "、").split("、") if word
        ]
        found = people.called(ctx.connection, words) if words else []
        meant: list[str] = []
        for word in words:
            ids = [row.id for row in found if word == row.id] or [row.id for row in found if word == row.name]
            if not ids:
                raise Invalid(f"没有叫“{word}”的人,或者账号已停用")
            if len(ids) > 1:
                raise Invalid(f"叫“{word}”的有 {len(ids)} 位,请改写账号:{'、'.join(ids)}")
            meant += ids
        return list(dict.fromkeys(meant))
