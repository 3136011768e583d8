"""Who did something with an order, in words."""

from flask_babel import gettext as _

from engine import OrderView, PastEvent


def doer(order: OrderView, event: PastEvent) -> str:
    """Give who did it and, of an act in another's name, for whom."""
    who, away = name_of(order, event.actor), event.payload.get("on_behalf")
    return str(_("%(who)s(代%(away)s)", who=who, away=name_of(order, away))) if away else who


def name_of(order: OrderView, who: str) -> str:
    """Give a person's name, or that it was nobody."""
    return str(_("系统")) if who == "system" else order.names.get(who, who)
