"""What people did with a task between them, in the words of an order's timeline: transferred, handed over, delegated, signed."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from web.co_signing import decided_line


def people_line(
    kind: str, said: Mapping[str, Any], who: str, name: str, name_of: Callable[[str], str]
) -> tuple[str, str] | None:
    """Give line and detail of an event about the people of a task; None for any other event."""
    to, was, why = _one(said.get("to", ""), name_of), name_of(str(said.get("was", ""))), str(said.get("reason", ""))
    given = _("%(who)s把“%(name)s”转给%(to)s", who=who, name=name, to=to)
    return {
        "UserTaskTransferred": (given, why),
        "UserTaskHandedOver": (given, why),
        "UserTaskDelegated": (
            _("%(who)s就“%(name)s”委派%(to)s提意见", who=who, name=name, to=to),
            _text(said, "question"),
        ),
        "DelegationAnswered": (_("%(who)s就“%(name)s”答复%(to)s", who=who, name=name, to=to), _text(said, "answer")),
        "PeopleRecused": (_("回避:%(who)s", who="、".join(map(name_of, said.get("people", ()))) or _("无")), ""),
        "UserTaskTakenAway": (_("“%(name)s”不再由%(was)s办", name=name, was=was), why),
        "DelegationRecalled": (_("%(who)s从%(was)s那里收回“%(name)s”的委派", who=who, was=was, name=name), why),
        "SignerReplaced": (
            _("%(who)s把“%(name)s”改请%(to)s签署", who=who, name=name, to=to),
            _("原来请%(was)s签署。%(why)s", was=was, why=why),
        ),
        "CandidateReplaced": (
            _("%(who)s把“%(name)s”候选人里的%(was)s换成%(to)s", who=who, name=name, was=was, to=to),
            why,
        ),
        "CoSigningDecided": decided_line(said, name),
        "AssignmentRuled": (_ruled(said, name, name_of), _moved_to(said, name_of)),
    }.get(kind) or _signing_line(kind, said, who, name, name_of)


def _ruled(said: Mapping[str, Any], name: str, name_of: Callable[[str], str]) -> str:
    """Which rule of assignment kept whom from a task."""
    who = "、".join(map(name_of, said.get("who", ())))
    words = {
        "nobody": _("“%(name)s”没有人可办", name=name),
        "same_as_starter": _("“%(name)s”:发起人%(who)s不办自己的事", name=name, who=who),
        "twice_in_a_row": _("“%(name)s”:%(who)s刚办完前一步,不连着办", name=name, who=who),
        "recused": _("“%(name)s”:%(who)s回避", name=name, who=who),
    }
    return str(words.get(str(said.get("rule", "")), ""))


def _moved_to(said: Mapping[str, Any], name_of: Callable[[str], str]) -> str:
    """Who has the task by a rule: people by name, or the office that looks after it."""
    words = [str(word) for word in said.get("now", ())]
    if said.get("rule") == "nobody":
        return str(_("改由管理员办") if words[-1:] == ["admin"] else _("改由督办岗位办"))
    people = [name_of(word.removeprefix("person:")) for word in words if word.startswith("person:")]
    return str(_("改由%(who)s办", who="、".join(people))) if people else ""


def _signing_line(
    kind: str, said: Mapping[str, Any], who: str, name: str, name_of: Callable[[str], str]
) -> tuple[str, str] | None:
    """Give line and detail of what became of signatures asked for."""
    to, why = said.get("to", ""), str(said.get("reason", ""))
    them = "、".join(name_of(person) for person in ([to] if isinstance(to, str) else to))
    if kind == "SignersAsked":
        modes = {"before": _("前加签"), "after": _("后加签"), "parallel": _("并加签")}
        mode = modes.get(_text(said, "mode"), "")
        return _("%(who)s请%(to)s签署“%(name)s”(%(mode)s)", who=who, to=them, name=name, mode=mode), _text(
            said, "question"
        )
    if kind == "UserTaskSigned":
        agrees = _("%(who)s签署“%(name)s”:同意", who=who, name=name)
        return agrees if said.get("agrees") else _("%(who)s签署“%(name)s”:不同意", who=who, name=name), _text(
            said, "answer"
        )
    return {
        "CoSignerAdded": (_("%(who)s加签:“%(name)s”再请%(to)s会签", who=who, name=name, to=_text(said, "who")), why),
        "CoSignerDropped": (_("%(who)s减签:“%(name)s”不用%(to)s签", who=who, name=name, to=_text(said, "who")), why),
        "SignerTakenOff": (
            _("%(who)s减签%(to)s(“%(name)s”)", who=who, to=them, name=name),
            why or _("这一步已到本人手上"),
        ),
        "AnswersHeld": (_("%(who)s提交“%(name)s”,等%(to)s签署", who=who, name=name, to=them), ""),
        "AnswersHandedBack": (_("“%(name)s”填写的内容退给%(to)s改", name=name, to=them), ""),
    }.get(kind)


def _one(person: Any, name_of: Callable[[str], str]) -> str:
    return name_of(person) if isinstance(person, str) else ""


def _text(said: Mapping[str, Any], key: str) -> str:
    return str(said.get(key, ""))
