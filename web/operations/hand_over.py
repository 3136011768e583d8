"""Handing a leaver's work over (离职转办), for admins: first what it would do, then the deed and what it did."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import HandedOver, HandOverTasks, PlanHandOver
from engine.domain.errors import Conflict, Invalid
from web.front import current_actor, engine
from web.operations.person import page_of

bp = Blueprint("hand_over", __name__, url_prefix="/person/<person>/hand-over")
NAMED = 5


@bp.get("")
def plan(person: str) -> ResponseReturnValue:
    """What moves to whom, what goes back, what ends and what stays."""
    return _plan(person, request.args.get("to", "").strip())


@bp.post("")
def hand_over(person: str) -> ResponseReturnValue:
    """Do it; say what stayed."""
    to, reason = request.form.get("to", "").strip(), request.form.get("reason", "")
    try:
        done = engine().execute(HandOverTasks(person, to, reason, current_actor()))
    except (Invalid, Conflict) as error:
        return _plan(person, to, error)
    _say(done)
    return redirect(url_for("people.person.show", person=person), 303)


def _plan(person: str, to: str, refused: Invalid | Conflict | None = None) -> ResponseReturnValue:
    try:
        planned = engine().ask(PlanHandOver(person, to), current_actor())
    except Invalid as error:
        return page_of(person, error), 422
    drawn = render_template("people/hand_over.html", person=person, plan=planned, refused=refused)
    return drawn, 422 if refused else 200


def _say(done: HandedOver) -> None:
    flash(_("已转办 %(n)d 件", n=done.moved))
    if done.returned:
        flash(_("别人问他意见的 %(n)d 件已还给委派人", n=done.returned))
    if done.signatures:
        flash(_("请他签署的 %(n)d 件改请接手人签署", n=done.signatures))
    if done.rules:
        flash(_("%(n)d 条代理已结束", n=done.rules))
    if done.kept:
        shown = "、".join(done.kept[:NAMED])
        flash(_("还有 %(n)d 件接手人不能办,没有转:%(which)s", n=len(done.kept), which=shown))
