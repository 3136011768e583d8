"""A case's history in people's words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Flask
from flask_babel import gettext as _

from engine import DeliveriesOf, OrderView, PastEvent, TaskRow, order_acts
from web.co_signing import asked_of
from web.deliveries import Course, courses, together
from web.doers import doer, name_of
from web.front import current_person, engine
from web.jump_lines import jump_line
from web.people_lines import people_line
from web.slip_lines import slip_line
from web.strategy_lines import given_to
from web.words import gone, moment, on_day, span

Said = tuple[str, str]
Opened = Mapping[Any, PastEvent]
"""How each task was opened."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline."""

    at: datetime
    words: str
    detail: str = ""
    below: tuple[str, ...] = ()
    """Further lines: of a notice, what became of it."""


def register(app: Flask) -> None:
    """Give templates the filters of this module."""
    app.jinja_env.filters.update(timeline=timeline, worn=worn, may_rest=may_rest)


def timeline(order: OrderView) -> list[Line]:
    """Give the lines, newest first."""
    opened = {e.payload.get("task"): e for e in order.events if e.kind == "UserTaskOpened"}
    sent = courses(engine().ask(DeliveriesOf(order.instance_id), current_person().id))
    lines: list[Line] = []
    for event in reversed(order.events):
        if event.kind == "NoticePut":
            lines += _notice(order, event, sent.pop((event.at, event.payload.get("notice", "")), []))
        else:
            lines += _line(order, event, opened)
    return lines


def _notice(order: OrderView, event: PastEvent, told: Sequence[Course]) -> Iterator[Line]:
    """Who was told; below it how it reached whom, those together whom it reached in the same way."""
    people = [name_of(order, p) for p in event.payload.get("to", ()) if not p.startswith("phone:")]
    people += [course.name for course in told if course.is_outside]
    if people:
        words = _("通知 %(people)s", people="、".join(people))
        yield Line(event.at, words, event.payload.get("subject", ""), together(told))


def may_rest(order: OrderView) -> frozenset[str]:
    """Give which of pause and resume are open to whoever looks at an order."""
    return order_acts(order, order.viewer) & {"pause", "resume"}


def worn(task: TaskRow) -> int:
    """Give how much of a task's limit has passed, 0 to 100."""
    return gone(task.opened_at, task.due_at, task.due_text, task.calendar) if task.due_at else 0


def _line(order: OrderView, event: PastEvent, opened: Opened) -> Iterator[Line]:
    said, who = event.payload, doer(order, event)
    elements = order.released.definition.elements
    element = elements.get(event.element_id)
    name = said.get("name") or (element.name if element else event.element_id)
    if element and element.attached_to in elements and event.kind == "TimerFired":
        name = _("%(step)s:%(name)s", step=elements[element.attached_to].name, name=name)
    found = _of_order(order, event, who, name) or _of_task(order, event, who, name, opened)
    found = found or slip_line(event.kind, said, who, name) or jump_line(event.kind, said, who, name)
    found = found or people_line(event.kind, said, who, name, lambda person: name_of(order, person))
    if found:
        yield Line(event.at, *found)


def _of_order(order: OrderView, event: PastEvent, who: str, name: str) -> Said | None:
    said = event.payload
    return {
        "InstanceStarted": (_("%(who)s登记", who=who), ""),
        "TimerFired": (_("到时:%(name)s", name=name), _missed(said.get("missed", 0))),
        "MessageReceived": (_("%(who)s:%(name)s", who=who, name=name), _told(order, event)),
        "OrdersLinked": (_("绑定 %(n)s", n="、".join(said.get("orders", ()))), ""),
        "OrderCancelled": (_("%(who)s撤销工单", who=who), said.get("reason", "")),
        "CaseTerminated": (_("%(who)s终止工单", who=who), said.get("reason", "")),
        "OrderVoided": (_("%(who)s作废工单", who=who), said.get("reason", "")),
        "InstanceSuspended": (_("%(who)s挂起工单", who=who), said.get("reason", "")),
        "InstanceResumed": (_("%(who)s恢复办理", who=who), _moved(order, said)),
        "InstanceCompleted": (_("办结"), ""),
        "OrderCopied": (
            _(
                "%(who)s抄送给%(to)s",
                who=name_of(order, said.get("by", event.actor)),
                to=_names(order, said.get("to", "")),
            ),
            said.get("note", ""),
        ),
        "CopyRead": (_("%(who)s已阅", who=who), ""),
        "OrderCommented": (_("%(who)s评论", who=who), said.get("text", "")),
        "CalendarChanged": (_("工作日历改了,到期时间跟着变:%(t)s", t=said.get("title", "")), _moves(event)),
        "CasePaused": (_("%(who)s暂停工单", who=who), _paused(said)),
        "CaseResumed": (_("%(who)s恢复工单", who=who), _moved(order, said)),
        "PauseReviewDue": (_("到了复核暂停的日期"), ""),
        "NoticeUnaddressed": (
            _("通知“%(notice)s”没有人收", notice=said.get("notice", "")),
            "、".join(said.get("meant", ())),
        ),
        "TrainingSheetWritten": (_("记入培训表 %(day)s", day=_day(said)), _kind(order, event)),
    }.get(event.kind)


def _moves(event: PastEvent) -> str:
    """Each limit that moved: its step, the moment before and after."""
    return ";".join(
        f"{m['name']} {moment(datetime.fromisoformat(m['was']))} → {moment(datetime.fromisoformat(m['due_at']))}"
        for m in event.payload.get("moves", ())
        if m["was"] != m["due_at"]
    )


