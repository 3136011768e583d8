"""Jobs, timers and outgoing messages for admins, by state."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import QueueFigures, QueueRows
from engine.domain.errors import NotFound
from web.front import current_actor, engine
from web.operations import words
from web.operations.masking import masked

bp = Blueprint("queues", __name__, url_prefix="/admin/queues")
PAGE = 50


@bp.get("/<queue>")
def show(queue: str) -> ResponseReturnValue:
    """One queue, one state at a time."""
    states = words.queue_states().get(queue)
    if states is None:
        raise NotFound(_("没有这个页面"))
    state = request.args.get("state", "")
    state = state if state in states else next(iter(states))
    rows = engine().ask(QueueRows(queue, state, request.args.get("before", type=int)), current_actor())
    figures = engine().ask(QueueFigures(), current_actor())
    return render_template(
        "operations/queue.html",
        queue=queue,
        queues=words.queues(),
        state=state,
        states=states,
        counts=getattr(figures, queue),
        oldest=figures.oldest[queue],
        rows=rows[:PAGE],
        more=rows[PAGE - 1].id if len(rows) > PAGE and queue != "timers" else None,
        masked=masked,
    )
