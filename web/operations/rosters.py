"""Duty rosters, for admins: the weekly pattern, exceptions, and who is on duty in the coming fortnight."""

from datetime import date, timedelta
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import (
    AddDutyTurn,
    CalendarNames,
    ChangeDuty,
    DropDutyChange,
    EndDutyTurn,
    HandOverDuty,
    NamesOfPeople,
    PutRoster,
    Rosters,
    ShowRoster,
)
from engine.domain.clock import local
from engine.domain.duty_roster import parse_hours, parse_weekdays
from engine.domain.errors import Conflict, EngineError, Invalid
from web.front import current_actor, engine
from web.once import once
from web.tasklist.duty import moment_said
from web.words import now

bp = Blueprint("rosters", __name__)


@bp.get("/rosters")
def every() -> ResponseReturnValue:
    """All rosters, and a form for one more."""
    return _list()


@bp.post("/rosters")
def put() -> ResponseReturnValue:
    """Open a roster or rename it."""
    try:
        said = request.form
        key = engine().execute(
            PutRoster(said.get("roster", ""), said.get("name", ""), current_actor(), said.get("calendar", ""))
        )
    except Invalid as error:
        return _list(error), 422
    return redirect(url_for(".show", roster=key), 303)


@bp.get("/rosters/<roster>")
def show(roster: str) -> ResponseReturnValue:
    """One roster."""
    return _page(roster)


@bp.post("/rosters/<roster>/turns")
def add_turn(roster: str) -> ResponseReturnValue:
    """Put somebody on duty in every week."""
    said = request.form
    try:
        start, end = parse_hours(said.get("hours", ""))
        weekdays = parse_weekdays("".join(said.getlist("weekdays")))
        first, last = _day(said.get("first", "")), said.get("last", "")
        once(
            AddDutyTurn(
                roster,
                said.get("person", "").strip(),
                weekdays,
                start,
                end,
                first,
                current_actor(),
                _day(last) if last else None,
            )
        )
    except (Invalid, Conflict) as error:
        return _page(roster, error), 422
    flash(_("已排班"))
    return redirect(url_for(".show", roster=roster), 303)


@bp.post("/rosters/<roster>/turns/<int:turn>/end")
def end_turn(roster: str, turn: int) -> ResponseReturnValue:
    """Let a weekly turn end yesterday: it holds no more from today on."""
    engine().execute(EndDutyTurn(roster, turn, local(now()).date() - timedelta(days=1), current_actor()))
    flash(_("这一班从今天起不再排"))
    return redirect(url_for(".show", roster=roster), 303)


@bp.post("/rosters/<roster>/changes")
def change(roster: str) -> ResponseReturnValue:
    """Write an exception, or pass somebody's turn on."""
    said, me = request.form, current_actor()
    who, whose, reason = said.get("person", "").strip(), said.get("instead_of", "").strip(), said.get("reason", "")
    try:
        start, end = moment_said(said.get("start", "")), moment_said(said.get("end", ""))
        if who and whose:
            once(HandOverDuty(roster, whose, who, start, end, reason, me))
        else:
            once(ChangeDuty(roster, who, whose, start, end, reason, me))
    except (Invalid, Conflict) as error:
        return _page(roster, error), 422
    flash(_("已记下,有关的人会收到通知"))
    return redirect(url_for(".show", roster=roster), 303)


@bp.post("/rosters/<roster>/changes/<int:change>/drop")
def drop_change(roster: str, change: int) -> ResponseReturnValue:
    """Take an exception back before it begins."""
    try:
        engine().execute(DropDutyChange(roster, change, current_actor()))
    except Conflict as error:
        return _page(roster, error), 409
    flash(_("已撤回"))
    return redirect(url_for(".show", roster=roster), 303)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(_("请填从哪一天起排,如 2026-10-01")) from None


def _list(error: EngineError | None = None) -> str:
    rosters = engine().ask(Rosters(), current_actor())
    calendars = engine().ask(CalendarNames(), current_actor())
    return render_template("people/rosters.html", rosters=rosters, calendars=calendars, error=error, said=request.form)


def _page(roster: str, error: EngineError | None = None) -> str:
    shown = engine().ask(ShowRoster(roster), current_actor())
    names = engine().ask(NamesOfPeople(), current_actor())
    days = [(day, list(run)) for day, run in groupby(shown.stretches, lambda stretch: local(stretch.start).date())]
    return render_template("people/roster.html", roster=shown, days=days, names=names, error=error, said=request.form)
