"""Asking a colleague about a task (委派), answering, and taking it back."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import AnswerDelegation, DelegateUserTask, FindTask, RecallDelegation
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from web.front import current_actor, engine
from web.once import once
from web.tasklist.acts import back, person_called, refused


def add_to(bp: Blueprint) -> None:
    """Put the routes into the blueprint."""
    for action in (delegate, answer_delegation, recall):
        bp.add_url_rule(f"/tasks/<int:task_id>/{action.__name__}", view_func=action, methods=["POST"])


def delegate(task_id: int) -> ResponseReturnValue:
    """Ask somebody."""
    engine().ask(FindTask(task_id), current_actor())
    said = request.form
    try:
        to = person_called(said.get("to", ""))
        once(DelegateUserTask(task_id, current_actor(), to, said.get("question", "")))
    except (Invalid, Conflict) as error:
        return refused(task_id, "delegate", error)
    flash(_("已委派,意见回来后这件待办回到你手上;之前可以收回。"))
    return redirect(url_for(".task", task_id=task_id), 303)


def answer_delegation(task_id: int) -> ResponseReturnValue:
    """Hand in the opinion; who was too late, and sees the task no more, still sees what they wrote."""
    try:
        once(AnswerDelegation(task_id, current_actor(), request.form.get("answer", "")))
    except NotAllowed:
        engine().ask(FindTask(task_id), current_actor())
        raise
    except (Invalid, Conflict) as error:
        try:
            return refused(task_id, "answer_delegation", error)
        except NotFound:
            unsent = request.form.get("answer", "")
            return render_template("tasklist/unsent.html", sentence=str(error), text=unsent), 409
    flash(_("意见已提交,这件待办回到委派人手上。"))
    return back(task_id)


def recall(task_id: int) -> ResponseReturnValue:
    """Take the task back."""
    engine().ask(FindTask(task_id), current_actor())
    try:
        once(RecallDelegation(task_id, current_actor(), request.form.get("reason", "")))
    except (Invalid, Conflict) as error:
        return refused(task_id, "recall", error)
    flash(_("已收回,这件待办在你手上。"))
    return redirect(url_for(".task", task_id=task_id), 303)
