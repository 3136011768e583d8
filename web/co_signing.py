"""How a co-signing (会签, 或签, 依次, 票签) stands, in words."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import gettext as _

from engine import OrderView, TaskRow
from engine.domain.co_signing import (
    ALL,
    ANY,
    EVERYBODY,
    KIND,
    LAST,
    MORE_THAN_HALF,
    PASSED,
    WEIGHTS,
    parse_share,
    said_about,
)


def register(app: Flask) -> None:
    """Give templates the filters of this module."""
    app.jinja_env.filters.update(votes=votes)


def votes(task: TaskRow, order: OrderView) -> str:
    """Say how the votes stand that a task is one of, and what is enough; nothing for a task that one person does.

    Inside a called process the numbers are that process's own, and are not shown.
    """
    element = order.released.definition.elements[task.element_id]
    found = order.record.get(element.co_sign_names[1]) if element.co_sign_names else None
    if not isinstance(found, dict):
        return ""
    said = said_about(element.properties)
    return f"{counted(found)};{_rule(said, in_turn=element.in_turn)}"


def counted(found: Mapping[str, Any]) -> str:
    """Say the numbers of a co-signing."""
    people = _(
        "已同意 %(agreed)s,不同意 %(refused)s,共 %(total)s 人",
        agreed=found.get("agreed", 0),
        refused=found.get("refused", 0),
        total=found.get("total", 0),
    )
    if "total_weight" not in found:
        return str(people)
    weight = _("%(agreed)s 票对 %(total)s 票", agreed=found.get("agreed_weight", 0), total=found["total_weight"])
    return f"{people}({weight})"


def decided_line(said: Mapping[str, Any], name: str) -> tuple[str, str]:
    """Give line and detail of the event that a co-signing is over."""
    passed = _("“%(name)s”通过", name=name), _("“%(name)s”不通过", name=name)
    return str(passed[0 if said.get("outcome") == PASSED else 1]), counted(said.get("votes", {}))


def _rule(said: Mapping[str, str], *, in_turn: bool) -> str:
    kind, share = said[KIND], said.get("pass_share", MORE_THAN_HALF)
    if share == MORE_THAN_HALF:
        share = _("过半")
    if kind == ANY:
        return str(_("先签的一位说了算"))
    if kind == ALL:
        words = _("依次签,全部同意才通过") if in_turn else _("全部同意才通过")
    elif kind == WEIGHTS:
        words = _("按票数,%(share)s即通过", share=share)
    else:
        count = parse_share(said.get("pass_share", MORE_THAN_HALF)).count
        words = _("%(n)s 人同意即通过", n=count) if count else _("%(share)s同意即通过", share=share)
    veto = said.get("veto", "")
    parts = [str(words)]
    if kind != ALL and veto:
        parts.append(str(_("任何一人不同意即不通过") if EVERYBODY in veto.split(",") else _("有人有一票否决权")))
    if said.get("stop") == LAST:
        parts.append(str(_("等所有人签完")))
    return ",".join(parts)