def _paused(said: Mapping[str, Any]) -> str:
    review = said.get("review_at")
    told = _("%(at)s 复核", at=moment(datetime.fromisoformat(review))) if review else ""
    return ";".join(part for part in (str(said.get("reason", "")), told) if part)


def _moved(order: OrderView, said: Mapping[str, Any]) -> str:
    """Every limit that the pause has moved, from where to where."""
    lines = [str(said.get("note", ""))]
    for each in said.get("moved", ()):
        name, was, now = moved_limit(order, each)
        lines.append(_("“%(name)s”由 %(was)s 移到 %(now)s", name=name, was=moment(was), now=moment(now)))
    if not said.get("moved"):
        lines.append(_("没有占用时限,到期不变"))
    return ";".join(line for line in lines if line)


def moved_limit(order: OrderView, said: Mapping[str, Any]) -> tuple[str, datetime, datetime]:
    """Give what a limit that a pause moves is called, and the moments before and after."""
    element = order.released.definition.elements.get(said.get("element", ""))
    name = str(said.get("name") or (element.name if element else ""))
    return name, datetime.fromisoformat(said["was"]), datetime.fromisoformat(said["due_at"])


def _missed(turns: int) -> str:
    return _("中间错过的 %(turns)s 次并作这一次", turns=turns) if turns else ""


def _of_task(order: OrderView, event: PastEvent, who: str, name: str, opened: Opened) -> Said | None:
    said = event.payload
    why = said.get("reason", "")
    return {
        "UserTaskOpened": (_("到“%(name)s”", name=name), _whose(order, event)),
        "UserTaskClaimed": (_("%(who)s签收“%(name)s”", who=who, name=name), ""),
        "UserTaskReleased": (_("%(who)s放回“%(name)s”", who=who, name=name), ""),
        "UserTaskCompleted": (_("%(who)s提交“%(name)s”", who=who, name=name), _took(event, opened)),
        "UserTaskCancelled": (_("收回“%(name)s”", name=name), asked_of(order, opened.get(said.get("task")))),
        "UserTaskSentBack": (
            _("%(who)s把“%(name)s”退回到“%(to)s”", who=who, name=name, to=said.get("to_name", "")),
            _sent_back(order, said),
        ),
        "StepWithdrawn": (_("%(who)s撤回“%(name)s”", who=who, name=name), _sent_back(order, said)),
        "UserTaskExtended": (_("“%(name)s”延期 %(by)s", name=name, by=said.get("by", "")), _until(event)),
        "ExtensionAsked": (_("%(who)s为“%(name)s”申请延期 %(by)s", who=who, name=name, by=said.get("by", "")), why),
        "ExtensionRefused": (_("%(who)s不批准“%(name)s”延期", who=who, name=name), why),
        "ExtensionWithdrawn": (_("%(who)s收回“%(name)s”的延期申请", who=who, name=name), ""),
        "ExtensionGranted": (_("%(who)s批准“%(name)s”延期", who=who, name=name), said.get("reason", "")),
    }.get(event.kind)


def _sent_back(order: OrderView, said: Mapping[str, Any]) -> str:
    """Why, and which completed steps do not count any more."""
    gone = [
        e.payload.get("name", "")
        for e in order.events
        if e.kind == "UserTaskCompleted" and e.seq in said.get("undone", ())
    ]
    undone = _("作废:%(steps)s", steps="、".join(dict.fromkeys(gone))) if gone else ""
    return ";".join(part for part in (str(said.get("reason", "")), undone) if part)


def _names(order: OrderView, people: Sequence[str]) -> str:
    return "、".join(name_of(order, person) for person in people)


def _took(event: PastEvent, opened: Opened) -> str:
    began = opened.get(event.payload.get("task"))
    return _("用时 %(s)s", s=span(event.at - began.at)) if began else ""


def _kind(order: OrderView, event: PastEvent) -> str:
    """The kind of a sheet in the procedure's words, and whether it corrects an earlier one."""
    training, kind = order.released.procedure.training, str(event.payload.get("kind", ""))
    name = training.kinds.get(kind, kind) if training else kind
    return _("%(kind)s,更正", kind=name) if event.payload.get("voids") else name


def _day(said: Mapping[str, Any]) -> str:
    return on_day(date.fromisoformat(said["day"])) if said.get("day") else ""


def _until(event: PastEvent) -> str:
    due_at = event.payload.get("due_at")
    return _("到期改为 %(at)s", at=moment(datetime.fromisoformat(due_at))) if due_at else ""


def _told(order: OrderView, event: PastEvent) -> str:
    """What was told goes into the names that the event fills; older versions of a diagram may have no such event."""
    element = order.released.definition.elements.get(event.element_id)
    keys = element.fills if element else ()
    return ";".join(str(event.payload.get("changes", {}).get(key, "")) for key in keys)


def _whose(order: OrderView, event: PastEvent) -> str:
    holder, stand_ins = event.payload.get("assignee"), event.payload.get("stand_ins", ())
    if not holder:
        return asked_of(order, event)
    given = given_to(name_of(order, holder), event.payload.get("strategy", ""))
    people = "、".join(name_of(order, who) for who in stand_ins)
    return str(_("%(given)s,由%(people)s代理", given=given, people=people)) if people else given
