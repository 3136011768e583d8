"""Written reminders on an order: supervise one of its steps, answer a slip."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import AnswerSlip, ShowOrder, SuperviseOrder
from engine.domain.errors import Conflict, Invalid, NotFound
from web.front import current_actor, engine
from web.once import once
from web.work_orders.page import page


def add_to(bp: Blueprint) -> None:
    """Put the acts into the blueprint."""
    bp.add_url_rule("/orders/<number>/supervise", view_func=supervise, methods=["POST"])
    bp.add_url_rule("/orders/<number>/answer", view_func=answer, methods=["POST"])


def supervise(number: str) -> ResponseReturnValue:
    """Issue a slip (督办单) for a step of the order."""
    order = engine().ask(ShowOrder(number), current_actor())
    task, said = request.form.get("task", type=int), request.form
    try:
        if task not in {each.id for each in order.tasks}:
            raise Conflict(_("这一步已经办完了,请看最新的情况"))
        once(SuperviseOrder(task, current_actor(), said.get("text", ""), said.get("within", "")[:100].strip()))
    except (Invalid, Conflict) as error:
        return page(number, refused={"supervise": str(error)}), 422
    flash(_("已发督办单,等书面答复。"))
    return redirect(url_for(".show", number=number), 303)


def answer(number: str) -> ResponseReturnValue:
    """Answer a slip of the order."""
    order = engine().ask(ShowOrder(number), current_actor())
    slip = request.form.get("slip", type=int)
    if slip not in {each.id for each in order.slips}:
        raise NotFound(_("没有这张催办单或督办单"))
    try:
        once(AnswerSlip(slip, current_actor(), request.form.get("text", "")))
    except (Invalid, Conflict) as error:
        return page(number, refused={f"answer-{slip}": str(error)}), 422
    flash(_("已答复,发单的人会收到。"))
    return redirect(url_for(".show", number=number), 303)
