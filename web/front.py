"""What every route needs: the engine, who is asking, and from which session."""

from typing import cast

from flask import abort, current_app, g

from engine import Actor, Engine

PART = "X-Part"
"""The header by which our script asks for a part of a page, or saves a draft in passing."""


def engine() -> Engine:
    """Give the application's engine."""
    return cast(Engine, current_app.extensions["banjie"])


def current_person() -> Actor:
    """Give whoever is logged in; 401 where nobody is (the login guard makes that impossible behind a page)."""
    person = g.get("person")
    if person is None:
        abort(401)
    return cast(Actor, person)


def current_actor() -> str:
    """Give the id of whoever is logged in."""
    return current_person().id
