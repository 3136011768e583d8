"""值班: my turns, who is on duty now, and passing a turn on."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import HandOverDuty, MyDuties, NamesOfPeople, Rosters
from engine.domain.clock import SHANGHAI
from engine.domain.errors import Conflict, EngineError, Invalid
from web.front import current_actor, engine
from web.once import once


def add_to(bp: Blueprint) -> None:
    """Put the pages into the blueprint."""
    bp.add_url_rule("/duty", view_func=duty)
    bp.add_url_rule("/duty/<roster>/hand-over", view_func=hand_over_duty, methods=["POST"])


def duty() -> ResponseReturnValue:
    """My turns in the days to come, and who is on duty now."""
    return _page()


def hand_over_duty(roster: str) -> ResponseReturnValue:
    """Pass a turn of mine on."""
    said, me = request.form, current_actor()
    try:
        start, end = moment_said(said.get("start", "")), moment_said(said.get("end", ""))
        once(HandOverDuty(roster, me, said.get("to", "").strip(), start, end, said.get("reason", ""), me))
    except (Invalid, Conflict) as error:
        return _page(error), 422
    flash(_("已交班,接班的人会收到通知;没人签收的事跟着过去,你已签收的仍在你手上。"))
    return redirect(url_for(".duty"), 303)


def moment_said(text: str) -> datetime:
    """Read what a datetime-local field sends, Asia/Shanghai; raise Invalid."""
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=SHANGHAI)
    except ValueError:
        raise Invalid(_("请填起止时间,如 2026-10-01 18:00")) from None


def _page(error: EngineError | None = None) -> str:
    ask, me = engine().ask, current_actor()
    shown = {"duties": ask(MyDuties(), me), "rosters": ask(Rosters(), me), "names": ask(NamesOfPeople(), me)}
    return render_template("tasklist/duty.html", error=error, said=request.form, **shown)
