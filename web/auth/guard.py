"""Before every page: who is asking? Nobody: to the log-in. Somebody with a one-time password: to the change page."""

from flask import Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine import visitor
from web.auth import cookies
from web.front import engine
from web.navigation import Navigation

OPEN_ENDPOINTS = frozenset({"static", "auth.log_in", "auth.enter_with_password", "language.switch", "hooks.report"})
OPEN_PATHS = frozenset({"/healthz", "/readyz", "/metrics"})
"""Probes; /metrics asks for its token, or for an admin, itself."""
FIRST = frozenset({"auth.change_password", "auth.put_new_password", "auth.log_out"})
"""All that is open to somebody who must change the password."""


def guard() -> ResponseReturnValue | None:
    """Put the person into `g.person` and the navigation into `g.nav`, or answer in the page's stead."""
    g.person, g.nav = None, None
    if request.endpoint in OPEN_ENDPOINTS or request.path in OPEN_PATHS:
        return None
    shown = cookies.token()
    visit = visitor(engine(), shown) if shown else None
    if visit is None:
        return _to_log_in()
    g.person = visit.actor
    if visit.must_change:
        return None if request.endpoint in FIRST else redirect(url_for("auth.change_password"), 303)
    g.nav = Navigation(visit.actor)
    return None


def _to_log_in() -> ResponseReturnValue:
    """Come back afterwards to the page asked for; after a form was sent, to the page it stood on."""
    asked = cookies.here()
    address = url_for("auth.log_in", next=asked) if asked not in ("", "/") else url_for("auth.log_in")
    if request.headers.get("X-Part"):
        return Response(status=401)
    return redirect(address, 303)
