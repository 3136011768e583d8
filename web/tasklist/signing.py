"""Asking people to sign a task (加签), signing it, and taking somebody off (减签)."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import AskSigners, DropSigner, FindTask, PeopleCalled, SignUserTask
from engine.domain.errors import Conflict, EngineError, Invalid, NotAllowed, NotFound, StepFailed
from web.front import current_actor, engine
from web.once import once
from web.tasklist.acts import back, refused
from web.tasklist.form import find


def add_to(bp: Blueprint) -> None:
    """Put the routes into the blueprint."""
    for action in (ask_signers, sign, drop_signer):
        bp.add_url_rule(f"/tasks/<int:task_id>/{action.__name__}", view_func=action, methods=["POST"])


def ask_signers(task_id: int) -> ResponseReturnValue:
    """Ask people, by their names."""
    engine().ask(FindTask(task_id), current_actor())
    said = request.form
    try:
        to = engine().ask(PeopleCalled(said.get("to", "")[:2000]), current_actor())
        once(AskSigners(task_id, current_actor(), to, said.get("mode", ""), said.get("question", "")))
    except (Invalid, Conflict) as error:
        return refused(task_id, "ask_signers", error)
    flash(_("已加签,轮到谁签谁会收到通知。"))
    return redirect(url_for(".task", task_id=task_id), 303)


def sign(task_id: int) -> ResponseReturnValue:
    """Agree or not; who was too late, and perhaps sees the task no more, still sees what they wrote."""
    said = request.form
    try:
        once(SignUserTask(task_id, current_actor(), said.get("verdict") == "agree", said.get("answer", "")))
    except NotAllowed:
        engine().ask(FindTask(task_id), current_actor())
        raise
    except (Invalid, Conflict) as error:
        return _not_signed(task_id, error)
    except StepFailed as failed:
        flash(_("没有办成,已通知管理员:%(why)s。你写的意见留在下面,请稍后再签。", why=str(failed)))
        return refused(task_id, "sign", failed)
    flash(_("已签署。"))
    return back(task_id)


def drop_signer(task_id: int) -> ResponseReturnValue:
    """Take somebody off."""
    engine().ask(FindTask(task_id), current_actor())
    person = request.form.get("person", "")[:64]
    try:
        once(DropSigner(task_id, current_actor(), person, request.form.get("reason", "")))
    except (Invalid, Conflict) as error:
        return refused(task_id, f"drop-{person}", error)
    flash(_("已减签。"))
    return back(task_id)


def _not_signed(task_id: int, error: EngineError) -> ResponseReturnValue:
    try:
        row = find(task_id)[1]
    except NotFound:
        row = None
    if row is not None and row.state == "open" and current_actor() in (row.signers or ()):
        return refused(task_id, "sign", error)
    return render_template("tasklist/unsent.html", sentence=str(error), text=request.form.get("answer", "")), 409
