"""What people did with a task between them, in the words of an order's timeline: transferred, handed over, delegated."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _


def people_line(
    kind: str, said: Mapping[str, Any], who: str, name: str, name_of: Callable[[str], str]
) -> tuple[str, str] | None:
    """Give line and detail of an event about the people of a task; None for any other event."""
    to, was, why = name_of(str(said.get("to", ""))), name_of(str(said.get("was", ""))), str(said.get("reason", ""))
    given = _("%(who)s把“%(name)s”转给%(to)s", who=who, name=name, to=to)
    return {
        "UserTaskTransferred": (given, why),
        "UserTaskHandedOver": (given, why),
        "UserTaskDelegated": (
            _("%(who)s就“%(name)s”委派%(to)s提意见", who=who, name=name, to=to),
            _text(said, "question"),
        ),
        "DelegationAnswered": (_("%(who)s就“%(name)s”答复%(to)s", who=who, name=name, to=to), _text(said, "answer")),
        "DelegationRecalled": (_("%(who)s从%(was)s那里收回“%(name)s”的委派", who=who, was=was, name=name), why),
    }.get(kind)


def _text(said: Mapping[str, Any], key: str) -> str:
    return str(said.get(key, ""))
