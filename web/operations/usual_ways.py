"""By which ways the office's notices go where nobody has chosen otherwise, and whether people are left in peace after hours."""

import json

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import ChangeSetting, Channels, ReadSetting
from engine.domain.errors import Invalid
from engine.domain.rights import ADMIN
from web.deliveries import channel_name, kind_names, ways_said
from web.front import current_actor, current_person, engine

bp = Blueprint("usual_ways", __name__, url_prefix="/admin/usual-ways")
WAYS, QUIET = "notice_channels", "notice_quiet"


@bp.before_request
def admins_only() -> None:
    """Others learn nothing, not even that this page exists."""
    if ADMIN not in current_person().roles:
        abort(404)


@bp.get("")
def show() -> ResponseReturnValue:
    """What holds now."""
    return _page()


@bp.post("")
def put() -> ResponseReturnValue:
    """Write what the page holds; kinds of notices that it left open stay open."""
    said, me = request.form, current_actor()
    chosen = {kind: ways_said(said, kind) for kind in kind_names() if f"{kind}-1" in said}
    decided = {kind: list(ways) for kind, ways in chosen.items() if ways is not None}
    try:
        engine().execute(ChangeSetting(WAYS, json.dumps(decided), me))
        engine().execute(ChangeSetting(QUIET, "on" if "quiet" in said else "off", me))
    except Invalid as error:
        return _page(error), 422
    flash(_("已保存,从下一条通知起这样发"))
    return redirect(url_for(".show"), 303)


def _page(error: Invalid | None = None) -> str:
    ask, me = engine().ask, current_actor()
    kinds = dict.fromkeys(one.kind for one in ask(Channels(), me) if one.is_on)
    decided = json.loads(ask(ReadSetting(WAYS), me) or "{}")
    return render_template(
        "channels/usual.html",
        names={kind: channel_name(kind, kind) for kind in kinds},
        kinds=kind_names(),
        decided=decided,
        quiet=ask(ReadSetting(QUIET), me) == "on",
        error=error,
    )
