"""The overview for admins, and the blueprint that holds incidents, queues, probes and numbers."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import ChangeSetting, Incidents, Overview
from web.front import current_actor, engine
from web.operations import health, incidents, metrics, queues, words
from web.operations.masking import masked

bp = Blueprint("operations", __name__)
for part in (health, incidents, metrics, queues):
    bp.register_blueprint(part.bp)
NEWEST = 5


@bp.record_once
def _prepare(state: BlueprintSetupState) -> None:
    """Let templates ask whether a page is there before they link to it."""
    state.app.jinja_env.globals["has_page"] = state.app.view_functions.__contains__


@bp.get("/admin")
def overview() -> ResponseReturnValue:
    """What needs an admin now, and how full the queues are."""
    view = engine().ask(Overview(), current_actor())
    newest = engine().ask(Incidents(), current_actor())[:NEWEST]
    return render_template(
        "operations/overview.html",
        view=view,
        newest=newest,
        queues=words.queues(),
        states=words.queue_states(),
        kinds=words.incident_kinds(),
        masked=masked,
    )


@bp.post("/admin/settings/four_eyes")
def four_eyes() -> ResponseReturnValue:
    """Switch the four-eyes rule for releases."""
    value = "on" if request.form.get("value") == "on" else "off"
    engine().execute(ChangeSetting("four_eyes", value, current_actor()))
    flash(_("四眼原则已打开:部署的人不能自己发布。") if value == "on" else _("四眼原则已关闭。"))
    return redirect(url_for(".overview"), 303)
