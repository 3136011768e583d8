"""Orders that may be about the same matter (hotline norms, clause 17: 多人反映同件事,一人反映多次)."""

from dataclasses import dataclass, field

from engine import Facts, KnownOrder, decision

WINDOW_DAYS = 90
SIMILAR = 0.3
"""Share of common character pairs from which two texts about one place count as the same matter. A suggestion, not from the text."""


@dataclass(frozen=True, slots=True)
class Call:
    """What was just taken down."""

    phone: str | None = None
    place: str | None = None
    content: str | None = None


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Numbers of orders to be bound, and a note for the order."""

    duplicates: list[str] = field(default_factory=list)
    duplicate_note: str = ""


@decision("find_duplicates")
def find_duplicates(call: Call, facts: Facts) -> Duplicates:
    """Earlier orders from the same phone, or from the same place with a similar text."""
    known = facts.orders_like(phone=call.phone or None, place=call.place or None, days=WINDOW_DAYS)
    again = [o.number for o in known if call.phone and o.phone == call.phone]
    others = [o.number for o in known if o.number not in again and _same_matter(call, o)]
    notes = [f"同一号码来电:{'、'.join(again)}"] if again else []
    notes += [f"同一地点类似诉求:{'、'.join(others)}"] if others else []
    return Duplicates(again + others, ";".join(notes))


def _same_matter(call: Call, order: KnownOrder) -> bool:
    return bool(call.place) and order.place == call.place and similarity(call.content or "", order.summary) >= SIMILAR


def similarity(one: str, other: str) -> float:
    """Give the share of common character pairs of two texts, 0 to 1; Chinese words are two characters long."""
    a, b = _pairs(one), _pairs(other)
    return len(a & b) / len(a | b) if a and b else 0.0


def _pairs(text: str) -> set[str]:
    plain = [c for c in text if c.isalnum()]
    return {x + y for x, y in zip(plain, plain[1:], strict=False)}
