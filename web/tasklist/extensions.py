"""Asking for more time on a task, deciding about it, and the receipt of its limit."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import DecideExtension, ExplainLimit, FindTask, RequestExtension, WithdrawExtension
from engine.domain.errors import Conflict, Invalid
from web.front import current_actor, engine
from web.once import once
from web.receipts import shown
from web.tasklist.acts import back, refused


def add_to(bp: Blueprint) -> None:
    """Put the routes into the blueprint."""
    bp.add_url_rule("/tasks/<int:task_id>/receipt", view_func=receipt)
    for action in (ask_extension, decide_extension, withdraw_extension):
        bp.add_url_rule(f"/tasks/<int:task_id>/{action.__name__}", view_func=action, methods=["POST"])


def receipt(task_id: int) -> ResponseReturnValue:
    """Why the task falls due when it does."""
    return shown(engine().ask(ExplainLimit(task_id), current_actor()))


def ask_extension(task_id: int) -> ResponseReturnValue:
    """Ask for a longer limit."""
    engine().ask(FindTask(task_id), current_actor())
    said = request.form
    try:
        once(RequestExtension(task_id, current_actor(), said.get("limit", "")[:100], said.get("reason", "")))
    except (Invalid, Conflict) as error:
        return refused(task_id, "ask_extension", error)
    flash(_("已申请延期,督办岗位批准后时限才变。"))
    return redirect(url_for(".task", task_id=task_id), 303)


def decide_extension(task_id: int) -> ResponseReturnValue:
    """Grant a request, or refuse it."""
    engine().ask(FindTask(task_id), current_actor())
    said, granted = request.form, request.form.get("verdict") == "grant"
    ident = said.get("extension", 0, type=int)
    try:
        once(DecideExtension(ident, current_actor(), granted, said.get("limit", "")[:100], said.get("note", "")))
    except Invalid as error:
        return refused(task_id, "decide_extension", error)
    flash(_("已批准延期,时限、预警和工单一起顺延。") if granted else _("已退回延期申请,时限不变。"))
    return back(task_id)


def withdraw_extension(task_id: int) -> ResponseReturnValue:
    """Take a request back."""
    engine().ask(FindTask(task_id), current_actor())
    once(WithdrawExtension(request.form.get("extension", 0, type=int), current_actor()))
    flash(_("延期申请已收回。"))
    return redirect(url_for(".task", task_id=task_id), 303)
