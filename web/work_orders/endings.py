"""What happens to a whole order from outside: withdrawn, suspended, resumed, terminated, declared void."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import CancelOrder, Command, ResumeInstance, ShowOrder, SuspendInstance, TerminateOrder, VoidOrder
from engine.domain.errors import Conflict, Invalid
from web.front import current_actor, engine
from web.once import once
from web.work_orders.page import page


def add_to(bp: Blueprint) -> None:
    """Put the acts into the blueprint."""
    for action in (cancel, suspend, go_on, terminate, void):
        bp.add_url_rule(f"/orders/<number>/{action.__name__}", view_func=action, methods=["POST"])


def cancel(number: str) -> ResponseReturnValue:
    """Withdraw an order that is not done yet."""
    return _done(number, "cancel", CancelOrder, _("工单已撤销。"))


def suspend(number: str) -> ResponseReturnValue:
    """Take the order out of everybody's hands."""
    return _done(number, "suspend", SuspendInstance, _("工单已挂起,恢复以前谁也不能办。"))


def go_on(number: str) -> ResponseReturnValue:
    """Give a suspended order back to its people."""
    return _done(number, "go_on", ResumeInstance, _("工单已恢复办理,挂起占去的时限已补上。"))


def terminate(number: str) -> ResponseReturnValue:
    """End an order that cannot go on."""
    return _done(number, "terminate", TerminateOrder, _("工单已终止,理由记入它的经过。"))


def void(number: str) -> ResponseReturnValue:
    """Declare that an order should never have been."""
    return _done(number, "void", VoidOrder, _("工单已作废,编号和经过留着。"))


def _done(number: str, act: str, command: Callable[[str, str, str], Command[None]], words: str) -> ResponseReturnValue:
    """Do it with the reason typed; what is refused is said beside the form, with the reason still in it."""
    engine().ask(ShowOrder(number), current_actor())
    try:
        once(command(number, current_actor(), request.form.get("reason", "")))
    except (Invalid, Conflict) as error:
        return page(number, refused={act: str(error)}), 422 if isinstance(error, Invalid) else 409
    flash(words)
    return redirect(url_for(".show", number=number), 303)
