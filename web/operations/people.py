"""People, for admins: the list, a new account, passwords for those without, export. Strangers find nothing here."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import AddPerson, AdminEvents, KnownRoles, NamesOfPeople, People, PersonRow, Units, issue_password
from engine.domain.errors import Conflict, EngineError, Invalid
from engine.domain.rights import ADMIN
from web.front import current_actor, current_person, engine
from web.operations import hand_over, people_import, person, rosters, substitutes, units
from web.operations.people_files import spreadsheet
from web.operations.places import place_names

bp = Blueprint("people", __name__, url_prefix="/admin")
for part in (person.bp, hand_over.bp, people_import.bp, units.bp, rosters.bp, substitutes.bp):
    bp.register_blueprint(part)
HEADINGS = ("账号", "姓名", "单位", "岗位", "邮箱", "手机号", "状态")


@bp.before_request
def admins_only() -> None:
    """Others learn nothing, not even that these pages exist."""
    if ADMIN not in current_person().roles:
        abort(404)


@bp.get("/people")
def every() -> ResponseReturnValue:
    """People by account, narrowed by text, unit and state."""
    asked = {name: request.args.get(name, "") for name in ("q", "unit", "state", "after")}
    page = engine().ask(People(asked["q"], asked["unit"], asked["state"], asked["after"]), current_actor())
    return render_template("people/list.html", page=page, asked=asked, units=engine().ask(Units(), current_actor()))


@bp.get("/people/new")
def new() -> ResponseReturnValue:
    """Ask for an account's particulars."""
    return _new_page({})


@bp.post("/people/new")
def add() -> ResponseReturnValue:
    """Open an account with its first role; show its one-time password once."""
    said = {name: request.form.get(name, "") for name in ("account", "name", "unit", "role")}
    try:
        ident = engine().execute(AddPerson(said["account"], said["name"], current_actor(), said["unit"], said["role"]))
    except (Invalid, Conflict) as error:
        return _new_page(said, error), 422
    return _handed_out([ident])


@bp.post("/people/passwords")
def give_passwords() -> ResponseReturnValue:
    """Give one-time passwords to a page of those who have none; show them once."""
    waiting = engine().ask(People(state="no_password"), current_actor())
    if not waiting.rows:
        flash(_("在用的人都已有密码"))
        return redirect(url_for(".every"), 303)
    return _handed_out([row.id for row in waiting.rows])


@bp.get("/people.csv")
def export() -> Response:
    """Everybody with every role, as a file that spreadsheets open and the import reads."""
    page = engine().ask(People(limit=None), current_actor())
    content = spreadsheet(HEADINGS, [line for row in page.rows for line in _lines(row)])
    said = {"Content-Disposition": "attachment; filename=people.csv"}
    return Response(content, mimetype="text/csv; charset=utf-8", headers=said)


@bp.get("/acts")
def acts() -> ResponseReturnValue:
    """What admins did, newest first."""
    before, subject = request.args.get("after", type=int), request.args.get("subject", "")
    page = engine().ask(AdminEvents(subject, before), current_actor())
    return render_template("people/acts.html", page=page, subject=subject, names=place_names())


def _lines(row: PersonRow) -> list[tuple[str, ...]]:
    state = "在用" if row.active else "停用"
    places = [(place.unit_name, place.role_name) for place in row.places] or [("", "")]
    return [(row.id, row.name, unit, role, row.email, row.phone, state) for unit, role in places]


def _new_page(said: dict[str, str], error: EngineError | None = None) -> str:
    choices = {"units": engine().ask(Units(), current_actor()), "roles": engine().ask(KnownRoles(), current_actor())}
    return render_template("people/new.html", said=said, error=error, **choices)


def _handed_out(idents: list[str]) -> str:
    given = [(ident, issue_password(engine(), ident, current_actor())) for ident in idents]
    return render_template("people/passwords.html", given=given, names=engine().ask(NamesOfPeople(), current_actor()))
