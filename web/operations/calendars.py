"""Working calendars, for admins: the list, a year, a month, a day, the hours. Strangers find nothing here."""

from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import AddCalendar, Calendars, CalendarView, RenameCalendar, ShowCalendar
from engine.domain.calendar_change import Change, by_hand
from engine.domain.errors import Conflict, EngineError, Invalid
from engine.domain.rights import ADMIN
from engine.domain.shift_pattern import ShiftPattern, hours_words, parse_hours
from engine.domain.work_calendar import Day
from web.front import current_actor, current_person, engine
from web.operations import calendar_changes, calendar_import
from web.operations.calendar_changes import Draft, preview
from web.operations.calendar_view import month, year, years

bp = Blueprint("calendars", __name__, url_prefix="/admin/calendars")
for part in (calendar_import.bp, calendar_changes.bp):
    bp.register_blueprint(part)


@bp.before_request
def admins_only() -> None:
    """Others learn nothing, not even that these pages exist."""
    if ADMIN not in current_person().roles:
        abort(404)


@bp.get("")
def every() -> ResponseReturnValue:
    """Every calendar, and a form for one more."""
    return _list()


@bp.post("")
def add() -> ResponseReturnValue:
    """Open a calendar."""
    said = request.form
    every_day = said.get("every_day") == "on"
    name, hours = said.get("name", ""), said.get("hours", "")
    try:
        ident = engine().execute(AddCalendar(said.get("calendar", ""), name, hours, current_actor(), every_day))
    except (Invalid, Conflict) as error:
        return _list(error), 422
    flash(_("日历已加上"))
    return redirect(url_for(".show", calendar=ident), 303)


@bp.get("/<calendar>")
def show(calendar: str) -> ResponseReturnValue:
    """A year of a calendar, as it is or as a version had it."""
    return _calendar(calendar)


@bp.post("/<calendar>/name")
def rename(calendar: str) -> ResponseReturnValue:
    """Call it by another name."""
    try:
        engine().execute(RenameCalendar(calendar, request.form.get("name", ""), current_actor()))
    except Invalid as error:
        return _calendar(calendar, error), 422
    flash(_("日历名称已改"))
    return redirect(url_for(".show", calendar=calendar), 303)


@bp.get("/<calendar>/<int:of>-<int:in_month>")
def one_month(calendar: str, of: int, in_month: int) -> ResponseReturnValue:
    """A month, day by day with reasons."""
    view = _view(calendar)
    first, last = years(view.calendar)
    if not (1 <= in_month <= 12 and first <= of <= last):
        abort(404)
    shown = month(view.calendar, date(of, in_month, 1), view.today)
    before = (of, in_month - 1) if in_month > 1 else (of - 1, 12)
    after = (of, in_month + 1) if in_month < 12 else (of + 1, 1)
    return render_template(
        "calendars/month.html",
        key=calendar,
        view=view,
        month=shown,
        before=before if before[0] >= first else None,
        after=after if after[0] <= last else None,
    )


@bp.get("/<calendar>/days/<on>")
def one_day(calendar: str, on: str) -> ResponseReturnValue:
    """One day, and a form to change it."""
    return _day_page(calendar, _date(on))


@bp.post("/<calendar>/days/<on>")
def change_day(calendar: str, on: str) -> ResponseReturnValue:
    """Show what changing the day would do; nothing is written."""
    day, said = _date(on), request.form
    try:
        return preview(Draft(_day_change(calendar, day), said.get("reason", "")))
    except Invalid as error:
        return _day_page(calendar, day, error), 422


@bp.post("/<calendar>/hours")
def change_hours(calendar: str) -> ResponseReturnValue:
    """Show what other hours from a day on would do; nothing is written."""
    said = request.form
    try:
        first = _from_form(said.get("first", ""))
        if said.get("withdraw"):
            change = Change("hours", _("撤回%(d)s起的作息", d=first.isoformat()), calendar, first=first)
        else:
            name = said.get("name", "").strip() or _("%(d)s起的作息", d=first.isoformat())
            pattern = ShiftPattern.parse(name, said.get("hours", ""), every_day=said.get("every_day") == "on")
            title = _("%(d)s起作息 %(h)s", d=first.isoformat(), h=hours_words(pattern.intervals))
            change = Change("hours", title, calendar, first=first, pattern=pattern)
        return preview(Draft(change, said.get("reason", "")))
    except Invalid as error:
        return _calendar(calendar, error), 422


def _day_change(calendar: str, day: date) -> Change:
    said = request.form
    state, reason = said.get("state", ""), said.get("reason", "").strip()
    if not reason:
        raise Invalid(_("请写理由:以后看日历的人要知道为什么"))
    shown = day.isoformat()
    if state == "national":
        return Change("exceptions", _("%(d)s 恢复全国安排", d=shown), calendar, back=(day,))
    if state not in ("open", "off"):
        raise Invalid(_("请选上班还是不上班"))
    title = _("%(d)s 上班", d=shown) if state == "open" else _("%(d)s 不上班", d=shown)
    if said.get("scope") == "national":
        if said.get("hours", "").strip():
            raise Invalid(_("全国安排没有自己的时段;时段只能给一个日历定"))
        return Change("days", title, days=(by_hand(day, reason, worked=state == "open"),))
    hours = parse_hours(shown, said.get("hours", "")) if state == "open" and said.get("hours", "").strip() else ()
    return Change(
        "exceptions", title, calendar, days=(Day(day, state == "open", reason[:100], hours=hours, local=True),)
    )


def _list(error: EngineError | None = None) -> str:
    view = engine().ask(Calendars(), current_actor())
    return render_template("calendars/list.html", view=view, said=request.form, error=error, hours=hours_words)


def _view(calendar: str) -> CalendarView:
    version = request.args.get("version", type=int)
    return engine().ask(ShowCalendar(calendar, version), current_actor())


def _calendar(calendar: str, error: EngineError | None = None) -> str:
    view = _view(calendar)
    first, last = years(view.calendar)
    number = min(max(request.args.get("year", view.today.year, type=int), first), last)
    months = year(view.calendar, number, view.today)
    pattern = view.calendar.pattern_on(view.today)
    return render_template(
        "calendars/show.html",
        key=calendar,
        view=view,
        months=months,
        special=[run for shown in months for run in shown.special],
        year=number,
        first=first,
        last=last,
        pattern=pattern,
        hours=hours_words,
        said=request.form,
        error=error,
        old="version" in request.args,
    )


def _day_page(calendar: str, day: date, error: EngineError | None = None) -> str:
    view = _view(calendar)
    cell = next((cell for cell in month(view.calendar, day.replace(day=1), view.today).days if cell.date == day), None)
    if cell is None:
        abort(404)
    own = any(known.date == day and known.local for known in view.calendar.days)
    return render_template(
        "calendars/day.html",
        key=calendar,
        view=view,
        day=cell,
        own_day=own,
        said=request.form,
        error=error,
        hours=hours_words,
    )


def _date(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        abort(404)


def _from_form(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError as error:
        raise Invalid(_("请写从哪一天起,如 2027-05-01")) from error
