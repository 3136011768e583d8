"""Stand-ins of everybody, for admins: somebody fell ill and has set none."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from web import substitutes as shared

bp = Blueprint("substitutes", __name__)


@bp.get("/substitutes")
def every() -> ResponseReturnValue:
    """All rules."""
    return shared.page(everybody=True)


@bp.post("/substitutes")
def add() -> ResponseReturnValue:
    """Let somebody stand in for another."""
    return shared.add(everybody=True) or redirect(url_for(".every"), 303)


@bp.post("/substitutes/<int:rule>/end")
def end(rule: int) -> ResponseReturnValue:
    """End a rule before its time."""
    shared.end(rule)
    return redirect(url_for(".every"), 303)
