"""Extending a task, asking for more time, deciding about it, and the receipt of the limit."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import (
    DecideExtension,
    ExplainLimit,
    ExtendUserTask,
    ExtensionPreview,
    FindTask,
    PreviewExtension,
    RequestExtension,
    WithdrawExtension,
    task_acts,
)
from engine.domain.errors import Conflict, Invalid
from web.errors import REFUSED
from web.front import current_actor, current_person, engine
from web.once import once
from web.receipts import shown
from web.tasklist.acts import back, refused
from web.tasklist.form import find

MOST_BY = 100
"""Length of the text that says by how much."""


def add_to(bp: Blueprint) -> None:
    """Put the routes into the blueprint."""
    bp.add_url_rule("/tasks/<int:task_id>/receipt", view_func=receipt)
    bp.add_url_rule("/tasks/<int:task_id>/extend", view_func=look_at_extension)
    for action in (extend, ask_extension, decide_extension, withdraw_extension):
        bp.add_url_rule(f"/tasks/<int:task_id>/{action.__name__}", view_func=action, methods=["POST"])


def receipt(task_id: int) -> ResponseReturnValue:
    """Why the task falls due when it does."""
    return shown(engine().ask(ExplainLimit(task_id), current_actor()))


def look_at_extension(task_id: int) -> ResponseReturnValue:
    """By how much, and where that would move the limit."""
    return _extension(task_id, "")


def extend(task_id: int) -> ResponseReturnValue:
    """Show what a span would do, or do what was shown; what is refused comes back with what was typed."""
    engine().ask(FindTask(task_id), current_actor())
    by, reason = request.form.get("by", "")[:MOST_BY], request.form.get("reason", "").strip()
    if "look" in request.form or by != request.form.get("shown", by):
        return _extension(task_id, by)
    try:
        if len(reason) < 2:
            raise Invalid(_("请写明延期的理由"))
        once(ExtendUserTask(task_id, current_actor(), by, reason, _moment(request.form.get("was", ""))))
    except REFUSED as error:
        return _extension(task_id, by, str(error))
    flash(_("已延期,时限、预警和工单一起顺延。"))
    return back(task_id)


def _moment(text: str) -> datetime | None:
    """Read the moment a page had shown; None where it says none."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _extension(task_id: int, by: str, refusal: str = "") -> ResponseReturnValue:
    order, task = find(task_id)
    if task.state != "open" or "extend" not in task_acts(order, task, current_person()):
        if refusal:
            raise Conflict(refusal)
        return redirect(url_for(".task", task_id=task_id), 303)
    preview: ExtensionPreview | None = None
    try:
        preview = engine().ask(PreviewExtension(task_id, by), current_actor()) if by.strip() else None
    except REFUSED as error:
        refusal = refusal or str(error)
    shown = {"order": order, "task": task, "by": by, "preview": preview, "refusal": refusal}
    return render_template("tasklist/extend.html", **shown), 422 if refusal else 200


def ask_extension(task_id: int) -> ResponseReturnValue:
    """Ask for a longer limit."""
    engine().ask(FindTask(task_id), current_actor())
    said = request.form
    try:
        once(RequestExtension(task_id, current_actor(), said.get("limit", "")[:MOST_BY], said.get("reason", "")))
    except REFUSED as error:
        return refused(task_id, "ask_extension", error)
    flash(_("已申请延期,督办岗位批准后时限才变。"))
    return redirect(url_for(".task", task_id=task_id), 303)


def decide_extension(task_id: int) -> ResponseReturnValue:
    """Grant a request, or refuse it."""
    engine().ask(FindTask(task_id), current_actor())
    said, granted = request.form, request.form.get("verdict") == "grant"
    ident = said.get("extension", 0, type=int)
    try:
        once(DecideExtension(ident, current_actor(), granted, said.get("limit", "")[:MOST_BY], said.get("note", "")))
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
