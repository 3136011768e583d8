"""Withdraw an order that one has just started, to mend its start form: first what it would do, then the doing."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import PreviewStartWithdrawal, ReturnPreview, ShowOrder, WithdrawStart
from engine.domain.errors import NotAllowed
from web.errors import REFUSED
from web.front import current_actor, engine
from web.once import once
from web.tasklist.returns import withdrawn


def add_to(bp: Blueprint) -> None:
    """Put the pages into the blueprint."""
    bp.add_url_rule("/orders/<number>/withdraw", view_func=look_at_withdrawal)
    bp.add_url_rule("/orders/<number>/withdraw", view_func=withdraw, methods=["POST"])


def look_at_withdrawal(number: str) -> ResponseReturnValue:
    """What withdrawing it would do."""
    return _page(number)


def withdraw(number: str) -> ResponseReturnValue:
    """Withdraw it, and go on with its form."""
    try:
        once(WithdrawStart(number, current_actor(), request.form.get("reason", "")))
    except REFUSED as error:
        return _page(number, str(error))
    return withdrawn(number)


def _page(number: str, refusal: str = "") -> ResponseReturnValue:
    order = engine().ask(ShowOrder(number), current_actor())
    preview: ReturnPreview | None = None
    try:
        preview = engine().ask(PreviewStartWithdrawal(number), current_actor())
    except (*REFUSED, NotAllowed) as late:
        refusal = refusal or str(late)
    shown = {"order": order, "name": order.released.procedure.start_name, "preview": preview, "refusal": refusal}
    shown["action"] = url_for(".withdraw", number=number)
    return render_template("tasklist/withdraw.html", **shown), 422 if refusal else 200
