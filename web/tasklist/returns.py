"""Send a task back, or withdraw one's own last step: first what it would do, then the doing."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import (
    FindTask,
    PreviewSendBack,
    PreviewWithdrawal,
    ReturnPreview,
    ReturnTargets,
    SendBack,
    ShowOrder,
    WithdrawStep,
    task_acts,
)
from engine.domain.errors import Conflict
from web.errors import REFUSED
from web.front import current_actor, current_person, engine
from web.once import once
from web.tasklist.acts import back
from web.tasklist.form import find

STRAIGHT = "straight"
"""The way in which the case comes straight back to whoever sent it."""


def add_to(bp: Blueprint) -> None:
    """Put the pages into the blueprint."""
    bp.add_url_rule("/tasks/<int:task_id>/return", view_func=choose_return)
    bp.add_url_rule("/tasks/<int:task_id>/return", view_func=send_back, methods=["POST"])
    bp.add_url_rule("/tasks/<int:task_id>/withdraw", view_func=look_at_withdrawal)
    bp.add_url_rule("/tasks/<int:task_id>/withdraw", view_func=withdraw, methods=["POST"])


def choose_return(task_id: int) -> ResponseReturnValue:
    """Where the task may go back to, and what going there would do."""
    return _choice(task_id, request.args.get("to", type=int), request.args.get("way") == STRAIGHT)


def send_back(task_id: int) -> ResponseReturnValue:
    """Send it back; what is refused comes back with what was typed."""
    engine().ask(FindTask(task_id), current_actor())
    to, reason = request.form.get("to", -1, type=int), request.form.get("reason", "")
    straight = request.form.get("way") == STRAIGHT
    try:
        once(SendBack(task_id, current_actor(), to, reason, straight))
    except REFUSED as error:
        return _choice(task_id, to, straight, str(error))
    flash(_("已退回,办理人会收到通知。"))
    return back(task_id)


def look_at_withdrawal(task_id: int) -> ResponseReturnValue:
    """What withdrawing one's own step would do."""
    return _withdrawal(task_id)


def withdraw(task_id: int) -> ResponseReturnValue:
    """Withdraw it, and go on with it where it is open again."""
    number = engine().ask(FindTask(task_id), current_actor())[0]
    try:
        once(WithdrawStep(task_id, current_actor(), request.form.get("reason", "")))
    except REFUSED as error:
        return _withdrawal(task_id, str(error))
    return withdrawn(number)


def withdrawn(number: str) -> ResponseReturnValue:
    """Go on with what was withdrawn, where it is open again."""
    flash(_("已撤回,可以改好再提交。"))
    mine = [t for t in engine().ask(ShowOrder(number), current_actor()).tasks if t.assignee == current_actor()]
    if mine:
        return redirect(url_for("tasklist.task", task_id=mine[-1].id), 303)
    return redirect(url_for("work_orders.show", number=number), 303)


def _choice(task_id: int, to: int | None, straight: bool, refusal: str = "") -> ResponseReturnValue:
    order, task = find(task_id)
    if task.state != "open" or "send_back" not in task_acts(order, task, current_person()):
        if refusal:
            raise Conflict(refusal)
        return redirect(url_for(".task", task_id=task_id), 303)
    targets = engine().ask(ReturnTargets(task_id), current_actor())
    chosen = next((t for t in targets if t.task_id == to), targets[0] if targets else None)
    straight = straight and chosen is not None and chosen.straight
    preview: ReturnPreview | None = None
    why_not = ""
    try:
        preview = engine().ask(PreviewSendBack(task_id, chosen.task_id, straight), current_actor()) if chosen else None
    except REFUSED as error:
        why_not = str(error)
    shown = {
        "straight": straight,
        "order": order,
        "task": task,
        "targets": targets,
        "chosen": chosen,
        "preview": preview,
        "why_not": why_not,
    }
    return render_template("tasklist/return.html", refusal=refusal, **shown), 422 if refusal else 200


def _withdrawal(task_id: int, refusal: str = "") -> ResponseReturnValue:
    order, task = find(task_id)
    preview: ReturnPreview | None = None
    if task.state == "completed" and task.ended_by == current_actor():
        try:
            preview = engine().ask(PreviewWithdrawal(task_id), current_actor())
        except REFUSED as late:
            refusal = refusal or str(late)
    shown = {"order": order, "name": task.name, "preview": preview, "refusal": refusal}
    shown["action"] = url_for(".withdraw", task_id=task_id)
    return render_template("tasklist/withdraw.html", **shown), 422 if refusal else 200
