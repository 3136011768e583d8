"""Showing an order to others (抄送), saying that one has read it, and commenting on it."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import CommentOrder, CopyOrder, PeopleCalled, ReadCopy, ShowOrder
from engine.domain.errors import Conflict, Invalid
from web.front import current_actor, engine
from web.once import once
from web.work_orders.page import page


def add_to(bp: Blueprint) -> None:
    """Put the acts into the blueprint."""
    for action in (copy, read_copy, comment):
        bp.add_url_rule(f"/orders/<number>/{action.__name__}", view_func=action, methods=["POST"])


def copy(number: str) -> ResponseReturnValue:
    """Give people a copy of the order, by their names."""
    engine().ask(ShowOrder(number), current_actor())
    said = request.form
    try:
        to = engine().ask(PeopleCalled(said.get("to", "")[:2000]), current_actor())
        fresh = once(CopyOrder(number, current_actor(), to, said.get("note", "")))
    except (Invalid, Conflict) as error:
        return page(number, refused={"copy": str(error)}), 422
    if fresh is not None:
        flash(_("已抄送 %(n)s 人,他们会收到通知。", n=len(fresh)))
    return redirect(url_for(".show", number=number), 303)


def read_copy(number: str) -> ResponseReturnValue:
    """Say that one has read the order."""
    engine().ask(ShowOrder(number), current_actor())
    once(ReadCopy(number, current_actor()))
    flash(_("已标为已阅。"))
    return redirect(url_for(".show", number=number), 303)


def comment(number: str) -> ResponseReturnValue:
    """Write a comment on the order."""
    engine().ask(ShowOrder(number), current_actor())
    try:
        once(CommentOrder(number, current_actor(), request.form.get("text", "")))
    except Invalid as error:
        return page(number, refused={"comment": str(error)}), 422
    flash(_("评论已写进流转记录。"))
    return redirect(url_for(".show", number=number), 303)
