"""通知: what the office has told me, and what of it I have not read."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from engine import Notifications, OpenNotification, ReadNotifications
from web.deliveries import kind_names
from web.front import current_actor, engine
from web.tasklist.links import lead_to

PAGE = 25


def add_to(bp: Blueprint) -> None:
    """Put the pages into the blueprint."""
    bp.add_url_rule("/notices", view_func=notices)
    bp.add_url_rule("/notices/<int:notice_id>", view_func=notice)
    bp.add_url_rule("/notices/read", view_func=read_notices, methods=["POST"])


def notices() -> str:
    """My notices, newest first; unread ones alone where that is asked for."""
    unread, before = request.args.get("unread") == "1", request.args.get("before", type=int)
    found = engine().ask(Notifications(unread, before, PAGE + 1), current_actor())
    further = found[PAGE - 1].id if len(found) > PAGE else None
    return render_template(
        "tasklist/notices.html", notices=found[:PAGE], further=further, unread=unread, before=before, kinds=kind_names()
    )


def notice(notice_id: int) -> ResponseReturnValue:
    """Note that it is read, and go on to what it is about."""
    return lead_to(engine().execute(OpenNotification(notice_id, current_actor())))


def read_notices() -> ResponseReturnValue:
    """Note that those on the page, or all, are read."""
    said = request.form
    shown = tuple(int(ident) for ident in said.getlist("id") if ident.isdecimal() and len(ident) < 19)
    done = engine().execute(ReadNotifications(current_actor(), shown, every=said.get("every") == "1"))
    flash(ngettext("%(num)d 条通知标为已读", "%(num)d 条通知标为已读", done) if done else _("没有未读的通知了"))
    return redirect(url_for(".notices"), 303)
