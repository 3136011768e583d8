"""One more who signs a step that several sign (加签), and one less (减签): what it would do is shown before it is done."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import AddCoSigner, CoSignersOf, DropCoSigner, FindTask, PreviewDropCoSigner, task_acts
from engine.domain.errors import EngineError
from web.errors import REFUSED
from web.front import current_actor, engine
from web.once import once
from web.tasklist.acts import back, person_called, refused
from web.tasklist.form import find


def add_to(bp: Blueprint) -> None:
    """Put the routes into the blueprint."""
    bp.add_url_rule("/tasks/<int:task_id>/add_co_signer", view_func=add_co_signer, methods=["POST"])
    bp.add_url_rule("/tasks/<int:task_id>/drop_co_signer", view_func=look_at_dropping)
    bp.add_url_rule("/tasks/<int:task_id>/drop_co_signer", view_func=drop_co_signer, methods=["POST"])


def add_co_signer(task_id: int) -> ResponseReturnValue:
    """Let one more sign: a unit that was chosen, or a person by name."""
    engine().ask(FindTask(task_id), current_actor())
    said = request.form
    try:
        who = said.get("unit", "")[:64] or person_called(said.get("to", ""))
        next_in_turn = said.get("place") == "next"
        once(AddCoSigner(task_id, current_actor(), who, said.get("reason", ""), next_in_turn))
    except REFUSED as error:
        return refused(task_id, "add_co_signer", error)
    flash(_("已加签,对方会收到通知。"))
    return redirect(url_for(".task", task_id=task_id), 303)


def look_at_dropping(task_id: int) -> ResponseReturnValue:
    """What taking one off would do."""
    return _dropping(task_id, request.args.get("key", ""))


def drop_co_signer(task_id: int) -> ResponseReturnValue:
    """Take one off; what is refused comes back with what was typed."""
    engine().ask(FindTask(task_id), current_actor())
    key = request.form.get("key", "")[:64]
    try:
        once(DropCoSigner(task_id, current_actor(), key, request.form.get("reason", "")))
    except REFUSED as error:
        return _dropping(task_id, key, error)
    flash(_("已减签。"))
    return back(task_id)


def _dropping(task_id: int, key: str, refusal: EngineError | None = None) -> ResponseReturnValue:
    order, task = find(task_id)
    if task.state != "open" or "drop_co_signer" not in task_acts(order, task, order.viewer):
        if refusal is not None:
            flash(f"{refusal}。")
        return back(task_id)
    several = engine().ask(CoSignersOf(task_id), current_actor())
    known = {line.key: line for line in several.lines} if several else {}
    try:
        preview = engine().ask(PreviewDropCoSigner(task_id, key), current_actor()) if key in known else None
    except REFUSED as late:
        preview, refusal = None, refusal or late
    if key in known and not known[key].may_go and preview is not None:
        return back(task_id)
    shown = {"order": order, "task": task, "key": key, "preview": preview, "refusal": str(refusal or "")}
    return render_template("tasklist/drop_co_signer.html", **shown), 422 if refusal else 200
