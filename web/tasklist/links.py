"""The links that messages carry: after the log-in straight to the task or the order."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import FollowLink, LinkTarget
from engine.domain.errors import Conflict
from web.front import current_actor, engine


def add_to(bp: Blueprint) -> None:
    """Put the page into the blueprint."""
    bp.add_url_rule("/go/<token>", view_func=follow)


def follow(token: str) -> ResponseReturnValue:
    """Lead on, once. Whoever only looks ahead (HEAD, prefetch) uses nothing up; a link that is spent says so and offers ways on."""
    if request.method == "HEAD" or "prefetch" in request.headers.get("Sec-Purpose", ""):
        return "", 204
    try:
        target = engine().execute(FollowLink(token, current_actor()))
    except Conflict as spent:
        return render_template("tasklist/link.html", why=str(spent)), 410
    return lead_to(target)


def lead_to(target: LinkTarget) -> ResponseReturnValue:
    """Go on to a task, else to an order, else to the inbox of notices."""
    if target.task_id is not None:
        return redirect(url_for("tasklist.task", task_id=target.task_id), 303)
    if target.number is not None:
        return redirect(url_for("work_orders.show", number=target.number), 303)
    return redirect(url_for("tasklist.notices"), 303)
