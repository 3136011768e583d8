"""The page about stand-ins (代理): one's own rules, and all of them for admins."""

from flask import flash, render_template, request
from flask_babel import gettext as _

from engine import AddSubstitute, EndSubstitute, NamesOfPeople, ProcedureTitles, Substitutes
from engine.domain.errors import Conflict, EngineError, Invalid, NotFound
from web.front import current_actor, engine
from web.once import once
from web.tasklist.duty import moment_said

Answer = tuple[str, int]


def page(*, everybody: bool, error: EngineError | None = None) -> Answer:
    """Draw it; what was typed stays where a rule was refused."""
    me, ask = current_actor(), engine().ask
    shown = {"rules": ask(Substitutes(everybody), me), "titles": ask(ProcedureTitles(), me)}
    names = ask(NamesOfPeople(), me)
    said = request.form if error else {}
    drawn = render_template(
        "tasklist/substitutes.html", everybody=everybody, error=error, said=said, names=names, **shown
    )
    return drawn, 422 if error else 200


def add(*, everybody: bool) -> Answer | None:
    """Write the rule of the form; None where it is written, else the page with the sentence."""
    said, me = request.form, current_actor()
    whose = said.get("principal", "").strip() if everybody else me
    try:
        start, end = moment_said(said.get("start", "")), moment_said(said.get("end", ""))
        chosen = tuple(said.getlist("processes"))
        reason, person = said.get("reason", ""), said.get("person", "").strip()
        once(AddSubstitute(whose, person, start, end, chosen, reason, me))
    except (Invalid, Conflict) as error:
        return page(everybody=everybody, error=error)
    flash(_("已设好代理,到时自己结束;有关的人会收到通知。"))
    return None


def end(rule: int) -> None:
    """End a rule early; a second click is no news."""
    try:
        once(EndSubstitute(rule, current_actor()))
    except (Conflict, NotFound) as error:
        flash(f"{error}。")
    else:
        flash(_("代理已结束。"))
