"""Probes for whoever keeps the process running: no login, no details."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from engine import is_ready
from web.front import engine

bp = Blueprint("health", __name__)
PLAIN = {"Content-Type": "text/plain; charset=utf-8"}


@bp.get("/healthz")
def alive() -> ResponseReturnValue:
    """The process answers; the database is not asked."""
    return "ok\n", 200, PLAIN


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """Database, schema and disk are fit to serve."""
    return ("ok\n", 200, PLAIN) if is_ready(engine().database) else ("not ready\n", 503, PLAIN)
