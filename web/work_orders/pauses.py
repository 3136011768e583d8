"""Pausing an order, letting it go on, and why its limits fall due when they do."""

from datetime import date, datetime, time

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import (
    ExplainOrder,
    ExplainTimer,
    PauseCase,
    PausePreview,
    PreviewPause,
    PreviewResume,
    ResumeCase,
    ShowOrder,
    order_acts,
)
from engine.domain.clock import SHANGHAI
from engine.domain.errors import Invalid
from web.errors import REFUSED
from web.front import current_actor, engine
from web.once import once
from web.receipts import shown
from web.timeline import moved_limit

NINE = time(9)
"""When on its day a pause is looked at again."""


def add_to(bp: Blueprint) -> None:
    """Put pauses and receipts into the blueprint."""
    bp.add_url_rule("/orders/<number>/pause", view_func=look_at_pause)
    bp.add_url_rule("/orders/<number>/resume", view_func=look_at_resume)
    for action in (pause, resume):
        bp.add_url_rule(f"/orders/<number>/{action.__name__}", view_func=action, methods=["POST"])
    bp.add_url_rule("/orders/<number>/receipt", view_func=receipt)
    bp.add_url_rule("/orders/<number>/waits/<int:timer_id>", view_func=waits)


def look_at_pause(number: str) -> ResponseReturnValue:
    """What would stand still."""
    return _clock(number, "pause")


def look_at_resume(number: str) -> ResponseReturnValue:
    """Where the limits would stand if the order went on now."""
    return _clock(number, "resume")


def pause(number: str) -> ResponseReturnValue:
    """Stop the clock."""
    engine().ask(ShowOrder(number), current_actor())
    said = request.form
    try:
        review = _day(said.get("review", ""))
        once(PauseCase(number, said.get("reason", ""), said.get("kind", ""), review, current_actor()))
    except REFUSED as error:
        return _clock(number, "pause", str(error))
    flash(_("工单已暂停,时限停着。"))
    return redirect(url_for(".show", number=number), 303)


def resume(number: str) -> ResponseReturnValue:
    """Let the order go on."""
    engine().ask(ShowOrder(number), current_actor())
    try:
        once(ResumeCase(number, request.form.get("note", ""), current_actor()))
    except REFUSED as error:
        return _clock(number, "resume", str(error))
    flash(_("工单已恢复,时限按暂停的时间往后移。"))
    return redirect(url_for(".show", number=number), 303)


def _clock(number: str, act: str, refusal: str = "") -> ResponseReturnValue:
    """The page of either; what is refused comes back with what was typed."""
    order = engine().ask(ShowOrder(number), current_actor())
    if act not in order_acts(order, order.viewer) and not refusal:
        return redirect(url_for(".show", number=number), 303)
    preview: PausePreview | list[tuple[str, datetime, datetime]] | None = None
    try:
        if act == "pause":
            preview = engine().ask(PreviewPause(number), current_actor())
        else:
            preview = [moved_limit(order, each) for each in engine().ask(PreviewResume(number), current_actor())]
    except REFUSED as error:
        refusal = refusal or str(error)
    shown = {"order": order, "act": act, "preview": preview, "refusal": refusal}
    return render_template("work_orders/clock.html", **shown), 422 if refusal else 200


def receipt(number: str) -> ResponseReturnValue:
    """Why the order falls due when it does."""
    return shown(engine().ask(ExplainOrder(number), current_actor()))


def waits(number: str, timer_id: int) -> ResponseReturnValue:
    """Why a timer of the order fires when it does."""
    engine().ask(ShowOrder(number), current_actor())
    return shown(engine().ask(ExplainTimer(timer_id), current_actor()))


def _day(text: str) -> datetime | None:
    """Read the day of the review; raise Invalid for a text that is none."""
    try:
        return datetime.combine(date.fromisoformat(text), NINE, SHANGHAI) if text.strip() else None
    except ValueError as error:
        raise Invalid(_("复核日期要写成 2025-10-09 这样")) from error
