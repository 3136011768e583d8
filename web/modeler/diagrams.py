"""Diagrams over HTTP: pictures drawn by the server, and the XML for the viewer. Nothing that was uploaded is shown as it came."""

from functools import cache
from pathlib import Path

from flask import Response, current_app, request

from engine import CaseDiagram, CaseDiagramView, ProcedureDiagram
from engine.domain.errors import InvalidDiagram, NotFound
from web.front import current_actor, engine

ALONE = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""Policy of a picture or file that somebody opens by its own address."""
DAY = 86400
THUMBNAIL = (760.0, 350.0)
PART = (1000.0, 420.0)


def picture(key: str, version: int) -> Response:
    """A version's diagram as a picture, or where it begins; a version never changes, so browsers may keep it."""
    window = THUMBNAIL if request.args.get("part") == "start" else None
    try:
        drawn = engine().ask(ProcedureDiagram(key, version, _style(), window), current_actor()).svg
    except InvalidDiagram as error:
        raise NotFound(str(error)) from error
    response = _svg(drawn)
    response.headers["Cache-Control"] = f"private, max-age={DAY}"
    return response


def diagram(key: str, version: int) -> Response:
    """A version's main diagram as XML."""
    found = engine().ask(ProcedureDiagram(key, version, _style()), current_actor())
    return _xml(found.xml, f"{key}-{version}.bpmn")


def case_picture(number: str) -> Response:
    """An order's diagram as a picture, with what is done, current, overdue and waiting; or the part where it stands."""
    view = case_diagram(number)
    try:
        return _svg(view.svg_here(PART, _style()) if request.args.get("part") == "here" else view.svg(_style()))
    except InvalidDiagram as error:
        raise NotFound(str(error)) from error


def case_xml(number: str) -> Response:
    """An order's diagram as XML, for the viewer."""
    return _xml(case_diagram(number).xml, f"{number}.bpmn")


def case_diagram(number: str) -> CaseDiagramView:
    """Give an order's diagram and what happened at its elements; raise NotFound where one may not see it."""
    return engine().ask(CaseDiagram(number), current_actor())


def _style() -> str:
    return _sheet(str(current_app.static_folder))


@cache
def _sheet(folder: str) -> str:
    return (Path(folder) / "diagram.css").read_text("utf-8")


def _svg(text: str) -> Response:
    response = Response(text, mimetype="image/svg+xml")
    response.headers["Content-Security-Policy"] = ALONE
    return response


def _xml(content: bytes, name: str) -> Response:
    response = Response(content, mimetype="application/xml")
    response.headers["Content-Security-Policy"] = ALONE
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
