"""Slips and ladders in the words of an order's timeline."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from web.words import moment


def slip_line(kind: str, said: Mapping[str, Any], who: str, name: str) -> tuple[str, str] | None:
    """Give line and detail of an event about a slip or a ladder; None for any other event."""
    number, text = said.get("slip_number") or said.get("number", ""), str(said.get("text", ""))
    step, steps = said.get("step", ""), said.get("steps", "")
    return {
        "UserTaskUrged": (_("%(who)s催办“%(name)s”", who=who, name=name), _asked(said, text)),
        "OrderSupervised": (_("%(who)s督办“%(name)s”", who=who, name=name), _asked(said, text)),
        "SlipAnswered": (_("%(who)s答复 %(number)s", who=who, number=number), text),
        "SlipUnanswered": (_("%(number)s 到期没有答复", number=number), ""),
        "LadderClimbed": (
            _("“%(name)s”升级到第 %(step)s 级,共 %(steps)s 级", name=name, step=step, steps=steps),
            number if said.get("to") else _("这一级没有人任职"),
        ),
        "LadderEnded": (_("“%(name)s”已到最高一级,不再升级", name=name), ""),
        "UserTaskTakenOver": (_("“%(name)s”由上一级接手", name=name), ""),
    }.get(kind)


def _asked(said: Mapping[str, Any], text: str) -> str:
    if not said.get("slip_number"):
        return text
    wanted = _(
        "%(number)s,%(at)s 前答复", number=said["slip_number"], at=moment(datetime.fromisoformat(said["answer_by"]))
    )
    return ";".join(part for part in (text, wanted) if part)
