"""A change of calendars on its way through the page: read from a form, shown as a preview, sealed, confirmed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer

from engine import ChangeCalendar, PreviewChange
from engine.domain.calendar_change import Change
from engine.domain.errors import Conflict, EngineError, Invalid
from engine.domain.shift_pattern import ShiftPattern
from engine.domain.work_calendar import Day
from web.front import current_actor, engine

bp = Blueprint("calendar_changes", __name__)
GOOD_FOR = 3600
"""Seconds a preview may be looked at before it must be made again."""
SHOWN = 500
"""How many limits the preview lists; the change moves all of them."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A change as previewed: what it is, where it came from, and the reason so far."""

    change: Change
    reason: str = ""
    text: str = ""


def preview(draft: Draft, error: EngineError | None = None) -> ResponseReturnValue:
    """Show what a change would do, with the button that confirms it; raise Invalid where it does nothing."""
    seen = engine().ask(PreviewChange(draft.change), current_actor())
    turned = [day for day in seen.days if day.was is None or day.was.open != day.now.open or draft.change.calendar]
    months: dict[tuple[int, int], list[Any]] = {}
    for day in turned:
        months.setdefault((day.now.date.year, day.now.date.month), []).append(day)
    page = render_template(
        "calendars/preview.html",
        draft=draft,
        seen=seen,
        months=months,
        confirmed=sum(bool(d.was and d.was.provisional and not d.now.provisional) for d in seen.days),
        moved=[one for one in seen.moved if one.moves],
        settled=sum(not one.moves and one.was_provisional and not one.provisional for one in seen.moved),
        shown=SHOWN,
        sealed=_sealer().dumps([_plain(draft.change), draft.text, seen.expects]),
        error=error,
    )
    return (page, 422) if error else page


@bp.post("/confirm")
def confirm() -> ResponseReturnValue:
    """Make the change that was previewed."""
    try:
        said, text, expects = _sealer().loads(request.form.get("sealed", ""), max_age=GOOD_FOR)
    except BadData:
        flash(_("预览已过期,请重新来一遍"))
        return redirect(url_for("calendars.every"), 303)
    change, reason = _change(said), request.form.get("reason", "")
    try:
        done = engine().execute(ChangeCalendar(change, expects, reason, current_actor(), text))
    except Conflict:
        return preview(
            Draft(change, reason, text), Conflict(_("预览之后有人又改了工作日历。下面是重新算的,请再看一遍再确认。"))
        )
    except Invalid as error:
        return preview(Draft(change, reason, text), error)
    flash(_("工作日历已改,现在是第 %(v)d 版;移动了 %(n)d 个时限。", v=done.version, n=done.moved))
    back = url_for("calendars.show", calendar=change.calendar) if change.calendar else url_for("calendars.every")
    return redirect(back, 303)


def _plain(change: Change) -> dict[str, Any]:
    days = [[d.date.isoformat(), d.open, d.source, d.provisional, d.hours] for d in change.days]
    pattern = change.pattern and [change.pattern.name, change.pattern.intervals, change.pattern.every_day]
    return {
        "kind": change.kind,
        "title": change.title,
        "calendar": change.calendar,
        "days": days,
        "back": [day.isoformat() for day in change.back],
        "first": change.first and change.first.isoformat(),
        "pattern": pattern,
    }


def _change(said: dict[str, Any]) -> Change:
    days = tuple(
        Day(date.fromisoformat(d), o, s, p, _spans(h), bool(said["calendar"])) for d, o, s, p, h in said["days"]
    )
    pattern = (
        ShiftPattern(said["pattern"][0], _spans(said["pattern"][1]), said["pattern"][2]) if said["pattern"] else None
    )
    back = tuple(date.fromisoformat(day) for day in said["back"])
    first = date.fromisoformat(said["first"]) if said["first"] else None
    return Change(said["kind"], said["title"], said["calendar"], days, back, first, pattern)


def _spans(said: list[list[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in said)


def _sealer() -> URLSafeTimedSerializer:
    """The preview travels through the page, signed: what was looked at is what is written, by the one who looked."""
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=f"calendar:{current_actor()}")
