"""Incidents for admins: what went wrong, and the four ways on."""

import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import Incidents, IncidentView, RetryIncident, ShowIncident, SkipIncident, TerminateOrder
from engine.domain.errors import EngineError, Invalid, NotFound, StepFailed
from web.errors import status_of
from web.front import current_actor, engine
from web.operations import words
from web.operations.masking import masked, unmasked

bp = Blueprint("incidents", __name__, url_prefix="/admin/incidents")
LONGEST = 100_000
PAGE = 50


@bp.get("")
def every() -> ResponseReturnValue:
    """Incidents by state, newest first."""
    state = "resolved" if request.args.get("state") == "resolved" else "open"
    rows = engine().ask(Incidents(state, request.args.get("before", type=int)), current_actor())
    more = rows[PAGE - 1].id if len(rows) > PAGE else None
    return render_template(
        "operations/incidents.html",
        rows=rows[:PAGE],
        more=more,
        state=state,
        kinds=words.incident_kinds(),
        masked=masked,
    )


@bp.get("/<int:incident_id>")
def one(incident_id: int) -> ResponseReturnValue:
    """One incident: cause, element, data, and what can be done."""
    return _page(incident_id)


@bp.post("/<int:incident_id>/retry")
def retry(incident_id: int) -> ResponseReturnValue:
    """Try again, with the data as it was or as it was changed."""

    def act() -> None:
        payload = None
        if request.form.get("with") == "data":
            payload = unmasked(_object("data", _("数据")), _view(incident_id).data)
        engine().execute(RetryIncident(incident_id, current_actor(), payload))
        flash(_("已重试:几秒钟后可以看到结果。"))

    return _done(incident_id, act)


@bp.post("/<int:incident_id>/skip")
def skip(incident_id: int) -> ResponseReturnValue:
    """Go on without it, with a reason and, for a job, the result it should have had."""

    def act() -> None:
        result = _object("result", _("结果")) if request.form.get("result", "").strip() else {}
        engine().execute(SkipIncident(incident_id, current_actor(), request.form.get("reason", ""), result))
        flash(_("已跳过,理由记入工单的经过。"))

    return _done(incident_id, act)


@bp.post("/<int:incident_id>/cancel")
def cancel(incident_id: int) -> ResponseReturnValue:
    """End the whole case."""

    def act() -> None:
        number = _view(incident_id).line.number
        if not number:
            raise NotFound(_("这个异常不属于哪件工单"))
        engine().execute(TerminateOrder(number, current_actor(), request.form.get("reason", "")))
        flash(_("工单已终止,理由记入它的经过。"))

    return _done(incident_id, act)


def _done(incident_id: int, act: Callable[[], None]) -> ResponseReturnValue:
    """Do it and go back to the list; what is refused is said on the page, with everything typed still there."""
    _view(incident_id)
    try:
        act()
    except EngineError as refused:
        status = 422 if isinstance(refused, StepFailed) else status_of(refused)
        return _page(incident_id, str(refused)), status
    return redirect(url_for(".every"), 303)


def _object(field: str, name: str) -> dict[str, Any]:
    """Read a JSON object from a text area; raise Invalid with the place where it stops being one."""
    text = request.form.get(field, "")
    if len(text) > LONGEST:
        raise Invalid(_("%(name)s太长", name=name))
    try:
        value = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
        raise Invalid(_("%(name)s不是可读的 JSON:第 %(l)d 行第 %(c)d 列", name=name, l=line, c=column)) from error
    if not isinstance(value, dict):
        raise Invalid(_("%(name)s要写成一个 JSON 对象:{…}", name=name))
    return value


def _no_number(text: str) -> float:
    raise ValueError(text)


def _view(incident_id: int) -> IncidentView:
    return engine().ask(ShowIncident(incident_id), current_actor())


def _page(incident_id: int, error: str = "") -> str:
    view = _view(incident_id)
    shown = json.dumps(masked(view.data), ensure_ascii=False, indent=2)
    return render_template(
        "operations/incident.html",
        view=view,
        error=error,
        data=request.form.get("data", shown),
        payload=json.dumps(masked(view.payload), ensure_ascii=False, indent=2) if view.payload else "",
        kinds=words.incident_kinds(),
        masked=masked,
    )
