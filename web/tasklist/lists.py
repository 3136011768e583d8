"""待办、待签收、已办、我发起、抄送我."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import Begun, Copies, Done, Filters, Inbox, MyProcedures, NamesOfPeople
from web.front import current_actor, engine


def add_to(bp: Blueprint) -> None:
    """Put the lists into the blueprint."""
    bp.add_url_rule("/", view_func=todo)
    bp.add_url_rule("/pool", view_func=pool)
    bp.add_url_rule("/done", view_func=done)
    bp.add_url_rule("/started", view_func=started)
    bp.add_url_rule("/copies", view_func=copies)


def todo() -> ResponseReturnValue:
    """My tasks, least time left first."""
    page = engine().ask(Inbox("todo", _after(), _filters()), current_actor())
    return _list("tasklist/list.html", _("待办"), page=page, box="todo")


def pool() -> ResponseReturnValue:
    """Tasks I may claim."""
    page = engine().ask(Inbox("pool", _after(), _filters()), current_actor())
    return _list("tasklist/list.html", _("待签收"), page=page, box="pool")


def done() -> ResponseReturnValue:
    """What I have completed."""
    page = engine().ask(Done(_after(), _filters()), current_actor())
    return _list("tasklist/list.html", _("已办"), page=page, box="done")


def started() -> ResponseReturnValue:
    """What I have started."""
    page = engine().ask(Begun(_after(), _filters()), current_actor())
    return _list("tasklist/orders.html", _("我发起"), page=page)


def copies() -> ResponseReturnValue:
    """Orders that others let me see."""
    unread = request.args.get("unread") == "1"
    page, names = engine().ask(Copies(_after(), _filters(), unread), current_actor()), engine().ask(NamesOfPeople())
    return _list("tasklist/copies.html", _("抄送我"), page=page, names=names, unread_only=unread)


def _list(template: str, title: str, **shown: object) -> str:
    first_page = url_for(str(request.endpoint))
    procedures = engine().ask(MyProcedures(), current_actor())
    titles = {p.process: p.title for p in procedures}
    said = {"title": title, "filters": _filters(), "procedures": procedures, "titles": titles, "first_page": first_page}
    return render_template(template, **said, **shown)


def _after() -> str:
    return request.args.get("after", "")[:64]


def _filters() -> Filters:
    said = request.args
    return Filters(said.get("q", "").strip()[:100], *(said.get(n, "")[:64] for n in ("process", "due", "status")))
