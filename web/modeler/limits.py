"""Limits said back: what a text means and what it comes to, for one text and for a whole procedure."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from engine import CalendarNames, EchoLimit, LimitsOfProcedure, ShowProcedure
from web.front import current_actor, engine
from web.modeler import words


def add_to(bp: Blueprint) -> None:
    """Put the pages into the blueprint."""
    bp.add_url_rule("/procedures/limits", view_func=try_limit)
    bp.add_url_rule("/procedures/<key>/<int:version>/limits", view_func=procedure_limits)


def try_limit() -> ResponseReturnValue:
    """Try a text: what does it mean, and what does it come to?"""
    said = {name: request.args.get(name, "").strip()[:200] for name in ("text", "calendar", "limit")}
    told = engine().ask(EchoLimit(**said), current_actor()) if said["text"] else None
    calendars = engine().ask(CalendarNames(), current_actor())
    return render_template("modeler/try_limit.html", said=said, told=told, calendars=calendars)


def procedure_limits(key: str, version: int) -> ResponseReturnValue:
    """Every limit of a version said back, with sample dates."""
    lines = engine().ask(LimitsOfProcedure(key, version), current_actor())
    title = engine().ask(ShowProcedure(key, version), current_actor()).procedure.title
    shown = {"lines": lines, "title": title, "key": key, "version": version, "kinds": words.limit_kinds()}
    return render_template("modeler/limits.html", **shown)
