"""The cookie that carries a session's token, and addresses we may send somebody on to."""

from urllib.parse import urlsplit

from flask import Response, current_app, request, session, url_for

NAME = "banjie_session"


def token() -> str:
    """Give the token the browser shows; empty without one."""
    return request.cookies.get(NAME, "")


def give(response: Response, fresh: str) -> Response:
    """Let the browser carry a new token until it is closed; what forms remembered before is forgotten."""
    session.clear()
    production = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(NAME, fresh, secure=production, httponly=True, samesite="Lax")
    return response


def take(response: Response) -> Response:
    """Let the browser forget its token."""
    session.clear()
    production = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.delete_cookie(NAME, secure=production, httponly=True, samesite="Lax")
    return response


def own_address(asked: str | None) -> str:
    """Give a path of this site to go on to: the one asked for if it is one, else the task list."""
    found = own_path(asked)
    return found if found and urlsplit(found).path != url_for("auth.log_in") else url_for("tasklist.todo")


def own_path(asked: str | None) -> str:
    """Give a path of this site if that is what was asked for, else nothing."""
    if not asked or not asked.startswith("/") or asked[1:2] in ("/", "\\") or not asked.isprintable():
        return ""
    parts = urlsplit(asked)
    return "" if parts.scheme or parts.netloc else asked


def here() -> str:
    """Give the page somebody is on, to come back to; after a form was sent, the page it stood on."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host:
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
