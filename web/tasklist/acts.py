"""What people do with a task besides filling in its form: claim, release, transfer, urge, answer a slip."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import (
    AnswerSlip,
    ClaimUserTask,
    FindTask,
    OfTask,
    PeopleCalled,
    ReleaseUserTask,
    TransferUserTask,
    UrgeUserTask,
    task_acts,
)
from engine.domain.errors import Conflict, EngineError, Invalid, NotFound
from web.front import current_actor, engine
from web.once import once
from web.tasklist.form import Shown, drafted, find, page

LONGEST_NAMES = 200


def add_to(bp: Blueprint) -> None:
    """Put the acts into the blueprint."""
    for action in (claim, release, transfer, urge, answer):
        bp.add_url_rule(f"/tasks/<int:task_id>/{action.__name__}", view_func=action, methods=["POST"])


def claim(task_id: int) -> ResponseReturnValue:
    """Take a task, then show it; whoever comes second learns who was first."""
    engine().ask(FindTask(task_id), current_actor())
    try:
        engine().execute(ClaimUserTask(task_id, current_actor()))
    except Conflict as late:
        flash(f"{late}。")
        return redirect(url_for(".pool"), 303)
    flash(_("已签收,这件待办在你手上了。"))
    return redirect(url_for(".task", task_id=task_id), 303)


def release(task_id: int) -> ResponseReturnValue:
    """Put a task back."""
    engine().ask(FindTask(task_id), current_actor())
    once(ReleaseUserTask(task_id, current_actor()))
    flash(_("已放回,别的候选人可以签收。"))
    return redirect(url_for(".pool"), 303)


def transfer(task_id: int) -> ResponseReturnValue:
    """Give the task to somebody else, from its page or from the board."""
    number = engine().ask(FindTask(task_id), current_actor())[0]
    said, board = request.form, request.form.get("board", "")[:64]
    back = url_for("work_orders.board", process=board, person=said.get("person") or None) if board else ""
    try:
        once(TransferUserTask(task_id, current_actor(), said.get("to", ""), _reason(), said.get("holder")))
    except (Invalid, Conflict) as error:
        if not board:
            return refused(task_id, "transfer", error, 409 if isinstance(error, Conflict) else 422)
        flash(_("%(why)s。你填的原因:%(reason)s", why=str(error), reason=_reason()))
        return redirect(back, 303)
    flash(_("已转办。"))
    return redirect(back or url_for("work_orders.show", number=number), 303)


def urge(task_id: int) -> ResponseReturnValue:
    """Remind whoever holds the task."""
    engine().ask(FindTask(task_id), current_actor())
    try:
        reached = once(UrgeUserTask(task_id, current_actor(), request.form.get("text", "")))
    except (Invalid, Conflict) as error:
        return refused(task_id, "urge", error)
    flash(_("刚才已经催办过了,没有重复催。") if reached is None else _("已催办 %(n)s 人。", n=len(reached)))
    return back(task_id)


def answer(task_id: int) -> ResponseReturnValue:
    """Answer a slip of the task, then go on with it."""
    order, slip = find(task_id)[0], request.form.get("slip", type=int)
    if slip not in {each.id for each in order.slips if each.task_id == task_id}:
        raise NotFound(_("没有这张催办单或督办单"))
    try:
        once(AnswerSlip(slip, current_actor(), request.form.get("text", "")))
    except (Invalid, Conflict) as error:
        return refused(task_id, f"answer-{slip}", error)
    flash(_("已答复,发单的人会收到。"))
    return redirect(url_for(".task", task_id=task_id), 303)


def _reason() -> str:
    return request.form.get("reason", "").strip()


def refused(task_id: int, act: str, error: EngineError, status: int = 422) -> ResponseReturnValue:
    """Show the task page again with the sentence at the act and what was typed there; an error page where the
    act is open to them no more.
    """
    order, row = find(task_id)
    if act in ("transfer", "urge") and act not in task_acts(order, row, order.viewer):
        raise error
    before = drafted(order, row)
    return page(order, row, Shown(before.answers, saved_at=before.saved_at, refused={act: str(error)}), status)


def back(task_id: int) -> ResponseReturnValue:
    """Go to the order of a task for whoever may see it, else to one's own list."""
    try:
        number = engine().ask(OfTask(task_id), current_actor())
    except NotFound:
        return redirect(url_for(".todo"), 303)
    return redirect(url_for("work_orders.show", number=number), 303)


def person_called(text: str) -> str:
    """Give the id of the one person whom somebody means by a name or an account; raise Invalid."""
    found = engine().ask(PeopleCalled(text[:LONGEST_NAMES]), current_actor())
    if len(found) != 1:
        raise Invalid(_("请写一个人的姓名或账号"))
    return found[0]
