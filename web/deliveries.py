"""What became of a notice, in people's words: “企业微信拒收:45009 → 短信已送达 10:42”."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from engine import AttemptView, DeliveryView, WayView
from engine.domain.clock import local
from engine.domain.personal import masked
from web.words import moment, now

CONSOLE = "console"
LONGEST = 80
"""Characters of a provider's words that a line shows."""


USUAL = "usual"
"""What a choice of ways says for: as the office has chosen."""
MOST_WAYS = 3
"""How many ways, one after another, a page asks for."""


@dataclass(frozen=True, slots=True)
class Course:
    """Who was told, and what became of it."""

    name: str
    words: str
    is_outside: bool


def channel_name(kind: str, name: str) -> str:
    """Give what people call a way; of a channel that was never set up, its kind."""
    if name != kind:
        return name
    known = {
        "email": _("邮件"),
        "wecom": _("企业微信"),
        "dingtalk": _("钉钉"),
        "sms": _("短信"),
        "webhook": _("系统接口"),
        "apprise": _("其他通道"),
    }
    return str(known.get(kind, name))


def kind_names() -> dict[str, str]:
    """Give what people call each kind of notice, in the order in which wishes are asked for."""
    return {
        "assigned": _("新待办"),
        "reminder": _("催办与预警"),
        "escalation": _("逾期与升级"),
        "result": _("办理进展"),
        "office": _("值班与日历"),
    }


def ways_said(said: Mapping[str, str], kind: str) -> tuple[str, ...] | None:
    """Give the ways chosen for a kind of notice in a form, in order; none for the inbox alone, None for the office's choice."""
    chosen = [said.get(f"{kind}-{place}", "") for place in range(1, MOST_WAYS + 1)]
    return None if chosen[0] == USUAL else tuple(dict.fromkeys(way for way in chosen if way and way != USUAL))


def told(delivery: DeliveryView) -> str:
    """Give the whole course of one notice to one recipient, each way after the one before, and whether it was read."""
    ways = [words for way in delivery.ways if way.channel_kind != CONSOLE and (words := _way(way))]
    if delivery.read_at:
        ways.append(_("已读 %(at)s", at=clock(delivery.read_at)))
    elif not ways and delivery.person:
        ways.append(_("站内"))
    return " → ".join(ways)


def _way(way: WayView) -> str:
    name = channel_name(way.channel_kind, way.channel_name)
    said = [*_answers(name, way), *_state(name, way)]
    if way.is_merged and said:
        said[0] = _("%(said)s(并入汇总)", said=said[0])
    return ",".join(said)


def _answers(name: str, way: WayView) -> Iterator[str]:
    """Every answer but those that were followed by a later try: of ten alike the last is worth reading."""
    for number, attempt in enumerate(way.attempts):
        if number == len(way.attempts) - 1 or attempt.outcome not in ("retry", "unknown"):
            yield _answer(name, way, attempt)
    if way.unknowns:
        yield _("有 %(n)s 次没有回音,可能收到不止一次", n=way.unknowns)


def _answer(name: str, way: WayView, attempt: AttemptView) -> str:
    at, why = clock(attempt.at), reason(attempt.code, attempt.words)
    said = {
        "delivered": _("%(name)s已送达 %(at)s", name=name, at=at)
        if way.confirmed_at or way.channel_kind != "sms"
        else _("%(name)s已交给网关 %(at)s", name=name, at=at),
        "confirmed": _("对方确认收到 %(at)s", at=at),
        "undelivered": _("%(name)s没有送到:%(why)s", name=name, why=why),
        "rejected": _("%(name)s拒收:%(why)s", name=name, why=why),
        "retry": _("%(name)s没有送出:%(why)s", name=name, why=why),
        "unknown": _("%(name)s没有回音:%(why)s", name=name, why=why),
    }
    return str(said.get(attempt.outcome, why))


def _state(name: str, way: WayView) -> Iterator[str]:
    """What is still to come, or why nothing more comes."""
    if way.state == "failed":
        yield _("没有送达,等管理员处理")
    elif way.state == "unneeded":
        yield _("%(name)s不用再发:%(why)s", name=name, why=way.error or "")
    elif way.state == "ready" and way.is_follow_up and not way.attempts:
        yield _("到 %(at)s 没看再走%(name)s", name=name, at=clock(way.run_at))
    elif way.state == "ready" and (way.attempts or way.run_at > now()):
        yield (
            _("%(at)s 再试", at=clock(way.run_at))
            if way.attempts
            else _("%(name)s %(at)s 再发", name=name, at=clock(way.run_at))
        )
    elif way.state in ("ready", "leased"):
        yield _("%(name)s待发", name=name)


def reason(code: str, words: str) -> str:
    """Give a provider's own code and words on one line."""
    shown = " ".join(words.split())
    shown = shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"
    return f"{code} {shown}".strip()


def clock(at: datetime) -> str:
    """Give 10:42 for today, else the day with it."""
    shown = local(at)
    return shown.strftime("%H:%M") if shown.date() == local(now()).date() else moment(at)


def courses(deliveries: Sequence[DeliveryView]) -> dict[tuple[datetime, str], list[Course]]:
    """Give by the moment and the notice who was told and what became of it."""
    found: dict[tuple[datetime, str], list[Course]] = {}
    for each in deliveries:
        name = each.name or _("诉求人 %(phone)s", phone=masked(each.ways[0].recipient) if each.ways else "")
        found.setdefault((each.at, each.notice), []).append(Course(name, told(each), not each.person))
    return found


def together(told: Sequence[Course]) -> tuple[str, ...]:
    """Give a line for each course, with the names of all who share it; one that all share needs no name."""
    by_words: dict[str, list[str]] = {}
    for course in told:
        by_words.setdefault(course.words, []).append(course.name)
    if len(by_words) == 1:
        return tuple(words for words in by_words if words)
    return tuple(f"{'、'.join(names)}:{words}" for words, names in by_words.items() if words)
