"""代理: who stands in for me, and for whom I stand in."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from web import substitutes as shared


def add_to(bp: Blueprint) -> None:
    """Put the page into the blueprint."""
    bp.add_url_rule("/substitutes", view_func=substitutes)
    bp.add_url_rule("/substitutes", view_func=add_substitute, methods=["POST"])
    bp.add_url_rule("/substitutes/<int:rule>/end", view_func=end_substitute, methods=["POST"])


def substitutes() -> ResponseReturnValue:
    """My rules."""
    return shared.page(everybody=False)


def add_substitute() -> ResponseReturnValue:
    """Let somebody stand in for me."""
    return shared.add(everybody=False) or redirect(url_for(".substitutes"), 303)


def end_substitute(rule: int) -> ResponseReturnValue:
    """End a rule of mine before its time."""
    shared.end(rule)
    return redirect(url_for(".substitutes"), 303)
