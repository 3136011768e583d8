"""How moments, spans, limits and personal numbers are put into words on pages."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from flask import Flask, g
from flask_babel import format_date, format_datetime, ngettext
from flask_babel import gettext as _

from engine import ORDER_STATES, PAUSE_KINDS, WorkingCalendars
from engine.domain.clock import local
from engine.domain.personal import masked
from engine.domain.time_left import TimeLeft, is_provisional, share_gone, time_left
from engine.domain.work_calendar import WorkCalendar
from web.front import engine

SOON = timedelta(hours=4)


def register(app: Flask) -> None:
    """Give templates the filters and helpers of this module."""
    filters = (moment, moment_long, minute, weekday, day, on_day, span, due_class, due_words, due_said, size)
    app.jinja_env.filters.update({f.__name__: f for f in filters}, phone=masked)
    app.jinja_env.globals.update(
        now=now, is_provisional=provisional, pause_kinds=pause_kinds, order_states=order_states
    )


def now() -> datetime:
    """Give business now, the same throughout one request."""
    if "now" not in g:
        g.now = engine().now()
    at: datetime = g.now
    return at


def moment(at: datetime | None) -> str:
    """Give 10月9日 17:30; the year only where it is not this one. The patterns are texts like any other."""
    if at is None:
        return "—"
    shown = local(at)
    pattern = _("M月d日 HH:mm") if shown.year == local(now()).year else _("y年M月d日 HH:mm")
    return str(format_datetime(shown, pattern, rebase=False))


def moment_long(at: datetime) -> str:
    """Give 2025年10月9日 周四 17:30."""
    return str(format_datetime(local(at), _("y年M月d日 EEE HH:mm"), rebase=False))


def minute(at: datetime) -> str:
    """Give 2025-10-09T17:30, Asia/Shanghai, as fields for date and time want it."""
    return local(at).strftime("%Y-%m-%dT%H:%M")


def weekday(at: datetime) -> int:
    """Give the day of the week in Shanghai, 0 for Monday."""
    return local(at).weekday()


def day(at: datetime | None) -> str:
    """Give 2025年10月9日."""
    return str(format_datetime(local(at), _("y年M月d日"), rebase=False)) if at else "—"


def on_day(said: date) -> str:
    """Give 10月9日 周四; the year only where it is not this one."""
    pattern = _("M月d日 EEE") if said.year == local(now()).year else _("y年M月d日")
    return str(format_date(said, pattern))


def span(length: timedelta) -> str:
    """Give 3天4小时, 3小时20分, 20分钟."""
    minutes = int(abs(length).total_seconds()) // 60
    if minutes >= 48 * 60:
        return str(_("%(d)d天%(h)d小时", d=minutes // 1440, h=minutes % 1440 // 60))
    if minutes >= 60:
        return str(_("%(h)d小时%(m)d分", h=minutes // 60, m=minutes % 60))
    return str(_("%(m)d分钟", m=minutes))


def pause_kinds() -> list[tuple[str, str]]:
    """Give the kinds of pauses with their names, in the order they are offered."""
    names = {"caller": _("等来电人补充"), "evidence": _("取证、鉴定"), "other": _("其他")}
    return [(kind, names[kind]) for kind in PAUSE_KINDS]


def order_states() -> list[tuple[str, str]]:
    """Give the states of orders with their names, in the order in which lists offer them."""
    names = {"open": _("办理中"), "paused": _("已暂停"), "suspended": _("已挂起"), "closed": _("已办结")}
    names |= {"cancelled": _("已撤销"), "terminated": _("已终止"), "void": _("已作废")}
    return [(state, names[state]) for state in ORDER_STATES]


def size(count: int) -> str:
    """Give 812 B, 34 KB, 1.2 MB."""
    if count < 1024:
        return f"{count} B"
    return f"{count / 1024:.0f} KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"


def due_class(
    due_at: datetime | None, warn_at: datetime | None = None, text: str | None = None, calendar: str | None = None
) -> str:
    """Give the meaning of a limit as a CSS class: late, soon, calm or none."""
    if due_at is None:
        return "none"
    if due_at <= now():
        return "late"
    warned = warn_at is not None and warn_at <= now()
    return "soon" if warned or _left(due_at, text, calendar).left <= SOON else "calm"


def due_words(due_at: datetime | None, text: str | None = None, calendar: str | None = None) -> str:
    """Give how long is left, in working days and time where the limit counts so, or by how much it is late."""
    if due_at is None:
        return str(_("没有时限"))
    left = _left(due_at, text, calendar)
    if left.late or due_at <= now():
        return str(_("逾期 %(s)s", s=span(left.late)))
    if left.working and left.days:
        rest = span(left.rest) if left.rest >= timedelta(minutes=1) else ""
        return str(ngettext("还剩 %(num)d个工作日%(s)s", "还剩 %(num)d个工作日%(s)s", left.days, s=rest))
    return str(_("还剩 %(s)s", s=span(left.left)))


def due_said(due_at: datetime, text: str | None = None, calendar: str | None = None) -> str:
    """Give the due moment and what is left, with the word whether working time is counted."""
    left = _left(due_at, text, calendar)
    counted = _("(工作时间)") if left.working and not left.late else ""
    return f"{moment(due_at)} · {due_words(due_at, text, calendar)}{counted}"


def provisional(start: datetime | None, due_at: datetime | None, text: str | None, calendar: str | None) -> bool:
    """Whether a due moment may still be moved by a holiday notice (暂定)."""
    found = _calendars().get(calendar) if calendar and due_at and text else None
    return due_at is not None and is_provisional(start, due_at, text, found)


def gone(opened_at: datetime, due_at: datetime, text: str | None, calendar: str | None) -> int:
    """Give how much of a limit has passed, 0 to 100."""
    return share_gone(now(), opened_at, due_at, text, _calendars().get(calendar or ""))


def _left(due_at: datetime, text: str | None, calendar: str | None) -> TimeLeft:
    return time_left(now(), due_at, text, _calendars().get(calendar) if calendar else None)


def _calendars() -> Mapping[str, WorkCalendar]:
    """Asked for once in a request, and only where a limit is shown."""
    if "calendars" not in g:
        g.calendars = engine().ask(WorkingCalendars())
    found: Mapping[str, WorkCalendar] = g.calendars
    return found
