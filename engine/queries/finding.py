"""Find work orders: by number, phone, name, place or words."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from engine.executor import Context
from engine.queries.lists import escaped
from engine.queries.order_lists import OrderRow, order_columns
from engine.steps.scope import scope
from engine.store.tables import work_order
from engine.store.visibility import Clause

RECENT = 5000
"""How many of the newest visible orders a search for words looks at."""
MOST = 50
LONGEST = 100
_PHONE = re.compile(r"\+?[\d() -]{5,30}")


@dataclass(frozen=True, slots=True)
class Search:
    """Orders the actor may see that match a number, a full phone number, or words in title, text, name or place."""

    q: str

    def read(self, ctx: Context) -> list[OrderRow]:
        """Give at most MOST, newest first."""
        q = unicodedata.normalize("NFKC", self.q).strip()[:LONGEST]
        if not q:
            return []
        allowed = scope(ctx)
        found = _exact(ctx, allowed, q) or _worded(ctx, allowed, q)
        return [OrderRow(*row) for row in found]


def plain_phone(text: str) -> str:
    """Give a phone number without blanks and hyphens; other texts as they are."""
    return re.sub(r"[() -]", "", text) if _PHONE.fullmatch(text) else text


def _exact(ctx: Context, allowed: Clause, q: str) -> list[Any]:
    same = or_(work_order.c.number == q.upper(), work_order.c.phone.in_(sorted({q, plain_phone(q)})))
    query = select(*order_columns()).where(allowed, same).order_by(work_order.c.received_at.desc()).limit(MOST)
    return list(ctx.connection.execute(query))


def _worded(ctx: Context, allowed: Clause, q: str) -> list[Any]:
    """Every word must stand somewhere; only the newest RECENT visible orders are looked at."""
    names = ("number", "title", "summary", "requester", "place")
    recent = (
        select(work_order.c.id, *(work_order.c[n] for n in names))
        .where(allowed)
        .order_by(work_order.c.received_at.desc())
        .limit(RECENT)
        .subquery()
    )
    words = [or_(*[recent.c[n].like(f"%{escaped(word)}%", escape="\\") for n in names]) for word in q.split()[:5]]
    query = select(*order_columns()).join(recent, recent.c.id == work_order.c.id).where(*words)
    return list(ctx.connection.execute(query.order_by(work_order.c.received_at.desc()).limit(MOST)))
