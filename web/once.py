"""A form counts once: a double click, or a browser that sends again, does nothing twice and loses nothing."""

import hashlib
import secrets
from typing import TypeVar

from flask import Flask, request

from engine import Command
from engine.domain.errors import Repeated
from web.front import engine

FIELD = "once"
"""The hidden field that names one drawing of a form."""
OURS = frozenset({"csrf_token", FIELD})
"""Fields that are not what somebody said."""

T = TypeVar("T")


def register(app: Flask) -> None:
    """Let templates name their forms."""
    app.jinja_env.globals["once"] = lambda: secrets.token_hex(8)


def once(command: Command[T], part: str = "") -> T | None:
    """Give the command of the form at hand; None where the same form with the same words has counted before.

    A form about several things names the `part` that the command is about: each counts once.
    """
    try:
        return engine().execute(command, _name(part))
    except Repeated:
        return None


def _name(part: str) -> str:
    """What was changed before it was sent again is another form: nothing typed is lost."""
    drawn = request.form.get(FIELD, "")
    said = [(key, value) for key, value in request.form.items(multi=True) if key != "csrf_token"]
    return hashlib.sha256(repr((request.path, part, said)).encode()).hexdigest()[:40] if drawn else ""
