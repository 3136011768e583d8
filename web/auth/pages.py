"""Log in, log out, change the password."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import CloseSession, session_id, visitor
from engine import change_password as change
from engine import log_in as enter
from engine.domain.errors import Invalid, LoginRefused
from engine.domain.passwords import SHORTEST
from web.auth import cookies
from web.front import current_actor, current_person, engine

bp = Blueprint("auth", __name__)


@bp.get("/login")
def log_in() -> ResponseReturnValue:
    """Ask for account and password; somebody who is logged in goes on."""
    goes_to = cookies.own_address(request.args.get("next"))
    shown = cookies.token()
    if shown and visitor(engine(), shown):
        return redirect(goes_to, 303)
    return render_template("auth/log_in.html", account="", goes_to=goes_to)


@bp.post("/login")
def enter_with_password() -> ResponseReturnValue:
    """Open a session, or say that account or password is wrong, never which."""
    account, goes_to = request.form.get("account", ""), cookies.own_address(request.form.get("next"))
    try:
        signed = enter(engine(), account, request.form.get("password", ""), cookies.token())
    except LoginRefused as refused:
        return render_template("auth/log_in.html", account=account, goes_to=goes_to, refused=str(refused)), 401
    goes_on = url_for(".change_password") if signed.must_change else goes_to
    return cookies.give(make_response(redirect(goes_on, 303)), signed.token)


@bp.post("/logout")
def log_out() -> ResponseReturnValue:
    """End the session for good."""
    engine().execute(CloseSession(session_id(cookies.token()), current_actor()))
    return cookies.take(make_response(redirect(url_for(".log_in"), 303)))


@bp.get("/password")
def change_password() -> ResponseReturnValue:
    """Ask for the old password and a new one."""
    return _change_page({})


@bp.post("/password")
def put_new_password() -> ResponseReturnValue:
    """Change it; every other browser logged in as this person is out."""
    new = request.form.get("new", "")
    if new != request.form.get("again", ""):
        return _change_page({"again": _("两次输入的新密码不一样")}), 422
    try:
        fresh = change(engine(), current_actor(), request.form.get("old", ""), new)
    except LoginRefused:
        return _change_page({"old": _("原密码不对;连续输错 5 次,要等 15 分钟")}), 422
    except Invalid as error:
        return _change_page({"new": str(error)}), 422
    response = cookies.give(make_response(redirect(url_for("tasklist.todo"), 303)), fresh)
    flash(_("密码已改好,别处的登录都已退出"))
    return response


def _change_page(errors: dict[str, str]) -> str:
    return render_template("auth/change_password.html", errors=errors, shortest=SHORTEST, person=current_person())
