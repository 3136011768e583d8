"""How a co-signing (会签, 或签, 依次, 票签) stands, in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask
from flask_babel import gettext as _

from engine import OrderView, PastEvent, TaskRow
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
    parse_weights,
    said_about,
)


def register(app: Flask) -> None:
    """Give templates the filters of this module."""
    app.jinja_env.filters.update(votes=votes, co_sign_rule=co_sign_rule, whose_turn=whose_turn)


def whose_turn(task: TaskRow, order: OrderView) -> str:
    """Give the units that may do one of several like tasks; nothing where people are asked by name."""
    return "、".join(_units(task.groups, order))


def asked_of(order: OrderView, opened: PastEvent | None) -> str:
    """Give whose one of several like tasks was when it opened: units, or people who were asked by name."""
    if opened is None or not opened.payload.get("item"):
        return ""
    groups = opened.payload.get("groups", ())
    people = [order.names.get(g.removeprefix("person:"), g) for g in groups if g.startswith("person:")]
    return "、".join([*_units(groups, order), *people])


def _units(groups: Sequence[str], order: OrderView) -> list[str]:
    units = (group.rpartition("@")[2].removeprefix("unit:") for group in groups)
    return list(dict.fromkeys(order.units[unit] for unit in units if unit in order.units))


def votes(task: TaskRow, order: OrderView) -> str:
    """Say how the votes stand that a task is one of, and what is enough; nothing for a task that one person does.

    Inside a called process the numbers are that process's own, and are not shown.
    """
    element = order.released.definition.elements[task.element_id]
    found = order.record.get(element.co_sign_names[1]) if element.co_sign_names else None
    if not isinstance(found, dict):
        return ""
    named = {**order.names, **order.units}
    return f"{counted(found)};{co_sign_rule(said_about(element.properties), named, in_turn=element.in_turn)}"


def counted(found: Mapping[str, Any]) -> str:
    """Say the numbers of a co-signing."""
    people = _(
        "已同意 %(agreed)s,不同意 %(refused)s,共 %(total)s 份",
        agreed=found.get("agreed", 0),
        refused=found.get("refused", 0),
        total=found.get("total", 0),
    )
    if "total_weight" not in found:
        return str(people)
    weight = _("同意 %(agreed)s 票,共 %(total)s 票", agreed=found.get("agreed_weight", 0), total=found["total_weight"])
    return f"{people}({weight})"


def decided_line(said: Mapping[str, Any], name: str) -> tuple[str, str]:
    """Give line and detail of the event that a co-signing is over."""
    passed = _("“%(name)s”通过", name=name), _("“%(name)s”不通过", name=name)
    return str(passed[0 if said.get("outcome") == PASSED else 1]), counted(said.get("votes", {}))


def co_sign_rule(said: Mapping[str, str], named: Mapping[str, str], *, in_turn: bool) -> str:
    """Say what is enough in a co-signing, by the words of its properties; `named` has the names of people and units."""
    kind, share = said[KIND], said.get("pass_share", MORE_THAN_HALF)
    if share == MORE_THAN_HALF:
        share = _("过半")
    if kind == ANY:
        return str(_("先签的一位说了算"))
    if kind == ALL:
        words = _("依次签,全部同意才通过") if in_turn else _("全部同意才通过")
    elif kind == WEIGHTS:
        words = _("按票数%(who)s,%(share)s即通过", who=_weights(said.get("weights", ""), named), share=share)
    else:
        count = parse_share(said.get("pass_share", MORE_THAN_HALF)).count
        words = _("%(n)s 份同意即通过", n=count) if count else _("%(share)s同意即通过", share=share)
    veto = said.get("veto", "")
    parts = [str(words)]
    if kind != ALL and veto:
        parts.append(_vetoes([word.strip() for word in veto.split(",") if word.strip()], named))
    if said.get("stop") == LAST:
        parts.append(str(_("等所有人签完")))
    return ",".join(parts)


def _weights(words: str, named: Mapping[str, str]) -> str:
    """Who has more votes than others, or fewer; a table in the record is not read here."""
    weights = {} if words.strip()[:2] in ("", "${") else parse_weights(words)
    told = [_("%(who)s %(n)s 票", who=named.get(who, who), n=f"{float(votes):g}") for who, votes in weights.items()]
    return f"({'、'.join(map(str, told))})" if told else ""


def _vetoes(words: Sequence[str], named: Mapping[str, str]) -> str:
    if EVERYBODY in words:
        return str(_("任何一份不同意即不通过"))
    return str(_("%(who)s有一票否决权", who="、".join(named.get(word, word) for word in words)))
