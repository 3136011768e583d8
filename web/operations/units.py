"""Units and roles, for admins."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import (
    AddUnit,
    CalendarNames,
    ChangeSetting,
    ChangeUnit,
    KnownRoles,
    OrganisationCalendar,
    PutRole,
    ShowUnit,
    Units,
)
from engine.domain.errors import Conflict, EngineError, Invalid
from web.front import current_actor, engine

bp = Blueprint("units", __name__)


@bp.get("/units")
def tree() -> ResponseReturnValue:
    """The tree, and a form for one more."""
    return _tree_page()


@bp.post("/units")
def add() -> ResponseReturnValue:
    """Open a unit."""
    said = request.form
    try:
        engine().execute(
            AddUnit(
                said.get("unit", ""), said.get("name", ""), current_actor(), said.get("parent"), said.get("calendar")
            )
        )
    except (Invalid, Conflict) as error:
        return _tree_page(error), 422
    flash(_("单位已加上"))
    return redirect(url_for(".tree"), 303)


@bp.get("/units/<unit>")
def show(unit: str) -> ResponseReturnValue:
    """One unit's form."""
    return _unit_page(unit)


@bp.post("/units/<unit>")
def change(unit: str) -> ResponseReturnValue:
    """Rename or move it."""
    said = request.form
    try:
        engine().execute(
            ChangeUnit(unit, said.get("name", ""), current_actor(), said.get("parent"), said.get("calendar"))
        )
    except (Invalid, Conflict) as error:
        return _unit_page(unit, error), 422
    flash(_("单位已改"))
    return redirect(url_for(".tree"), 303)


@bp.post("/organisation/calendar")
def put_calendar() -> ResponseReturnValue:
    """Choose the calendar of the whole organisation."""
    try:
        engine().execute(ChangeSetting("calendar", request.form.get("calendar", ""), current_actor()))
    except Invalid as error:
        return _tree_page(error), 422
    flash(_("机构的工作日历已改;新算的时限按它,已经算好的不动。"))
    return redirect(url_for(".tree"), 303)


@bp.get("/roles")
def roles() -> ResponseReturnValue:
    """Every role, and a form to name one."""
    return _roles_page()


@bp.post("/roles")
def put_role() -> ResponseReturnValue:
    """Name a role, new or known."""
    try:
        engine().execute(PutRole(request.form.get("role", ""), request.form.get("name", ""), current_actor()))
    except Invalid as error:
        return _roles_page(error), 422
    flash(_("岗位名称已存"))
    return redirect(url_for(".roles"), 303)


def _tree_page(error: EngineError | None = None) -> str:
    return render_template("people/units.html", **_choices(), error=error, said=request.form)


def _unit_page(unit: str, error: EngineError | None = None) -> str:
    shown = engine().ask(ShowUnit(unit), current_actor())
    return render_template("people/unit.html", unit=shown, **_choices(), error=error, said=request.form)


def _roles_page(error: EngineError | None = None) -> str:
    known = engine().ask(KnownRoles(), current_actor())
    return render_template("people/roles.html", roles=known, error=error, said=request.form)


def _choices() -> dict[str, object]:
    ask, me = engine().ask, current_actor()
    usual = ask(OrganisationCalendar(), me)
    return {"units": ask(Units(), me), "calendars": ask(CalendarNames(), me), "usual": usual}
