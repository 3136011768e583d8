"""One person, for admins: name, roles, password, disabling, and a leaver's open tasks."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import (
    AdminEvents,
    ChangePerson,
    ChangeReach,
    Command,
    DisablePerson,
    DropMembership,
    EnablePerson,
    KnownRoles,
    PutMembership,
    ShowPerson,
    ShowReach,
    TasksInHand,
    Units,
    issue_password,
)
from engine.domain.errors import Conflict, EngineError, Invalid
from web.front import current_actor, engine
from web.operations.places import place_names

bp = Blueprint("person", __name__, url_prefix="/person/<person>")
ACTS = 10


@bp.get("")
def show(person: str) -> ResponseReturnValue:
    """Everything about somebody."""
    return page_of(person)


@bp.post("/name")
def rename(person: str) -> ResponseReturnValue:
    """Call them by another name."""
    return _done(person, ChangePerson(person, request.form.get("name", ""), current_actor()), _("姓名已改"))


@bp.post("/reach")
def put_reach(person: str) -> ResponseReturnValue:
    """Write how they can be reached."""
    said = request.form
    wanted = ChangeReach(person, said.get("email", ""), said.get("phone", ""), "quiet" in said, current_actor())
    return _done(person, wanted, _("联系方式已改"))


@bp.post("/disable")
def disable(person: str) -> ResponseReturnValue:
    """Shut the account at once."""
    return _done(person, DisablePerson(person, current_actor()), _("账号已停用,所有登录已退出"))


@bp.post("/enable")
def enable(person: str) -> ResponseReturnValue:
    """Let them work again."""
    return _done(person, EnablePerson(person, current_actor()), _("账号已启用"))


@bp.post("/memberships")
def put_membership(person: str) -> ResponseReturnValue:
    """Give them a role in a unit."""
    unit, role = request.form.get("unit", ""), request.form.get("role", "")
    return _done(person, PutMembership(person, unit, role, current_actor()), _("岗位已加上"))


@bp.post("/memberships/drop")
def drop_membership(person: str) -> ResponseReturnValue:
    """Take a role in a unit from them."""
    unit, role = request.form.get("unit", ""), request.form.get("role", "")
    return _done(person, DropMembership(person, unit, role, current_actor()), _("岗位已去掉"))


@bp.post("/password")
def reset_password(person: str) -> ResponseReturnValue:
    """Give them a one-time password; show it once."""
    word = issue_password(engine(), person, current_actor())
    shown = engine().ask(ShowPerson(person), current_actor())
    return render_template("people/passwords.html", given=[(person, word)], names={person: shown.name})


def _done(person: str, command: Command[object], sentence: str) -> ResponseReturnValue:
    try:
        engine().execute(command)
    except (Invalid, Conflict) as error:
        return page_of(person, error), 422
    flash(sentence)
    return redirect(url_for(".show", person=person), 303)


def page_of(person: str, error: EngineError | None = None) -> str:
    """Draw the page; what was typed stays where it was refused."""
    ask, me = engine().ask, current_actor()
    return render_template(
        "people/person.html",
        person=ask(ShowPerson(person), me),
        reach=ask(ShowReach(person), me),
        leaving=ask(TasksInHand(person), me),
        acts=ask(AdminEvents(person, limit=ACTS), me),
        units=ask(Units(), me),
        roles=ask(KnownRoles(), me),
        names=place_names(),
        error=error,
        said=request.values,
    )
