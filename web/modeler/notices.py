"""The notices of a procedure: how each goes, its template, and how it reads for a real order."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import PreviewNotices
from engine.domain.errors import NotFound
from web.front import current_actor, engine


def add_to(bp: Blueprint) -> None:
    """Put the page into the blueprint."""
    bp.add_url_rule("/procedures/<key>/<int:version>/notices", view_func=procedure_notices)


def procedure_notices(key: str, version: int) -> ResponseReturnValue:
    """List the notices of a version, filled from the order asked for, else from the newest one in sight."""
    number, status = request.args.get("number", "")[:40].strip(), 200
    refused = ""
    try:
        shown = engine().ask(PreviewNotices(key, version, number), current_actor())
    except NotFound as missing:
        shown = engine().ask(PreviewNotices(key, version), current_actor())
        refused, status = str(missing), 404
    page = "modeler/notices.html"
    return render_template(page, shown=shown, key=key, number=number, refused=refused, kinds=kinds()), status


def kinds() -> dict[str, str]:
    """Give what each kind of notice is called."""
    return {
        "assigned": _("新待办"),
        "reminder": _("催办与预警"),
        "escalation": _("逾期与升级"),
        "result": _("办理进展"),
        "office": _("值班与日历"),
    }
